"""How we answer, in figures. Each is a share of the waits for a reply of some time, and opens onto them.

What somebody put away as needing no reply is in none but the last two: judged with a reason, and thanks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from conversations import waits
from conversations.models import Commitment, Pause, Wait, Wanted
from conversations.models.commitments import CommitmentQuerySet
from partners.models import Partner
from prm.figures import Figure, Total

State, Kept = Wait.State, Commitment.Status
LATE = [State.LATE, State.MET_LATE]


@dataclass(frozen=True)
class Asked:
    """Which rows: from a moment on, before a moment, of one partner, of those `among` which it is, or of
    all."""

    since: datetime
    until: datetime
    partner: Partner | None = None
    among: QuerySet[Partner] | None = None

    def theirs(self, partner: str = "partner") -> dict[str, Any]:
        """The filter of rows by their `partner` (the path to it)."""
        if self.partner is not None:
            return {partner: self.partner}
        return {} if self.among is None else {f"{partner}__in": self.among}


def _of(asked: Asked) -> QuerySet[Wait]:
    return Wait.objects.filter(metric__in=waits.REPLY, **asked.theirs())


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


def wanted_of_them(asked: Asked) -> QuerySet[Wanted]:
    """Messages of ours that said by when we want their answer, where that day ended in the time."""
    due = Wanted.objects.standing().with_answers().filter(ends_at__gte=asked.since, ends_at__lt=asked.until)
    return due.filter(**asked.theirs("message__partner"))


def late_now(asked: Asked) -> QuerySet[Wait]:
    """Those that are late and wait still, whenever they fell due."""
    return _of(asked).filter(state=State.LATE)


def come_due(since: Any, until: Any) -> Q:
    """Promises that were settled in a time, or should have been: kept or done late in it, broken or open
    still though their day ended in it. What was withdrawn counts nowhere."""
    done = Q(status__in=[Kept.KEPT, Kept.RENEGOTIATED, Kept.LATE], done_at__gte=since, done_at__lt=until)
    return done | Q(status__in=[Kept.BROKEN, Kept.OPEN], ends_at__gte=since, ends_at__lt=until)


def promises_due(asked: Asked) -> CommitmentQuerySet:
    ours = Commitment.objects.filter(side=Commitment.Side.OURS, **asked.theirs())
    return ours.filter(come_due(asked.since, asked.until))


def promises_made(asked: Asked) -> CommitmentQuerySet:
    made = {"created_at__gte": asked.since, "created_at__lt": asked.until}
    return Commitment.objects.filter(side=Commitment.Side.OURS, **made, **asked.theirs())


PUT_AWAY = Q(state=State.CANCELLED, cancelled_by__isnull=False, cleared=False)
CLEARED = Q(state=State.CANCELLED, cleared=True)
ABSENT = Exists(Pause.objects.standing().filter(wait=OuterRef("pk"), ground=Pause.Ground.ABSENCE))
BY_OWNER = Q(answered_by=F("partner__owner"))

IN_TIME: Figure[Asked] = Figure(
    "in_time",
    _("Answered in time"),
    _("Questions answered by their due time, of those that fell due."),
    fell_due,
    Q(state=State.MET),
)
FELL_LATE: Figure[Asked] = Figure(
    "fell_late",
    _("Answered late, or late still"),
    _("Questions not answered by their due time, of those that fell due."),
    fell_due,
    Q(state__in=LATE),
)
LATE_OUTSIDE: Figure[Asked] = Figure(
    "late_outside",
    _("Late outside working time"),
    _("Of the late ones, those that fell due while nobody works here."),
    fell_due_late,
    Q(due_outside=True),
)
ABSENCE: Figure[Asked] = Figure(
    "absence",
    _("Held back by an absence"),
    _("Those whose clock stood still while whoever answers was away, as partners had been told."),
    fell_due,
    Q(ABSENT),
)
OWNER: Figure[Asked] = Figure(
    "owner",
    _("Answered by the owner"),
    _("Answers of the partner's owner, of all answers. The others were covered by colleagues."),
    answered,
    BY_OWNER,
)
ASKED_AGAIN: Figure[Asked] = Figure(
    "asked_again",
    _("Asked again"),
    _(
        "Answered in time, and they wrote again within two working days before anything more from us; thanks "
        "are left out. A question, not a verdict."
    ),
    answered_in_time,
    Q(asked_again=True),
)
EXCLUDED: Figure[Asked] = Figure(
    "excluded",
    _("No reply needed"),
    _("Questions somebody put away with a reason, of those and the ones that fell due."),
    fell_due_or_away,
    PUT_AWAY,
)

THEIR_ANSWERS: Figure[Asked] = Figure(
    "their_answers",
    _("Their answers in time"),
    _(
        "Answered by the day we asked for, of those messages of ours that named one. "
        "Of others it is not known."
    ),
    wanted_of_them,
    Q(answered_at__lt=F("ends_at")),
)
THANKS: Figure[Asked] = Figure(
    "thanks",
    _("Only thanks"),
    _("Short thanks that were put away with one press, of those and the questions that fell due."),
    fell_due_or_cleared,
    CLEARED,
)
LATE_NOW: Total[Asked] = Total(
    "late_now",
    _("Waiting, late"),
    _("Questions past their due time that nobody has answered yet."),
    late_now,
)

PROMISES_KEPT: Figure[Asked] = Figure(
    "promises_kept",
    _("Kept by the first date"),
    _("Of our promises settled in the time, or that should have been, those done by the day first promised."),
    promises_due,
    Q(status=Kept.KEPT),
)
PROMISES_MOVED: Figure[Asked] = Figure(
    "promises_moved",
    _("Kept by a date moved beforehand"),
    _("Of the same, those moved before their day had passed, with consent, and done by the new one."),
    promises_due,
    Q(status=Kept.RENEGOTIATED),
)
PROMISES_FAILED: Figure[Asked] = Figure(
    "promises_failed",
    _("Late or broken"),
    _("Of the same, those done after their day, said to be broken, or open with their day over."),
    promises_due,
    Q(status__in=[Kept.LATE, Kept.BROKEN, Kept.OPEN]),
)
PROMISES_MADE: Total[Asked] = Total(
    "promises_made",
    _("Promises made"),
    _("Promises of ours written down in the time."),
    promises_made,
)
PROMISES = (PROMISES_KEPT, PROMISES_MOVED, PROMISES_FAILED)

ALL = (IN_TIME, LATE_OUTSIDE, ABSENCE, OWNER, ASKED_AGAIN, EXCLUDED, THANKS)
FIGURES = {figure.name: figure for figure in ALL}
