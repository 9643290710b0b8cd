"""Who stands still: longer than 1.5 × the usual time in the stage, and nothing is ahead.

Usual is the median of the visits to the stage that closed within twelve months, over the whole
company; while there are fewer than five, it is the stage's target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Window,
)
from django.utils.translation import gettext as _

from conversations.models import Commitment, Meeting
from lifecycle.models import Task, UsualStay
from partners.models import Partner, Stage, Visit
from prm import addresses, middles
from prm.questions import Asked, Given, Question, moment
from team.models import User
from team.readers import Reader, reader

FACTOR = 1.5
ENOUGH = 5
WITHIN = timedelta(days=365)
MEASURED_EVERY, KEPT_FOR = timedelta(hours=1), timedelta(hours=3)
TARGETS: dict[str, int] = {
    Stage.RECRUITMENT: 60,
    Stage.ONBOARDING: 45,
    Stage.GROWTH: 90,
    Stage.EVALUATION: 21,
}
LASTED = ExpressionWrapper(F("left_at") - F("entered_at"), output_field=DurationField())
SHOWN = ("name", "stage", "stage_since")


@dataclass(frozen=True)
class Stalled:
    """A partner that stands still, and why we say so."""

    pk: int
    name: str
    place: str
    days: int
    usual: int

    @property
    def url(self) -> str:
        return addresses.of("dashboards:partner", self.pk)

    @property
    def why(self) -> str:
        return _("No open task, promise or meeting.")

    @property
    def reason(self) -> str:
        """ "Recruitment · 41 days, usual 24. No open task, promise or meeting." """
        words = _("{place} · {days} days, usual {usual}. {why}")
        return words.format(place=self.place, days=self.days, usual=self.usual, why=self.why)


def is_stalled(days: float, usual: float, something_ahead: bool) -> bool:
    """The rule: over 1.5 × usual, exactly that not yet, and nothing ahead."""
    return days > FACTOR * usual and not something_ahead


def _measured() -> QuerySet[UsualStay]:
    return UsualStay.objects.filter(measured_at__gt=moment("since"), measured_at__lte=moment("at"))


KEPT = Question(lambda: _measured().values_list("stage", "days"))


def measured_by(at: datetime) -> dict[str, datetime]:
    """What a question about what was measured within the last hours is given."""
    return {"since": at - KEPT_FOR, "at": at}


def usual_in(stage: Any) -> Subquery:
    """How long a visit to a stage usually lasts, in days, as it was measured; NULL where that is too old."""
    return Subquery(_measured().filter(stage=stage).values("days"))


def usual_days(at: datetime) -> dict[str, float]:
    """How long a visit to each stage usually lasts, in days: as the sweep measured it within the last
    hours, else measured now."""
    known = dict(KEPT.ask(**measured_by(at)))
    return known if known.keys() == TARGETS.keys() else measure(at)


def asked(at: datetime) -> list[Asked[tuple[str, float]]]:
    """What `usual_days` asks first."""
    return [KEPT.of(**measured_by(at))]


def keep_measured(at: datetime) -> int:
    """Measure anew what is an hour old. The sweep's; 0, since no deadline is met by it."""
    if UsualStay.objects.filter(measured_at__gt=at - MEASURED_EVERY, measured_at__lte=at).exists():
        return 0
    rows = [UsualStay(stage=stage, days=days, measured_at=at) for stage, days in measure(at).items()]
    UsualStay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["stage"], update_fields=["days", "measured_at"]
    )
    return 0


def measure(at: datetime) -> dict[str, float]:
    """How long a visit to each stage usually lasts, in days, over all visits; one query."""
    closed = Visit.objects.filter(left_at__gt=at - WITHIN, left_at__lte=at, entry_is_known=True)
    found = {stage: middle for (stage,), middle in middles.by(closed, LASTED, "stage").items()}
    return {
        stage: found[stage][0] if stage in found and found[stage][1] >= ENOUGH else float(target)
        for stage, target in TARGETS.items()
    }


def too_long_since(at: datetime, usual: dict[str, float]) -> dict[str, datetime]:
    """By stage the moment before which who entered it has been there for too long."""
    return {stage: at - timedelta(days=FACTOR * days) for stage, days in usual.items()}


def standing_still(
    partners: QuerySet[Partner], at: datetime | Given, since: Mapping[str, datetime | Given]
) -> QuerySet[Partner]:
    """Those of `partners` that stand still, who did so longest first; `since` as `too_long_since` says."""
    too_long = Q(pk__in=[])
    for stage, entered in since.items():
        too_long |= Q(stage=stage, stage_since__lt=entered)
    here = OuterRef("pk")
    meetings = Meeting.objects.planned().filter(partner=here, starts_at__gt=at)
    return (
        partners.filter(too_long, status__in=["prospect", "live"], merged_into=None)
        .exclude(Exists(Task.objects.open().filter(partner=here)))
        .exclude(Exists(Commitment.objects.open().filter(partner=here)))
        .exclude(Exists(meetings))
        .order_by("stage_since", "pk")
    )


def stalled(
    partners: QuerySet[Partner], at: datetime, usual: dict[str, float] | None = None
) -> list[Stalled]:
    """Those of `partners` that stand still, with the reason; one query, and one for what is usual."""
    usual = usual_days(at) if usual is None else usual
    still = standing_still(partners, at, too_long_since(at, usual)).select_related(None).only(*SHOWN)
    return [_row(partner, at, usual[partner.stage]) for partner in still]


def _first(reader: Reader, most: int) -> QuerySet[Any]:
    owned = Partner.objects.visible_to(reader).filter(owner=reader.pk)
    still = standing_still(owned, moment("at"), {stage: moment(stage) for stage in TARGETS})
    return still.annotate(of=Window(Count("pk"))).only(*SHOWN)[:most]


FIRST = Question(_first)


def first(user: User, at: datetime, most: int) -> tuple[list[Stalled], int]:
    """The first `most` of a person's own partners that stand still, and how many there are."""
    usual = usual_days(at)
    given = {"reader": user.pk, "at": at, **too_long_since(at, usual)}
    found = FIRST.ask(reader(user), most, **given)
    return [_row(partner, at, usual[partner.stage]) for partner in found], found[0].of if found else 0


def _row(partner: Partner, at: datetime, usual: float) -> Stalled:
    return Stalled(
        pk=partner.pk,
        name=partner.name,
        place=str(partner.get_stage_display()),
        days=(at - partner.stage_since).days,
        usual=round(usual),
    )
