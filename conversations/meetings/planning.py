"""What an invitation changes: meetings are planned, moved and called off, the newer word counts.

Of one meeting the higher SEQUENCE is the newer. What was logged is never touched again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from conversations.meetings import whom
from conversations.meetings.invitations import Invitation, Slot
from conversations.meetings.whom import Met
from conversations.models import Meeting
from team.models import User

LONGEST_AGO = timedelta(days=30)  # what was over before is history that nobody logs any more

State = Meeting.State
Kept = dict[str, Meeting]


@transaction.atomic
def plan(invitation: Invitation, person: User, at: datetime) -> int:
    """Do what an invitation to `person` says; how many meetings it changed. Nothing is stored where
    nobody of a partner takes part."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # one invitation after the other
    rows = Meeting.objects.filter(person=person, uid=invitation.uid)
    kept = {row.recurrence: row for row in rows}
    with_whom = whom.met(invitation, person)
    if with_whom is None or invitation.is_cancelled:
        return _call_off(invitation, kept, with_whom, person, at)
    if not invitation.is_one_of_series and _is_called_off(kept.get(""), invitation):
        return 0
    names = {_name(invitation, slot): slot for slot in invitation.slots if slot.ends_at > at - LONGEST_AGO}
    changed = sum(_keep(invitation, kept, name, names[name], with_whom, person, at) for name in names)
    return changed + (0 if invitation.is_one_of_series else _drop(invitation, kept, set(names), at))


def _name(invitation: Invitation, slot: Slot) -> str:
    """How a meeting of a series is told from the others."""
    in_series = invitation.is_one_of_series or invitation.repeats
    return f"{slot.planned_at:%Y%m%dT%H%M%SZ}" if in_series else ""


def _is_called_off(row: Meeting | None, invitation: Invitation) -> bool:
    return row is not None and row.state == State.CALLED_OFF and row.sequence >= invitation.sequence


def _keep(
    invitation: Invitation, kept: Kept, name: str, slot: Slot, met: Met, person: User, at: datetime
) -> int:
    row = kept.get(name)
    if row is None:
        row = Meeting(person=person, uid=invitation.uid, recurrence=name, created_at=at)
    elif not _may_change(row, invitation, slot, at):
        return 0
    row.partner, row.title, row.sequence = met.partner, invitation.title, invitation.sequence
    row.starts_at, row.ends_at, row.state = slot.starts_at, slot.ends_at, State.PLANNED
    row.save()
    row.contacts.set(met.contacts)
    return 1


def _may_change(row: Meeting, invitation: Invitation, slot: Slot, at: datetime) -> bool:
    """Whether an invitation is the newer word on a meeting that is kept.

    The invitation to a whole series says nothing new of one that was moved by itself since.
    """
    if row.state == State.LOGGED or row.sequence > invitation.sequence:
        return False
    if row.sequence == invitation.sequence:
        return row.state == State.PLANNED and not invitation.repeats
    return row.state != State.NOT_HELD or slot.ends_at > at


def _drop(invitation: Invitation, kept: Kept, names: set[str], at: datetime) -> int:
    """Call off what is ahead and was planned by an older word, and is planned no more."""
    gone = [
        row
        for name, row in kept.items()
        if name not in names and row.ends_at > at and row.sequence < invitation.sequence
    ]
    return sum(_end(row, row.sequence) for row in gone)


def _call_off(invitation: Invitation, kept: Kept, met: Met | None, person: User, at: datetime) -> int:
    """The meeting, the one of its series, or all of its series that are ahead. One that was never heard of
    leaves a trace, where it is with a partner: its invitation may come later."""
    if invitation.is_one_of_series:
        names = [_name(invitation, slot) for slot in invitation.slots]
    else:
        names = [name for name, row in kept.items() if not name or row.ends_at > at]
        names += [] if "" in kept else [""]
    changed = 0
    for name in names:
        if (row := kept.get(name)) is not None:
            changed += _end(row, invitation.sequence)
        elif met is not None and invitation.slots:
            _leave_a_trace(invitation, name, met, person, at)
    return changed


def _end(row: Meeting, sequence: int) -> int:
    if row.state != State.PLANNED or row.sequence > sequence:
        return 0
    row.state, row.sequence = State.CALLED_OFF, sequence
    row.save(update_fields=["state", "sequence"])
    return 1


def _leave_a_trace(invitation: Invitation, name: str, met: Met, person: User, at: datetime) -> None:
    slot = invitation.slots[0]
    Meeting.objects.create(
        person=person,
        partner=met.partner,
        title=invitation.title,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        uid=invitation.uid,
        sequence=invitation.sequence,
        recurrence=name,
        state=State.CALLED_OFF,
        created_at=at,
    )
