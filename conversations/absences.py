"""Away, as partners were told beforehand: where nobody can cover, that person's clocks stand still.

The sweep keeps it so: a pause begins with the leave, and ends with it, or once somebody can cover.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from conversations import clocks, retiming, waits
from conversations.models import Pause, Wait
from conversations.roster import Roster
from partners.models import Event
from team.models import Leave, User

BY = "absence"
State = Wait.State


def sweep(at: datetime) -> int:
    """Pause what waits for people away without cover, and end what has no ground any more; how many."""
    ended = sum(_end(pause, at) for pause in _running(at))
    begun = sum(_begin(leave, at) for leave in _told(at))
    return ended + begun


def _told(at: datetime) -> list[Leave]:
    """The leaves that run now, that partners were told of beforehand, and that have no delegate."""
    around = (at.date() - timedelta(days=1), at.date() + timedelta(days=1))
    near = Leave.objects.filter(
        told_at__isnull=False, delegate=None, starts_on__lte=around[1], ends_on__gte=around[0]
    )
    return [leave for leave in near.select_related("user").order_by("pk") if _runs(leave, at)]


def _runs(leave: Leave, at: datetime) -> bool:
    starts_at, ends_at = leave.span()
    return leave.told_at is not None and leave.told_at <= starts_at <= at < ends_at


def _begin(leave: Leave, at: datetime) -> int:
    """Pause the open waits this person answers, each once for a leave."""
    open_waits = answered_by(leave.user).filter(state=State.OPEN, due_at__gt=leave.span()[0])
    fresh = open_waits.exclude(pauses__in=Pause.objects.standing().filter(leave=leave))
    return sum(_pause(pk, leave, at) for pk in list(fresh.order_by("pk").values_list("pk", flat=True)))


def answered_by(person: User) -> QuerySet[Wait]:
    """The waits this person has to answer."""
    return Wait.objects.for_reply().filter(responsible=person)


@transaction.atomic
def _pause(pk: int, leave: Leave, at: datetime) -> int:
    row = retiming.held(Wait.objects.select_related("conversation").get(pk=pk))
    starts_at, ends_at = leave.span()
    starts_at = max(starts_at, row.opened_at)
    if row.state != State.OPEN or row.due_at <= starts_at or _covered(row, leave.user, at):
        return 0
    Pause.objects.create(
        wait=row, ground=Pause.Ground.ABSENCE, starts_at=starts_at, ends_at=ends_at, leave=leave
    )
    return _record("absence_began", row, at, f"{leave.user} is away, and nobody can cover")


def _running(at: datetime) -> QuerySet[Pause]:
    """The pauses for an absence that run on waits still open."""
    running = Pause.objects.running(at).filter(ground=Pause.Ground.ABSENCE, wait__state=State.OPEN)
    return running.select_related("leave__user", "wait__conversation").order_by("pk")


@transaction.atomic
def _end(pause: Pause, at: datetime) -> int:
    """End it now where the leave is gone, has ended or got cover."""
    row, leave = retiming.held(pause.wait), pause.leave
    stands = leave is not None and leave.delegate_id is None and _runs(leave, at)
    if row.state != State.OPEN or (stands and leave and not _covered(row, leave.user, at)):
        return 0
    Pause.objects.filter(pk=pause.pk).update(ends_at=at)
    return _record("absence_ended", row, at, "It has ended, or somebody covers")


def _covered(row: Wait, person: User, at: datetime) -> bool:
    """Whether somebody else answers, or can."""
    if row.conversation.responsible_id != person.pk:
        return True
    return bool(Roster([row.conversation], at).cover(row.conversation))


def _record(kind: str, row: Wait, at: datetime, note: str) -> int:
    moved = retiming.retime(row, clocks.kept_by(row))
    Event.record(kind, at, BY, row.partner, waits.reference(row), changes=moved, note=note)
    return 1
