"""Who stayed: of the partners live on one day, those that ended by another, and those that fell silent.

Churn by contract and churn by behaviour are two figures, so that silence does not hide behind a contract that
runs. All are by the fiscal year in which a partner signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils.translation import gettext_lazy as _

from conversations.models import Message
from lifecycle.ending.models import Ending
from lifecycle.models import Deal, Registration
from partners.models import Partner, Stage, Status, Visit
from prm import quarters
from prm.days import plus_months
from prm.figures import Figure, Share
from reviews.meetings.moments import start_of
from team.models import User

LIVE = [Stage.ONBOARDING, Stage.GROWTH, Stage.EVALUATION]
UNKNOWN = "none"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """Live at the end of one day, looked at again at the end of another; silent is so many months without a
    sign. `cohort` is the fiscal year of signing, "none" where it is not known, "" for all."""

    user: User
    since: date
    until: date
    zone: str
    begins: int = 1
    quiet_months: int = 12
    cohort: str = ""
    reason: int | None = None

    @property
    def from_at(self) -> datetime:
        return start_of(self.since + DAY, self.zone)

    @property
    def until_at(self) -> datetime:
        return start_of(self.until + DAY, self.zone)

    @property
    def quiet_from(self) -> date:
        """Signs of life count from the day after this one."""
        return plus_months(self.until, -self.quiet_months)


def _rows(asked: Asked) -> QuerySet[Partner]:
    """Partners live at the start, each with whether it ended since (`gone`) or was silent at the end
    (`quiet`)."""
    was_live = Exists(
        Visit.objects.filter(partner=OuterRef("pk"), stage__in=LIVE, entered_at__lt=asked.from_at)
    )
    there = Q(status=Status.LIVE) | Q(status=Status.ENDED, stage_since__gte=asked.from_at)
    begun = Q(signed_on__lte=asked.since) | Q(was_live, signed_on=None)
    gone = Q(status=Status.ENDED, stage_since__lt=asked.until_at)
    rows = Partner.objects.visible_to(asked.user).filter(there, begun, **_cohort(asked))
    if asked.reason is not None:
        rows = rows.filter(gone, end_reason=asked.reason)
    return rows.annotate(
        gone=ExpressionWrapper(gone, output_field=BooleanField()),
        quiet=ExpressionWrapper(~gone & ~_signs(asked), output_field=BooleanField()),
    )


def _cohort(asked: Asked) -> dict[str, Any]:
    if asked.cohort == UNKNOWN:
        return {"signed_on": None}
    if not asked.cohort:
        return {}
    year = int(asked.cohort)
    return {"signed_on__range": (date(year, asked.begins, 1), quarters.end_of_year(year, asked.begins))}


def _signs(asked: Asked) -> Q:
    """Something came from it, or was done with it: a message of theirs, a talk, a deal opened or won, a
    registration."""
    since, until, its = start_of(asked.quiet_from + DAY, asked.zone), asked.until_at, OuterRef("pk")
    talked = Q(direction=Message.Direction.IN, is_automatic=False) | Q(
        channel__in=[Message.Channel.CALL, Message.Channel.MEETING]
    )
    said = Message.objects.filter(
        talked, partner=its, occurred_at__gte=since, occurred_at__lt=until, withdrawn_at=None
    )
    opened = Q(created_at__gte=since, created_at__lt=until)
    won = Q(state=Deal.State.WON, closed_on__gt=asked.quiet_from, closed_on__lte=asked.until)
    sold = Deal.objects.filter(opened | won, partner=its)
    registered = Registration.objects.filter(partner=its, asked_at__gte=since, asked_at__lt=until)
    return Q(Exists(said)) | Q(Exists(sold)) | Q(Exists(registered))


STAYED: Figure[Asked] = Figure(
    "stayed",
    "Retention",
    "Partners live at the start whose partnership had not ended by the end.",
    _rows,
    Q(gone=False),
)
ENDED: Figure[Asked] = Figure(
    "ended",
    "Contractual churn",
    "Partners live at the start whose partnership ended by the end.",
    _rows,
    Q(gone=True),
)
SILENT: Figure[Asked] = Figure(
    "silent",
    "Behavioural churn",
    "Partners live at the start and under contract at the end, with no message of theirs, no talk, no "
    "deal opened or won and no registration in the months before it.",
    _rows,
    Q(quiet=True),
)
START: Figure[Asked] = Figure(
    "start", "At the start", "Partners live at the end of the first day.", _rows, ~Q(pk=None)
)
FIGURES = {each.name: each for each in (START, STAYED, ENDED, SILENT)}


@dataclass(frozen=True)
class Line:
    """The figures of one cohort; `key` is how the address names it, "" for all of them."""

    key: str
    name: str
    n: int
    ended: int
    silent: int

    @property
    def stayed(self) -> Share:
        return Share(self.n - self.ended, self.n)

    @property
    def churned(self) -> Share:
        return Share(self.ended, self.n)

    @property
    def fell_silent(self) -> Share:
        return Share(self.silent, self.n)


def lines(asked: Asked) -> list[Line]:
    """All cohorts together, then each, the newest first; one query."""
    counted = _rows(asked).order_by().values_list("signed_on")
    figures = {figure.name: Count("pk", filter=figure.counts) for figure in (ENDED, SILENT)}
    found: dict[str, list[int]] = {}
    for signed_on, n, ended, silent in counted.annotate(n=Count("pk"), **figures):
        key = UNKNOWN if signed_on is None else str(quarters.year_of(signed_on, asked.begins))
        held = found.setdefault(key, [0, 0, 0])
        found[key] = [held[0] + n, held[1] + ended, held[2] + silent]
    years = sorted((key for key in found if key != UNKNOWN), reverse=True)
    keys = [*years, *(key for key in found if key == UNKNOWN)]
    whole = [sum(held[place] for held in found.values()) for place in range(3)]
    return [Line("", "", *whole), *(Line(key, name_of(key, asked), *found[key]) for key in keys)]


def name_of(key: str, asked: Asked) -> str:
    """A cohort in words."""
    return str(_("Not known")) if key == UNKNOWN else quarters.name_of_year(int(key), asked.begins)


@dataclass(frozen=True)
class Reason:
    """Why partnerships ended, and by whose wish."""

    pk: int | None
    name: str
    n: int
    by: str


def reasons(asked: Asked) -> list[Reason]:
    """The reasons of those that ended, the most frequent first; one query."""
    ended: Any = ended_by(ENDED.counted(asked))
    counted = ended.order_by().values_list("end_reason", "end_reason__name", "ended_by")
    found: dict[tuple[int | None, str], dict[str, int]] = {}
    for pk, name, kind, n in counted.annotate(n=Count("pk")):
        word = str(Ending.Kind(kind).label) if kind else str(_("without a plan of the end"))
        found.setdefault((pk, name or str(_("No reason kept"))), {})[word] = n
    told = [Reason(pk, name, sum(by.values()), _said(by.items())) for (pk, name), by in found.items()]
    return sorted(told, key=lambda each: (-each.n, each.name))


def ended_by(rows: QuerySet[Partner]) -> QuerySet[Partner]:
    """With `ended_by`: how the planned end that was carried out came about."""
    done = Ending.objects.filter(partner=OuterRef("pk"), state=Ending.State.DONE).order_by("-closed_at")
    return rows.annotate(ended_by=Subquery(done.values("kind")[:1], output_field=CharField()))


def _said(by: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{word} {n}" for word, n in sorted(by, key=lambda each: (-each[1], each[0])))
