"""What tiers can want: a registry. Apps above add theirs in their wiring, as satisfaction does.

A criterion counts something of many partners in one question. Who has no number there is left out of the
answer: then `absent` is its number, and None says that it is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lifecycle.growth.tiering.models import OwnMeasure, Requirement
from prm.days import plus_months
from prm.money import Money
from prm.questions import Question

OWN = "own:"
Words = str | Promise


@dataclass(frozen=True)
class Asked:
    """Of which partners, up to which day, over how many months (None: as it stands), in which currency.

    `partners` is a queryset of their ids, for a subquery, or a list of ids.
    """

    partners: Any
    day: date
    months: int | None = None
    currency: str = ""
    key: str = ""

    @property
    def after(self) -> date:
        """What counts happened after this day."""
        return plus_months(self.day, -(self.months or 0))

    @property
    def first_day(self) -> date:
        return self.after + timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One thing that counted: what it is, its day, what it adds, where it is seen by us."""

    words: str
    on: date | None
    worth: str = ""
    url: str = ""
    ours: str = ""  # what only we read

    def for_partner(self) -> Row:
        """As the partner reads it."""
        return replace(self, url="", ours="")


@dataclass(frozen=True)
class Criterion:
    """Something tiers can want. `rows` are what a number is made of, of one partner.

    What does not decide is told beside: no tier is earned, kept or lost by it, whatever its number.
    """

    key: str
    name: Words
    unit: Words
    measure: Callable[[Asked], Mapping[int, int]]
    rows: Callable[[Asked], list[Row]]
    has_window: bool = False
    is_money: bool = False
    absent: int | None = 0
    decides: bool = True
    words: Words = ""

    def said(self, value: int, currency: str = "") -> str:
        """A number of it, without its unit."""
        return str(Money(value, currency)) if self.is_money else f"{value:,}"


_criteria: dict[str, Criterion] = {}
_own: list[Criterion] = []


def register(criterion: Criterion) -> None:
    """Register something that tiers can want."""
    _criteria[criterion.key] = criterion


def register_own(criterion: Criterion) -> None:
    """Register how every number of the company's own is counted."""
    _own[:] = [criterion]


OWN_MEASURES = Question(lambda: OwnMeasure.objects.all())


def known(among: Iterable[str] | None = None) -> dict[str, Criterion]:
    """Every criterion by its key, the company's own among them, those that are offered no more included.
    Where only the keys in `among` matter, the company's own are read only if one of them is there."""
    own = _own[0] if _own else None
    matters = among is None or any(key.startswith(OWN) for key in among)
    rows = OWN_MEASURES.ask() if own is not None and matters else ()
    mine = [
        replace(own, key=f"{OWN}{row.pk}", name=row.name, unit=row.name[:1].lower() + row.name[1:])
        for row in rows
        if own is not None
    ]
    return {**_criteria, **{each.key: each for each in mine}}


def offered() -> dict[str, Criterion]:
    """Those a draft can want."""
    gone = {f"{OWN}{pk}" for pk in OwnMeasure.objects.exclude(retired_at=None).values_list("pk", flat=True)}
    return {key: each for key, each in known().items() if key not in gone}


def measure_of(key: str) -> int:
    """The id of the company's own measure behind a key."""
    return int(key.removeprefix(OWN))


def missing(key: str) -> Criterion:
    """Stands for a criterion that no app registers any more: it is not known, and decides nothing."""
    name = _("“{key}”, not counted here any more").format(key=key)
    return Criterion(key, name, key, lambda asked: {}, lambda asked: [], absent=None, decides=False)


def window(requirement: Requirement, criterion: Criterion) -> str:
    """Over which time it is counted, in words; "" where it is as it stands."""
    if not criterion.has_window or not requirement.months:
        return ""
    return _("in {n} months").format(n=requirement.months)
