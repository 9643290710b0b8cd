"""What became of a meeting that is over: it was logged, or did not take place. Each is said once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from conversations.models import Meeting, Message
from partners.models import Event
from prm.references import Reference
from prm.refusals import Refused
from team.models import User

State = Meeting.State


class MeetingRefused(Refused):
    """The meeting stays as it was."""


def words(meeting: Meeting) -> str:
    """What the log of a meeting begins with."""
    people = [contact.name for contact in meeting.contacts.all()]
    with_whom = f", with {', '.join(people)}" if people else ""
    return f"Held as planned{with_whom}."


def logged(meeting: Meeting, message: Message, at: datetime) -> None:
    """It was held, and this message says so. Within the transaction that wrote the message."""
    _from_planned(meeting, at, state=State.LOGGED, message=message)


def held(uid: str, message: Message) -> None:
    """The meeting that was asked to under this uid was held, and this message says so: nobody of ours is
    asked to log it again. Within the transaction that wrote the message."""
    Meeting.objects.planned().filter(uid=uid).update(state=State.LOGGED, message=message)


@transaction.atomic
def not_held(meeting: Meeting, by: User, at: datetime) -> None:
    """It did not take place."""
    _from_planned(meeting, at, state=State.NOT_HELD)
    Event.record("meeting_not_held", at, by, meeting.partner, reference(meeting), note=meeting.title)


@transaction.atomic
def ask_again(meeting: Meeting, by: User, at: datetime, undoes: Event | None = None) -> Event | None:
    """Take back that it did not take place."""
    changed = Meeting.objects.filter(pk=meeting.pk, state=State.NOT_HELD).update(state=State.PLANNED)
    if not changed:
        raise MeetingRefused("This was taken back already.")
    return Event.record(
        "meeting_asked_again", at, by, meeting.partner, reference(meeting), note=meeting.title, undoes=undoes
    )


def reference(meeting: Meeting) -> Reference:
    return Reference("meeting", meeting.pk)


def _from_planned(meeting: Meeting, at: datetime, state: str, message: Message | None = None) -> None:
    if not meeting.is_over(at):
        raise MeetingRefused("This meeting is not over yet.")
    still = Meeting.objects.filter(pk=meeting.pk, state=State.PLANNED, ends_at__lte=at)
    if not still.update(state=state, message=message):
        raise MeetingRefused("This meeting was logged or moved meanwhile. Look at it again.")
