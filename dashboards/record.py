"""Our record towards a partner: how fast we answered, what we kept. Read from waits and commitments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Any, Generic, TypeVar

from django.db.models import Count, Q, QuerySet

from conversations import policies
from conversations.figures import THEIR_ANSWERS, Asked, come_due
from conversations.models import Commitment, Wait, hidden_from, hidden_from_contact
from partners.models import Contact, Partner
from prm import questions
from prm.figures import Figure
from prm.questions import Question, key, moment, totalled
from prm.stats import FEW
from team.models import User
from team.readers import Reader, reader

T = TypeVar("T")

SPAN = timedelta(days=90)
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
    given = _given(partner, at)
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


def asked(partner: Partner, at: datetime) -> list[questions.Asked[Any]]:
    """What `towards` asks for us."""
    given = _given(partner, at)
    return [ANSWERED.of(**given), SETTLED_WITH.of(False, **given), *policies.asked(partner)]


def _given(partner: Partner, at: datetime) -> dict[str, Any]:
    return {"at": at, "since": at - SPAN, "partner": partner.pk}


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


def asked_by(user: User, at: datetime) -> list[questions.Asked[Any]]:
    """What `kept_by` asks."""
    return [SETTLED_BY.of(at=at, since=at - SPAN, user=user.pk)]


@dataclass(frozen=True)
class Rows(Generic[T]):
    """What stands behind a figure, as far as whoever asks may read it: at most `MOST`, the newest first,
    and how many more are in conversations private to others."""

    shown: list[T]
    private: int

    def __iter__(self) -> Iterator[T]:
        return iter(self.shown)

    def __len__(self) -> int:
        return len(self.shown)


def answers(partner: Partner, to: User | Contact, at: datetime, late_only: bool = False) -> Rows[Wait]:
    """The waits behind the figures of replies."""
    who, given = _asking(partner, to, at)
    return Rows(ANSWERS.ask(who, late_only, **given), len(ANSWERS_HIDDEN.ask(who, late_only, **given)))


def behind(figure: Figure[Asked], asked: Asked, to: User) -> Rows[Wait]:
    """The waits a figure counts."""
    rows, hidden = figure.counted(asked), hidden_from(to, "conversation")
    shown = rows.filter(~hidden).select_related("conversation", "answered_by").only(*SHOWN)
    return Rows(list(shown.order_by("-opened_at", "-pk")[:MOST]), rows.filter(hidden).count())


def theirs(asked: Asked, to: User, n: int) -> Rows[Any]:
    """What we asked of them by a day, `n` times, with when they answered."""
    rows = THEIR_ANSWERS.rows(asked).filter(~hidden_from(to, "message__conversation"))
    shown = list(rows.select_related("message__conversation").order_by("-ends_at", "-pk")[:MOST])
    return Rows(shown, max(0, min(n, MOST) - len(shown)))


def promises(partner: Partner, to: User | Contact, at: datetime) -> Rows[Commitment]:
    """The promises of ours behind the figure; for somebody there, those that were shared."""
    who, given = _asking(partner, to, at)
    return Rows(PROMISES.ask(who, **given), len(PROMISES_HIDDEN.ask(who, **given)))


def _asking(partner: Partner, to: User | Contact, at: datetime) -> tuple[Reader | None, dict[str, Any]]:
    """The shape of a question about rows, and what it is given; no reader where somebody there asks."""
    given = _given(partner, at)
    if isinstance(to, User):
        return reader(to), {**given, "reader": to.pk}
    return None, {**given, "contact": to.pk}


def _hidden(who: Reader | None, conversation: str) -> Q:
    return hidden_from(who, conversation) if who else hidden_from_contact(key("contact"), conversation)


def _come_due(**which: Any) -> QuerySet[Commitment]:
    """Promises of ours that were settled lately, or should have been."""
    due = come_due(moment("since"), moment("at"))
    return Commitment.objects.filter(due, side=Commitment.Side.OURS, **which)


def _settled(**which: Any) -> QuerySet[Commitment, dict[str, int]]:
    """How many of them there are, and how many were kept by their first date."""
    kept = Count("pk", filter=Q(status=Commitment.Status.KEPT))
    return totalled(_come_due(**which), kept=kept, settled=Count("pk"))


def _answered() -> QuerySet[Wait]:
    """Waits for a reply that were answered lately, and those that are late still."""
    lately = Q(answered_at__gte=moment("since")) | Q(state=Wait.State.LATE)
    return Wait.objects.filter(lately, partner=key("partner"), metric__in=["first", "next"])


def _answered_as(late_only: bool) -> QuerySet[Wait]:
    return _answered().filter(state__in=LATE) if late_only else _answered()


def _answers(who: Reader | None, late_only: bool) -> QuerySet[Wait]:
    rows = _answered_as(late_only).filter(~_hidden(who, "conversation"))
    related = rows.select_related("conversation", "answered_by").only(*SHOWN)
    return related.order_by("-opened_at", "-pk")[:MOST]


def _answers_hidden(who: Reader | None, late_only: bool) -> QuerySet[Wait]:
    return _answered_as(late_only).filter(_hidden(who, "conversation")).order_by().only("pk")


def _promised(who: Reader | None) -> QuerySet[Commitment]:
    rows = _come_due(**_with_partner(shared_only=who is None))
    return rows.filter(~_hidden(who, "made_in__conversation") | _own(who))


def _promises(who: Reader | None) -> QuerySet[Commitment]:
    return _promised(who).select_related("owner").order_by("-promised_for", "-pk")[:MOST]


def _promises_hidden(who: Reader | None) -> QuerySet[Commitment]:
    rows = _come_due(**_with_partner(shared_only=who is None)).exclude(_own(who))
    return rows.filter(_hidden(who, "made_in__conversation")).order_by().only("pk")


def _own(who: Reader | None) -> Q:
    """What one has to keep oneself is never hidden."""
    return Q(owner=who.pk) if who else Q(pk=None)


def _with_partner(shared_only: bool) -> dict[str, Any]:
    return {"partner": key("partner"), **({"visible_to_partner": True} if shared_only else {})}


ANSWERED = Question(lambda: _answered().order_by().values_list("elapsed_seconds", "state"))
ANSWERS = Question(_answers)
ANSWERS_HIDDEN = Question(_answers_hidden)
SETTLED_WITH = Question(lambda shared_only: _settled(**_with_partner(shared_only)))
SETTLED_BY = Question(lambda: _settled(owner=key("user")))
PROMISES = Question(_promises)
PROMISES_HIDDEN = Question(_promises_hidden)
