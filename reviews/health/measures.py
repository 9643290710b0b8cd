"""What health is made of: five parts, each of measures that count one thing of many partners at once.

A measure answers a `Fact` for each partner of which it knows something, and the rows behind the fact of one
of them; both are read from the same query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from prm.days import plus_months
from reviews.health.scoring import ONE, Fact, Rules, faded
from team.models import User

YEAR = timedelta(days=365)
MOST = 200  # rows shown behind one line
PARTS = {
    "responsiveness": "Responsiveness, both ways",
    "commitments": "Commitments kept",
    "commercial": "Commercial trend",
    "engagement": "Enablement and engagement",
    "sentiment": "Sentiment",
}


@dataclass(frozen=True)
class Asked:
    """Of which partners (those from one id to another), as of which moment and day, by which rules."""

    first: int
    last: int
    at: datetime
    day: date
    zone: str
    rules: Rules

    def them(self, partner: str = "partner") -> dict[str, Any]:
        """The filter for rows of these partners; `partner` is the path to it."""
        if self.first == self.last:
            return {partner: self.first}
        return {f"{partner}__gte": self.first, f"{partner}__lte": self.last}

    @property
    def since(self) -> date:
        """What counts happened after this day; older events have faded."""
        return self.day - YEAR

    @property
    def answers_since(self) -> date:
        return plus_months(self.day, -self.rules.answers_months)

    def moment(self, day: date) -> datetime:
        """The end of a day, where the company is."""
        return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self.zone))

    def weight(self, on: date) -> int:
        """What happened on a day weighs so much, of a million."""
        return faded((self.day - on).days, self.rules.half_life_days)


@dataclass(frozen=True)
class Row:
    """One thing that counted: what it is, its day, how it speaks, and how much of it is left."""

    words: str
    on: date | None
    says: str
    is_good: bool | None
    url: str = ""
    weight: int | None = None  # of a million; None where it does not fade

    @property
    def weight_words(self) -> str:
        return "" if self.weight is None else f"{100 * self.weight / ONE:.0f} %"

    @property
    def tone(self) -> str:
        return {True: "ok", False: "bad", None: ""}[self.is_good]


@dataclass(frozen=True)
class Rows:
    """The rows a person may read, the newest first, and how many more stand where others talk privately."""

    shown: list[Row]
    count: int
    private: int = 0


@dataclass(frozen=True)
class Measure:
    """Something health counts, and what a starting formula lets it weigh."""

    key: str
    part: str
    name: str
    words: str
    count: Callable[[Asked], Mapping[int, Fact]]
    rows: Callable[[Asked, User], Rows]
    weight: int


@dataclass(frozen=True)
class Events:
    """Things that happened on days, good or not; what is older weighs less.

    `rows` have their day as `on`; `visible` narrows them to what a person reads; `said` puts one in words.
    """

    rows: Callable[[Asked], QuerySet[Any]]
    good: Q
    visible: Callable[[QuerySet[Any], User], QuerySet[Any]]
    said: Callable[[Any, Asked], Row]
    related: tuple[str, ...] = ()

    def count(self, asked: Asked) -> dict[int, Fact]:
        """One query: how many of each day, and how many of them were good."""
        counted = self.rows(asked).order_by().values_list("partner", "on")
        found: dict[int, Fact] = {}
        for partner, on, n, good in counted.annotate(n=Count("pk"), k=Count("pk", filter=self.good)):
            was, weight = found.get(partner), asked.weight(on)
            if was is None:
                found[partner] = Fact(good * weight, n * weight, n, min(on, asked.day))
            else:
                newest = max(was.newest or on, min(on, asked.day))
                found[partner] = Fact(was.good + good * weight, was.of + n * weight, was.n + n, newest)
        return found

    def behind(self, asked: Asked, user: User) -> Rows:
        """The rows of one partner; three queries."""
        rows = self.rows(asked)
        seen, count = self.visible(rows, user), rows.count()
        shown = seen.select_related(*self.related).order_by("-on", "-pk")[:MOST]
        return Rows([self.said(row, asked) for row in shown], count, count - seen.count())
