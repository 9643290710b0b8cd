"""What each source brings: how many prospects came by it in a time, and how far they got.

How far is read from where a partner stands: whoever is live or ended got through recruitment, whoever was
declined or parked got as far as the step where it was left. Each figure is a filter of the partners list.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.filters import CAME_AS_PROSPECT, UNKNOWN, has_reached, midnight
from partners.models import Partner, Source, Status, Step
from prm.days import plus_months
from prm.figures import Share
from team.models import User

STEPS = (Step.CONTACTED, Step.QUALIFIED, Step.NEGOTIATING, Step.SIGNED)
ASIDE = (Status.DECLINED, Status.PARKED)
HEADS = (
    gettext_lazy("Came"),
    *(step.label for step in STEPS),
    *(status.label for status in ASIDE),
)


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included."""

    since: date
    until: date

    @property
    def days(self) -> dict[str, str]:
        """As filters of the partners list."""
        return {"came_from": self.since.isoformat(), "came_until": self.until.isoformat()}


@dataclass(frozen=True)
class Cell:
    """How many of a source's prospects, of how many, and the address of exactly these."""

    share: Share
    url: str


@dataclass(frozen=True)
class Row:
    """One source; `came` first, then how far its prospects got and how many were put aside."""

    name: str
    came: Cell
    cells: list[Cell]

    @property
    def is_few(self) -> bool:
        return self.came.share.is_too_few


def usual_periods(today: date) -> list[tuple[str, Period]]:
    """Periods one asks for often, the first where none is asked for."""
    return [
        (_("12 months"), Period(plus_months(today, -12) + timedelta(days=1), today)),
        (_("90 days"), Period(today - timedelta(days=89), today)),
        (_("This year"), Period(date(today.year, 1, 1), today)),
    ]


def came(period: Period, user: User) -> QuerySet[Partner]:
    """The prospects that came in a period, as far as this person may read them."""
    since, until = midnight(period.since), midnight(period.until + timedelta(days=1))
    rows = Partner.objects.visible_to(user).filter(CAME_AS_PROSPECT)
    return rows.filter(created_at__gte=since, created_at__lt=until)


def of(period: Period, user: User) -> list[Row]:
    """A row for each source by which somebody came, in the order of the list, and last one for all of
    them; two queries."""
    standing = came(period, user).order_by().values_list("source", "status", "stage", "step")
    by_source: dict[int | None, Counter[str]] = defaultdict(Counter)
    for source, status, stage, step, n in standing.annotate(n=Count("pk")):
        by_source[source].update(dict.fromkeys(_counted_as(status, stage, step), n))
    names = [(source.pk, source.name) for source in Source.objects.all()] + [(None, _("Not known"))]
    rows = [_row(name, by_source[pk], str(pk or UNKNOWN), period) for pk, name in names if pk in by_source]
    if len(rows) > 1:
        rows.append(_row(_("All"), sum(by_source.values(), Counter()), "", period))
    return rows


def _counted_as(status: str, stage: str, step: str) -> list[str]:
    """The columns in which those who stand so are counted. They are counted here: by the database each
    column would be asked of every row."""
    got = [each.value for each in STEPS if has_reached(each, stage, step)]
    return ["n", *got, *([status] if status in ASIDE else [])]


def _row(name: str, counted: Mapping[str, int], source: str, period: Period) -> Row:
    def cell(k: int, **narrowed: str) -> Cell:
        filters = period.days | ({"source": source} if source else {}) | narrowed
        return Cell(Share(k, counted["n"]), _opens(filters))

    got = [cell(counted[step.value], reached=step.value) for step in STEPS]
    aside = [
        cell(counted[status.value], status=status.value, reached=Step.IDENTIFIED.value) for status in ASIDE
    ]
    return Row(name, cell(counted["n"], reached=Step.IDENTIFIED.value), [*got, *aside])


def _opens(filters: dict[str, str]) -> str:
    address = QueryDict(mutable=True)
    address.update(filters)
    return f"{reverse('partners:list')}?{address.urlencode()}"
