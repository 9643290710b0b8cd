"""Our record towards a partner: how fast we answered, what we kept. Read from waits and commitments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Any

from django.db.models import Count, Q, QuerySet

from conversations import policies
from conversations.figures import Asked
from conversations.models import Commitment, Wait
from partners.models import Partner
from prm.figures import Figure
from prm.questions import Question, key, moment, totalled
from team.models import User

SPAN = timedelta(days=90)
FEW = 5
USUAL_FROM = 20  # answers; fewer say nothing about what is usual
MOST = 200  # rows shown behind a figure
LATE = (Wait.State.LATE, Wait.State.MET_LATE)
SHOWN = (
    *("opened_at", "due_at", "answered_at", "elapsed_seconds", "working_seconds", "state"),
    *("breach_voided_reason", "conversation__subject", "answered_by__name", "answered_by__email"),
)


@dataclass(frozen=True)
class Record:
    """Figures of the last 90 days; `n` answers, under five too few for a median. `usual` is the middle
    half of them, from the first quartile to the third, in seconds; None of under twenty."""

    n: int
    median_seconds: float | None
    usual: tuple[float, float] | None
    late: int
    kept: int
    settled: int
    promise_seconds: int

    @property
    def promise_words(self) -> str:
        return f"{self.promise_seconds / 3600:g} h"

    @property
    def too_few(self) -> bool:
        return self.n < FEW

    @property
    def few_promises(self) -> bool:
        return self.settled < FEW


def towards(partner: Partner, at: datetime, shared_only: bool = False) -> Record:
    """Our record towards one partner in the 90 days before `at`, where `shared_only` as it may see it
    itself: of promises those it knows of; three queries."""
    given = {"at": at, "since": at - SPAN, "partner": partner.pk}
    rows = ANSWERED.ask(**given)
    seconds = [elapsed for elapsed, _ in rows if elapsed is not None]
    late = sum(state in LATE for _, state in rows)
    (counts,) = SETTLED_WITH.ask(shared_only, **given)
    policy = policies.matching(partner)
    return Record(
        n=len(seconds),
        median_seconds=median(seconds) if seconds else None,
        usual=_middle_half(seconds),
        late=late,
        kept=counts["kept"],
        settled=counts["settled"],
        promise_seconds=policy.next_seconds if policy else 24 * 3600,
    )


def _middle_half(seconds: list[int]) -> tuple[float, float] | None:
    if len(seconds) < USUAL_FROM:
        return None
    first, _, third = quantiles(seconds, n=4)
    return first, third


@dataclass(frozen=True)
class Kept:
    """Promises of one person that were settled in 90 days, and how many of them by their first date."""

    kept: int
    settled: int


def kept_by(user: User, at: datetime) -> Kept | None:
    """How many of its promises a person kept by their first date; None where fewer than five are settled."""
    (row,) = SETTLED_BY.ask(at=at, since=at - SPAN, user=user.pk)
    return Kept(**row) if row["settled"] >= FEW else None


def answers(partner: Partner, at: datetime, late_only: bool = False) -> list[Wait]:
    """The waits behind the figures of replies, the newest first, at most `MOST`."""
    return ANSWERS.ask(late_only, at=at, since=at - SPAN, partner=partner.pk)


def behind(figure: Figure[Asked], asked: Asked) -> list[Wait]:
    """The waits a figure counts, the newest first, at most `MOST`."""
    rows = figure.counted(asked).select_related("conversation", "answered_by").only(*SHOWN)
    return list(rows.order_by("-opened_at", "-pk")[:MOST])


def promises(partner: Partner, at: datetime, shared_only: bool = False) -> list[Commitment]:
    """The promises of ours behind the figure, the latest first, at most `MOST`."""
    return PROMISES.ask(shared_only, at=at, since=at - SPAN, partner=partner.pk)


def _come_due(**which: Any) -> QuerySet[Commitment]:
    """Promises of ours that were settled lately, or should have been."""
    at, since = moment("at"), moment("since")
    settled = Q(status__in=["kept", "renegotiated", "late"], done_at__gte=since)
    failed = Q(status=Commitment.Status.BROKEN, ends_at__gte=since)
    overdue = Q(status=Commitment.Status.OPEN, ends_at__lt=at)
    return Commitment.objects.filter(settled | failed | overdue, side=Commitment.Side.OURS, **which)


def _settled(**which: Any) -> QuerySet[Commitment, dict[str, int]]:
    """How many of them there are, and how many were kept by their first date."""
    kept = Count("pk", filter=Q(status=Commitment.Status.KEPT))
    return totalled(_come_due(**which), kept=kept, settled=Count("pk"))


def _answered() -> QuerySet[Wait]:
    """Waits for a reply that were answered lately, and those that are late still."""
    lately = Q(answered_at__gte=moment("since")) | Q(state=Wait.State.LATE)
    return Wait.objects.filter(lately, partner=key("partner"), metric__in=["first", "next"])


def _answers(late_only: bool) -> QuerySet[Wait]:
    rows = _answered().filter(state__in=LATE) if late_only else _answered()
    return (
        rows.select_related("conversation", "answered_by").only(*SHOWN).order_by("-opened_at", "-pk")[:MOST]
    )


def _with_partner(shared_only: bool) -> dict[str, Any]:
    return {"partner": key("partner"), **({"visible_to_partner": True} if shared_only else {})}


ANSWERED = Question(lambda: _answered().order_by().values_list("elapsed_seconds", "state"))
ANSWERS = Question(_answers)
SETTLED_WITH = Question(lambda shared_only: _settled(**_with_partner(shared_only)))
SETTLED_BY = Question(lambda: _settled(owner=key("user")))
PROMISES = Question(
    lambda shared_only: (
        _come_due(**_with_partner(shared_only))
        .select_related("owner")
        .order_by("-promised_for", "-pk")[:MOST]
    )
)
