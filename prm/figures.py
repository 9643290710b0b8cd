"""Figures: a name, what it means in words, the rows it is made of, and how it is read from them.

Page, list, file and packet ask the same figure, so that what a figure counts and the list it opens
have the same count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise

from prm import middles
from prm.stats import FEW, wilson

Filters = TypeVar("Filters")
EVERY = Q()  # row counts


@dataclass(frozen=True)
class Share:
    """`k` of `n`; under `least` rows there are too few for a share."""

    k: int
    n: int
    least: int = FEW

    @property
    def is_too_few(self) -> bool:
        return self.n < self.least

    @property
    def percent(self) -> int | None:
        """Rounded, to 0 and 100 only where none or all are meant; None where there are too few."""
        if self.is_too_few:
            return None
        least, most = min(self.k, 1), 100 if self.k == self.n else 99
        return min(max(round(100 * self.k / self.n), least), most)

    @property
    def interval(self) -> tuple[int, int] | None:
        """Between which percents it lies with 95 %; None where there are too few."""
        if self.is_too_few:
            return None
        low, high = wilson(self.k, self.n)
        return round(100 * low), round(100 * high)


@dataclass(frozen=True)
class Figure(Generic[Filters]):
    """A share: those of `rows(filters)` that `counts` picks. `words` say what it means."""

    name: str
    title: str | Promise
    words: str | Promise
    rows: Callable[[Filters], QuerySet[Any]]
    counts: Q
    unit: str = "%"
    least: int = FEW

    def counted(self, filters: Filters) -> QuerySet[Any]:
        """The rows it counts: what its number opens onto."""
        return self.rows(filters).filter(self.counts)

    def value(self, rows: QuerySet[Any]) -> Share:
        """What it reads from `rows`; one query."""
        told = rows.order_by().aggregate(n=Count("pk"), k=Count("pk", filter=self.counts))
        return Share(told["k"], told["n"], self.least)


@dataclass(frozen=True)
class Total(Figure[Filters]):
    """How many rows there are."""

    counts: Q = EVERY
    unit: str = ""

    def value(self, rows: QuerySet[Any]) -> int:  # type: ignore[override]
        """One query."""
        return rows.order_by().count()


@dataclass(frozen=True)
class Middle:
    """The median of `n` values; under `least` they are too few for one."""

    value: float | None
    n: int
    least: int = FEW

    @property
    def is_too_few(self) -> bool:
        return self.n < self.least


@dataclass(frozen=True)
class Median(Figure[Filters]):
    """The value in the middle, `of` being what is read from a row; of an even number the mean of the two."""

    counts: Q = EVERY
    unit: str = "days"
    of: Any = None

    def value(self, rows: QuerySet[Any]) -> Middle:  # type: ignore[override]
        """One query."""
        found = middles.by(rows, self.of)
        middle, n = found.get((), (None, 0))
        return Middle(None if n < self.least else middle, n, self.least)
