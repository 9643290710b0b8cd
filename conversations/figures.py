"""How we answer, in figures. Each is a share of the waits for a reply of some time, and opens onto them.

What somebody put away as needing no reply is in none but the last two: judged with a reason, and thanks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from conversations import waits
from conversations.models import Pause, Wait
from partners.models import Partner
from prm.figures import Figure

State = Wait.State
LATE = [State.LATE, State.MET_LATE]


@dataclass(frozen=True)
class Asked:
    """Which waits: from a moment on, before a moment, of one partner or of all."""

    since: datetime
    until: datetime
    partner: Partner | None = None


def _of(asked: Asked) -> QuerySet[Wait]:
    rows = Wait.objects.filter(metric__in=waits.REPLY)
    return rows if asked.partner is None else rows.filter(partner=asked.partner)


def fell_due(asked: Asked) -> QuerySet[Wait]:
    """Those whose due time lies in the time, answered or late."""
    due = _of(asked).filter(due_at__gte=asked.since, due_at__lt=asked.until)
    return due.filter(state__in=[State.MET, *LATE])


def fell_due_late(asked: Asked) -> QuerySet[Wait]:
    return fell_due(asked).filter(state__in=LATE)


def answered(asked: Asked) -> QuerySet[Wait]:
    """Those answered in the time."""
    return _of(asked).filter(answered_at__gte=asked.since, answered_at__lt=asked.until, state__in=waits.ENDED)


def answered_in_time(asked: Asked) -> QuerySet[Wait]:
    return answered(asked).filter(state=State.MET)


def fell_due_or_cleared(asked: Asked) -> QuerySet[Wait]:
    """Those due in the time, and those of it that were put away as thanks."""
    due = _of(asked).filter(due_at__gte=asked.since, due_at__lt=asked.until)
    return due.filter(Q(state__in=[State.MET, *LATE]) | CLEARED)


def fell_due_or_away(asked: Asked) -> QuerySet[Wait]:
    """Those due in the time, and those of it that somebody put away."""
    due = _of(asked).filter(due_at__gte=asked.since, due_at__lt=asked.until)
    return due.filter(Q(state__in=[State.MET, *LATE]) | PUT_AWAY)


PUT_AWAY = Q(state=State.CANCELLED, cancelled_by__isnull=False, cleared=False)
CLEARED = Q(state=State.CANCELLED, cleared=True)
ABSENT = Exists(Pause.objects.standing().filter(wait=OuterRef("pk"), ground=Pause.Ground.ABSENCE))
BY_OWNER = Q(answered_by=F("partner__owner"))

IN_TIME: Figure[Asked] = Figure(
    "in_time",
    "Answered in time",
    "Questions answered by their due time, of those that fell due.",
    fell_due,
    Q(state=State.MET),
)
LATE_OUTSIDE: Figure[Asked] = Figure(
    "late_outside",
    "Late outside working time",
    "Of the late ones, those that fell due while nobody works here.",
    fell_due_late,
    Q(due_outside=True),
)
ABSENCE: Figure[Asked] = Figure(
    "absence",
    "Held back by an absence",
    "Those whose clock stood still while whoever answers was away, as partners had been told.",
    fell_due,
    Q(ABSENT),
)
OWNER: Figure[Asked] = Figure(
    "owner",
    "Answered by the owner",
    "Answers of the partner's owner, of all answers. The others were covered by colleagues.",
    answered,
    BY_OWNER,
)
ASKED_AGAIN: Figure[Asked] = Figure(
    "asked_again",
    "Asked again",
    "Answered in time, and they wrote again within two working days before anything more from us; thanks "
    "are left out. A question, not a verdict.",
    answered_in_time,
    Q(asked_again=True),
)
EXCLUDED: Figure[Asked] = Figure(
    "excluded",
    "No reply needed",
    "Questions somebody put away with a reason, of those and the ones that fell due.",
    fell_due_or_away,
    PUT_AWAY,
)

THANKS: Figure[Asked] = Figure(
    "thanks",
    "Only thanks",
    "Short thanks that were put away with one press, of those and the questions that fell due.",
    fell_due_or_cleared,
    CLEARED,
)

ALL = (IN_TIME, LATE_OUTSIDE, ABSENCE, OWNER, ASKED_AGAIN, EXCLUDED, THANKS)
FIGURES = {figure.name: figure for figure in ALL}
