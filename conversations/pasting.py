"""A chat held elsewhere becomes messages of one conversation: all of it or nothing, each once.

The waits it opened and answered are counted by the times in it, as if it had come in; what of ours is
older than 72 working hours answers once it is confirmed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from conversations import chats, late_logs, pauses, records, waits
from conversations.models import Conversation, Message, hidden_from
from conversations.records import Channel, Direction, MessageRefused
from partners.models import Contact, Event, Partner
from team.models import User


@dataclass(frozen=True)
class Said:
    """One message of a chat: where it stands in the text, when, what, and by whom (None: by us)."""

    number: int
    at: datetime
    text: str
    contact: Contact | None

    @property
    def key(self) -> tuple[datetime, int | None, str]:
        return (self.at, self.contact.pk if self.contact else None, self.text)


@dataclass(frozen=True)
class Saved:
    """What became of a chat: where it stands, how many were written, how many stood there before."""

    conversation: Conversation
    written: int
    known: int
    unconfirmed: int


@transaction.atomic
def save(
    partner: Partner, chat: Sequence[Said], by: User, at: datetime, conversation: Conversation | None = None
) -> Saved:
    """Keep a chat. It goes on in `conversation`, else in the one where part of it stands already, else in
    one of its own."""
    said = [_cleaned(each, at) for each in sorted(chat, key=lambda each: (each.at, each.number))]
    if not said:
        raise MessageRefused("There is no message in it.")
    if len(said) > chats.MOST:
        raise MessageRefused(f"These are {len(said)} messages; paste {chats.MOST} at most at once.")
    known = _known(partner, said, by)
    fresh = [each for each in said if each.key not in known]
    into = conversation or next(iter(known.values()), None)
    if not fresh:
        assert into is not None  # where all is known, a conversation holds it
        return Saved(into, 0, len(said), 0)
    contact = next((each.contact for each in said if each.contact), None)
    thread = records.thread(partner, into, f"Chat with {contact}" if contact else "Chat", contact, at)
    written = Message.objects.bulk_create(_messages(thread, fresh, by, at))
    _settle(thread, written, by, at)
    unconfirmed = [message for message in written if message.unconfirmed]
    for message in unconfirmed[:1]:
        late_logs.ask(message, at)
    note = f"{len(written)} messages, {thread}"
    Event.record("chat_pasted", at, by, partner, records.reference(written[0]), note=note)
    return Saved(thread, len(written), len(said) - len(fresh), len(unconfirmed))


def _cleaned(each: Said, at: datetime) -> Said:
    """The same with words the database keeps; refused with the line it stands in."""
    try:
        moment = records.not_ahead(each.at, at)
        return Said(each.number, moment, records.words(each.text), each.contact)
    except MessageRefused as refusal:
        raise MessageRefused(f"Line {each.number}: {refusal}") from refusal


def _known(
    partner: Partner, said: list[Said], by: User
) -> dict[tuple[datetime, int | None, str], Conversation]:
    """What of it stands there already, and in which conversation that `by` may read."""
    rows = Message.objects.filter(
        ~hidden_from(by, "conversation"),
        partner=partner,
        channel=Channel.CHAT,
        occurred_at__gte=said[0].at,
        occurred_at__lte=said[-1].at,
        withdrawn_at=None,
    ).select_related("conversation")
    keys = {
        (row.occurred_at, row.contact_id if row.direction == Direction.IN else None, row.body): row
        for row in rows
    }
    return {each.key: keys[each.key].conversation for each in said if each.key in keys}


def _messages(thread: Conversation, fresh: list[Said], by: User, at: datetime) -> list[Message]:
    """The rows, not written yet."""
    late = _late_until(thread, [each.at for each in fresh if each.contact is None], by, at)
    opened = list(thread.waits.filter(metric__in=waits.REPLY).values_list("opened_at", flat=True))
    asked_at = min([*opened, *(each.at for each in fresh if each.contact is not None)], default=None)
    whom = next((each.contact for each in fresh if each.contact is not None), None)
    return [
        Message(
            conversation=thread,
            partner=thread.partner,
            direction=Direction.OUT if each.contact is None else Direction.IN,
            channel=Channel.CHAT,
            occurred_at=each.at,
            recorded_at=at,
            subject=thread.subject,
            body=each.text,
            contact=each.contact or whom,
            author=by if each.contact is None else None,
            unconfirmed=each.contact is None
            and late is not None
            and each.at <= late
            and asked_at is not None
            and each.at >= asked_at,
        )
        for each in fresh
    ]


def _late_until(thread: Conversation, ours: list[datetime], by: User, at: datetime) -> datetime | None:
    """The newest moment of these, in their order, that is reported too late to count by itself."""
    late = bisect_left(ours, True, key=lambda when: not late_logs.needs_approval(thread, when, at, by))
    return ours[late - 1] if late else None


def _settle(thread: Conversation, written: list[Message], by: User, at: datetime) -> None:
    """Count the waits, let paused clocks run on, and push the last touch of partner and contacts."""
    waits.settle(thread, by, at)
    if thread.waits.open().exists():
        for message in written:
            if message.direction == Direction.IN:
                pauses.heard(thread, message.occurred_at, at)
    last = {message.contact_id: message for message in written}
    for message in last.values():
        records.touch(message)
