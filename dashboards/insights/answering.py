"""How we answer: the waits that fell due, week by week, and those that are late now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, DateField, Q, When, Window
from django.db.models.functions import TruncWeek
from django.utils.translation import gettext as _

from conversations.figures import IN_TIME, LATE, LATE_NOW
from conversations.models import Wait, hidden_from
from dashboards.insights.asking import Asking
from dashboards.insights.hiding import Told
from dashboards.insights.periods import Period
from prm.figures import Share
from prm.stats import Shows, shows, tone, wilson

WANTED = 0.95  # the share that should be answered in time
SHOWN = 5


@dataclass(frozen=True)
class Counts:
    """Of so many waits due: answered in time, late within working time, late outside of it."""

    n: int = 0
    late: int = 0
    outside: int = 0

    @property
    def in_time(self) -> Share:
        return Share(self.n - self.late, self.n)

    @property
    def of_late(self) -> Share:
        """Of the late ones, those outside of working time."""
        return Share(self.outside, self.late)

    @property
    def within(self) -> int:
        return self.late - self.outside

    @property
    def tone(self) -> str:
        """Its colour: "few" of under thirty waits, which say too little for one."""
        if shows(self.n) is not Shows.COLOUR:
            return "few"
        return tone(wilson(self.n - self.late, self.n), self.n, WANTED)

    def plus(self, n: int, late: int, outside: int) -> Counts:
        return Counts(self.n + n, self.late + late, self.outside + outside)


@dataclass(frozen=True)
class Week:
    """One week as far as the period holds it."""

    monday: date
    period: Period
    counts: Counts
    is_withheld: bool = False  # of so few owners that it would tell of one

    @property
    def name(self) -> str:
        """Like W7 of its ISO year."""
        return _("W{n}").format(n=self.monday.isocalendar().week)


@dataclass(frozen=True)
class Answering:
    """The weeks of the period, all of it together, and the time it is compared with."""

    weeks: list[Week]
    whole: Counts
    before: Counts | None
    is_withheld: bool = False

    @property
    def withholds(self) -> bool:
        """Whether something of it is not shown."""
        return self.is_withheld or self.withholds_weeks

    @property
    def withholds_weeks(self) -> bool:
        """Whether the whole is shown, but not each of its weeks."""
        return any(week.is_withheld for week in self.weeks)

    @property
    def heading(self) -> str:
        """What it says in a sentence."""
        if self.is_withheld:
            return _("How we answer")
        share = self.whole.in_time
        if not share.n:
            return _("Nothing fell due")
        if share.percent is None:
            return _("{late} of {n} answered late").format(late=self.whole.late, n=share.n)
        return _("{percent} % answered in time").format(percent=share.percent)


def read(asking: Asking, told: Told, told_before: Told | None) -> Answering:
    """What of it may be shown; one query."""
    if not told.tells():
        return Answering([], Counts(), None, is_withheld=True)
    has_before = told_before is not None and told_before.tells()
    now = Q(due_at__gte=asking.period.from_at, due_at__lt=asking.period.until_at)
    weeks: dict[date, Counts] = defaultdict(Counts)
    whole, before = Counts(), Counts()
    for is_now, monday, state, is_outside, n in _grouped(asking, now):
        late = n if state in LATE else 0
        counted = (n, late, late if is_outside else 0)
        if is_now:
            weeks[monday] = weeks[monday].plus(*counted)
            whole = whole.plus(*counted)
        else:
            before = before.plus(*counted)
    shown = [(monday, asking.period.week(monday)) for monday in asking.period.weeks()]
    return Answering(
        [
            Week(monday, week, weeks[monday]) if told.tells(monday) else Week(monday, week, Counts(), True)
            for monday, week in shown
            if week
        ],
        whole,
        before if has_before else None,
    )


def _grouped(asking: Asking, now: Q) -> Any:
    """How many waits, by whether they fell due in the period or before it, by week and how they ended."""
    zone, before = ZoneInfo(asking.period.zone), asking.before
    rows = IN_TIME.rows(asking.asked(asking.around))
    if before is not None:
        rows = rows.filter(now | Q(due_at__gte=before.from_at, due_at__lt=before.until_at))
    grouped: Any = rows.order_by().values_list(
        Case(When(now, then=True), default=False),
        TruncWeek("due_at", tzinfo=zone, output_field=DateField()),
        "state",
        "due_outside",
    )
    return grouped.annotate(n=Count("pk"))


def late_now(asking: Asking) -> tuple[list[Wait], int]:
    """The first that wait the longest, of those this person may read, and how many wait in all. One query."""
    hidden = Case(When(hidden_from(asking.user, "conversation"), then=True), default=False)
    rows = LATE_NOW.rows(asking.asked()).annotate(of=Window(Count("pk")), is_private=hidden)
    columns = ("due_at", "state", "conversation__subject", "partner__name")
    shown = rows.select_related("conversation", "partner").only(*columns)
    first: list[Any] = list(shown.order_by("is_private", "due_at", "pk")[:SHOWN])
    return [wait for wait in first if not wait.is_private], first[0].of if first else 0
