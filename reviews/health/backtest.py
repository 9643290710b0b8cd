"""Whether the score told: how well readings separated partners that were lost from those that stayed.

Readings of one day are looked at again after a while, then those of a day a while before, and so on back: so
that each loss counts once. They are taken as they were read, by the version of their day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from lifecycle.models import Deal
from partners.models import Status
from prm import stats
from prm.figures import Share
from prm.stats import ENOUGH, FEW, Interval
from reviews.health.models import HealthRun, Snapshot
from reviews.meetings.moments import start_of
from team.models import User

HORIZONS = (90, 180, 365)
MOST = 8  # spans looked back
QUARTER = timedelta(days=91)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """Lost within so many days of a reading; `number` is a version of the formula, None for all."""

    user: User
    today: date
    zone: str
    horizon: int = 180
    number: int | None = None

    @property
    def span(self) -> timedelta:
        return timedelta(days=self.horizon)


def days(asked: Asked) -> list[date]:
    """The days of the readings that are looked at, the newest first, each a horizon before the one after."""
    runs = HealthRun.objects.filter(day__lte=asked.today - asked.span, ended_at__isnull=False)
    if asked.number is not None:
        runs = runs.filter(formula__number=asked.number)
    found: list[date] = []
    for day in runs.order_by("-day").values_list("day", flat=True):
        if not found or day <= found[-1] - asked.span:
            found.append(day)
        if len(found) == MOST:
            break
    return found


def rows(asked: Asked, on: Iterable[date]) -> QuerySet[Any]:
    """The readings of these days that had a score, each with whether its partner was `lost` since."""
    on = list(on)
    lost = reduce(or_, (_lost(asked, day) for day in on), Q(pk=None))
    found = Snapshot.objects.visible_to(asked.user).filter(day__in=on, score__isnull=False)
    return found.annotate(lost=ExpressionWrapper(lost, output_field=BooleanField()))


def _lost(asked: Asked, day: date) -> Q:
    """Ended after the day, within the horizon."""
    return Q(
        day=day,
        partner__status=Status.ENDED,
        partner__stage_since__gte=start_of(day + DAY, asked.zone),
        partner__stage_since__lt=start_of(day + asked.span + DAY, asked.zone),
    )


@dataclass(frozen=True)
class Area:
    """How often one that stayed scored above one that was lost (0.5 is chance), and between what it lies."""

    value: float
    interval: Interval

    @property
    def words(self) -> str:
        return f"{self.value:.2f}"

    @property
    def between(self) -> str:
        return f"{self.interval[0]:.2f} … {self.interval[1]:.2f}"

    @property
    def tells(self) -> bool:
        """Whether all of its interval is above chance."""
        return self.interval[0] > 0.5


@dataclass(frozen=True)
class Fifth:
    """A fifth of the readings by score, with the share of partners that were lost."""

    low: int
    high: int
    lost: Share

    @property
    def words(self) -> str:
        return f"{self.low / 10:.1f} – {self.high / 10:.1f}"


@dataclass(frozen=True)
class Result:
    """What the readings of some days come to. `score` and `trend` are None under five partners lost or
    stayed."""

    days: list[date]
    n: int
    lost: int
    partners: int  # that stayed through a reading or more
    unscored: int
    score: Area | None
    trend: Area | None
    lift: float | None
    fifths: list[Fifth]

    @property
    def stayed(self) -> int:
        return self.n - self.lost

    @property
    def is_validated(self) -> bool:
        """Whether there are partners enough of both to say anything."""
        return min(self.lost, self.partners) >= ENOUGH

    @property
    def is_better(self) -> bool | None:
        """Whether the score told more than last quarter's trend; None where that is not clear."""
        if self.score is None or self.trend is None:
            return None
        if self.score.interval[0] > self.trend.interval[1]:
            return True
        return False if self.score.interval[1] < self.trend.interval[0] else None


class Told(NamedTuple):
    """What a reading said of a partner, and whether it was lost since."""

    partner: int
    score: int
    lost: bool


def result(asked: Asked) -> Result:
    """What there is to say; a few questions for each day looked at."""
    on = days(asked)
    read = list(rows(asked, on).values_list("day", "partner", "score", "lost")) if on else []
    trends = {day: _trends(day, asked.zone) for day in on}
    scored = [(score, lost) for _day, _partner, score, lost in read]
    told = [Told(partner, score, lost) for _day, partner, score, lost in read]
    moved = [Told(partner, trends[day].get(partner, 0), lost) for day, partner, _score, lost in read]
    everybody = Snapshot.objects.visible_to(asked.user).filter(day__in=on).count() if on else 0
    lost = sum(it_was for _score, it_was in scored)
    return Result(
        on,
        len(scored),
        lost,
        _partners(told, lost=False),
        everybody - len(scored),
        _area(told),
        _area(moved),
        stats.lift(scored) if lost >= FEW else None,
        [Fifth(int(b.low), int(b.high), Share(b.happened, b.n)) for b in stats.bands(scored)],
    )


def _area(told: list[Told]) -> Area | None:
    """The area of all readings. A partner that stayed is read on many days, and tells little more each time:
    its interval is that of so many partners."""
    n_stayed, n_lost = _partners(told, lost=False), _partners(told, lost=True)
    if min(n_stayed, n_lost) < FEW:
        return None
    area = stats.auc([e.score for e in told if not e.lost], [e.score for e in told if e.lost])
    return None if area is None else Area(area, stats.auc_interval(area, n_stayed, n_lost))


def _partners(told: list[Told], lost: bool) -> int:
    return len({each.partner for each in told if each.lost == lost})


def _trends(day: date, zone: str) -> dict[int, int]:
    """The baseline: deals opened and won in the quarter before a day less those of the quarter before it."""
    since, middle = day - 2 * QUARTER, day - QUARTER
    until_at, middle_at = start_of(day + DAY, zone), start_of(middle + DAY, zone)
    opened = Deal.objects.filter(created_at__gte=start_of(since + DAY, zone), created_at__lt=until_at)
    won = Deal.objects.filter(state=Deal.State.WON, closed_on__gt=since, closed_on__lte=day)
    found: dict[int, int] = {}
    sources: list[tuple[Any, Q]] = [(opened, Q(created_at__gte=middle_at)), (won, Q(closed_on__gt=middle))]
    for deals, is_late in sources:
        counted = deals.order_by().values_list("partner")
        for partner, n, late in counted.annotate(n=Count("pk"), late=Count("pk", filter=is_late)):
            found[partner] = found.get(partner, 0) + late - (n - late)
    return found
