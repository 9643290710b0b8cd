"""What was said, corrected: with a trace, and the waits settled anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from conversations import late_logs, privacy, records, waiting
from conversations.mail import keeping
from conversations.models import Message, Wait
from conversations.records import Channel, Direction, MessageRefused, reference
from partners.models import Event
from prm.models import OutboxItem
from team import notices
from team.models import User
from team.roles import permitted_or_403


def may_mend_or_403(user: User, message: Message) -> None:
    """Who wrote an entry may mend it; for others it is a change of the partner."""
    if message.author_id != user.pk:
        permitted_or_403(user, "change partner", message.conversation.partner)


# --- corrections --------------------------------------------------------------------------------------


@transaction.atomic
def withdraw(
    message: Message, reason: str, by: User, at: datetime, undoes: Event | None = None
) -> Event | None:
    """Take a wrong entry out: it stays with its trace and counts for nothing. What went out stays."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise MessageRefused("Say why it is withdrawn.")
    held, conversations = records.hold(message)
    _not_gone(held)
    records.change(held, withdrawn_at=at, withdrawn_by=by, withdrawn_reason=reason)
    records.settle(conversations, by, at)
    _left(held, by, at)
    return Event.record(
        "message_withdrawn", at, by, held.partner, reference(held), note=reason, undoes=undoes
    )


@transaction.atomic
def restore(message: Message, by: User, at: datetime, undoes: Event | None = None) -> Event | None:
    """Bring a withdrawn entry back, unless a corrected one stands in its place."""
    held, conversations = records.hold(message)
    if held.withdrawn_at is None or held.erased_at is not None or hasattr(held, "corrected_by"):
        raise MessageRefused("This entry cannot be brought back.")
    records.change(held, withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
    records.settle(conversations, by, at)
    _asked(held, at)
    return Event.record("message_restored", at, by, held.partner, reference(held), undoes=undoes)


CORRECTABLE = {"body", "subject", "occurred_at", "minutes", "contact", "channel", "visible_to_partner"}


@transaction.atomic
def correct(message: Message, by: User, at: datetime, **changes: Any) -> Message:
    """Put a corrected entry in the place of a logged one; the old one stays as withdrawn.

    Takes `body`, `subject`, `occurred_at`, `minutes`, `contact`, `channel`, `visible_to_partner`.
    """
    if unknown := set(changes) - CORRECTABLE:
        raise TypeError(f"cannot correct {sorted(unknown)}")
    held, conversations = records.hold(message)
    _not_gone(held)
    if held.external_id or held.raw_id:
        raise MessageRefused("A mail is kept as it came. Withdraw it, if it is filed wrongly.")
    fresh = Message.objects.get(pk=held.pk)
    fresh.pk, fresh.outbox, fresh.corrects = None, None, held
    fresh._state.adding = True
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.body, fresh.subject = records.words(fresh.body), records.line(fresh.subject)
    fresh.occurred_at = records.not_ahead(fresh.occurred_at, at)
    records.must_be_of(fresh.contact, held.partner)
    fresh.visible_to_partner = fresh.visible_to_partner and fresh.channel != Channel.NOTE
    if fresh.occurred_at < held.occurred_at and _is_answer(held):
        fresh.declined_at = None
        fresh.unconfirmed = late_logs.needs_approval(conversations[0], fresh.occurred_at, at, by)
    fresh.save()
    fresh.also_answers.set(held.also_answers.all())
    records.change(held, withdrawn_at=at, withdrawn_by=by, withdrawn_reason="Corrected")
    if fresh.occurred_at == held.occurred_at:
        Wait.objects.filter(opened_by=held).update(opened_by=fresh)
        Wait.objects.filter(answer=held).update(answer=fresh)
    records.settle(conversations, by, at)
    _left(held, by, at)
    _asked(fresh, at)
    names = {name: [str(getattr(held, name)), str(getattr(fresh, name))] for name in changes}
    Event.record("message_corrected", at, by, held.partner, reference(fresh), changes=names)
    return fresh


# --- deleted by an admin ------------------------------------------------------------------------------

Forget = Callable[[Sequence[Message]], object]
_elsewhere: list[Forget] = []


def also_forget(forget: Forget) -> None:
    """Register where else words of messages stand: it is asked in the transaction that deletes them, before
    they are gone."""
    _elsewhere.append(forget)


WORDLESS: dict[str, Any] = {"body": "", "subject": "", "address": "", "contact": None, "minutes": None}


@transaction.atomic
def erase(message: Message, reason: str, by: User, at: datetime) -> Event | None:
    """Delete the words of a message and of what it corrects, for good. That it was there, when, and who
    deleted it and why stays; it counts for nothing. A mail that comes again is not taken in anew."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise MessageRefused("Say why it is deleted.")
    held, conversations = records.hold(message)
    if held.erased_at is not None:
        raise MessageRefused("This message was deleted already.")
    if held.outbox is not None and held.outbox.state == OutboxItem.State.WAITING:
        raise MessageRefused("This is being sent. Delete it when it has gone out.")
    chain = _with_former(held)
    ids = [each.pk for each in chain]
    for forget in _elsewhere:
        forget(chain)
    records.change(held, withdrawn_at=held.withdrawn_at or at, withdrawn_by=by, withdrawn_reason=reason)
    Message.objects.filter(pk__in=ids).update(erased_at=at, **WORDLESS)
    keeping.forget(ids)
    sent = [each.outbox_id for each in chain if each.outbox_id is not None]
    OutboxItem.objects.filter(pk__in=sent).update(to="", subject="", body="")
    Event.objects.filter(about_kind="message", about_id__in=ids, kind="message_corrected").update(changes={})
    records.settle(conversations, by, at)
    _left(held, by, at)
    return Event.record("message_erased", at, by, held.partner, reference(held), note=reason)


def _with_former(message: Message) -> list[Message]:
    """A message, what it corrects, and what corrects it."""
    chain = [message]
    while chain[-1].corrects is not None:
        chain.append(chain[-1].corrects)
    while (later := Message.objects.filter(corrects=chain[0]).first()) is not None:
        chain.insert(0, later)
    return chain


@transaction.atomic
def bounced(message: Message, at: datetime) -> Event | None:
    """A reply of ours was not delivered: the wait runs on with its original times."""
    held, conversations = records.hold(message)
    if held.bounced_at is not None or held.direction != Direction.OUT:
        return None
    records.change(held, bounced_at=at)
    records.settle(conversations, "mail", at)
    if held.author is not None:
        notices.give(
            held.author,
            "reply_bounced",
            reference(held),
            held.occurred_at,
            at,
            f"Your reply to {held.partner} did not arrive: {held.subject}",
            held.conversation.get_absolute_url(),
            private=privacy.for_notices(
                held.conversation, f"A private mail to {held.partner} did not arrive"
            ),
        )
    return Event.record("message_bounced", at, "mail", held.partner, reference(held))


def did_not_leave(item: OutboxItem, at: datetime) -> None:
    """A reply was given up by the outbox: as if it had come back."""
    message = Message.objects.filter(pk=item.about["message"]).first()
    if message is not None:
        bounced(message, at)


@transaction.atomic
def start_clock(message: Message, by: User, at: datetime) -> Event | None:
    """A message we stood on only in Cc is for us after all: the clock runs from its time."""
    held, conversations = records.hold(message)
    if not held.is_copy or held.asks:
        raise MessageRefused("The clock of this message needs no start.")
    records.change(held, asks=True)
    records.settle(conversations, by, at)
    return Event.record("clock_started", at, by, held.partner, reference(held))


def _left(held: Message, by: User, at: datetime) -> None:
    """What was to be confirmed is not there any more."""
    if held.unconfirmed and held.declined_at is None and held.author is not None:
        late_logs.left(held.author, by, at)


def _asked(message: Message, at: datetime) -> None:
    """It is to be confirmed, still or from now on."""
    if message.unconfirmed and message.declined_at is None:
        late_logs.ask(message, at)


def _not_gone(message: Message) -> None:
    if message.withdrawn_at is not None:
        raise MessageRefused("This entry was withdrawn already.")
    if message.outbox is not None and message.outbox.state == OutboxItem.State.SENT:
        raise MessageRefused("This went out by mail and cannot be taken back. Write again instead.")


def _is_answer(message: Message) -> bool:
    written = message.channel in waiting.WRITTEN and message.visible_to_partner
    return message.answers or written or message.also_answers.exists()
