"""How a message is stored: held conversation, clean words, waits settled, last touch pushed.

The verbs are in `messages` and `corrections`; both go through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q

from conversations import outgoing, responsibility, waiting, waits
from conversations.models import Conversation, Mailbox, Message
from partners.models import Contact, Event, Membership, Partner
from prm import outbox
from prm.references import Reference
from prm.refusals import Refused

AHEAD = timedelta(minutes=5)
LONGEST = 200_000  # letters

Channel, Direction = Message.Channel, Message.Direction


class MessageRefused(Refused):
    """The message cannot be stored like this."""


def reference(message: Message) -> Reference:
    return Reference("message", message.pk)


def store(
    conversation: Conversation,
    at: datetime,
    by: waits.Actor,
    also: Sequence[Conversation] = (),
    leaves: bool = True,
    **columns: Any,
) -> Message:
    """Store a message of a conversation that is held, send it where it is a mail, settle the waits.

    One that was sent elsewhere `leaves` no more.
    """
    must_be_of(columns.get("contact"), conversation.partner)
    columns["body"], columns["subject"] = words(columns["body"]), line(columns["subject"])
    if not columns["body"] and columns["direction"] == Direction.OUT:
        raise MessageRefused("Write a few words first.")
    message = Message.objects.create(
        conversation=conversation, partner=conversation.partner, recorded_at=at, **columns
    )
    if also:
        message.also_answers.set(also)
    if conversation.is_private and message.author is not None:
        conversation.people.add(message.author)
    if leaves and message.external_id and message.direction == Direction.OUT:
        message.outbox = outgoing.send(message)
        message.save(update_fields=["outbox"])
    settle([conversation, *also], by, at)
    touch(message)
    return message


def as_mail(conversation: Conversation, address: str) -> dict[str, Any]:
    """What makes an outgoing message a mail; nothing where none leaves."""
    if not outbox.mails_leave():
        return {"address": address}
    known = conversation.messages.exclude(external_id="").filter(withdrawn_at=None)
    return {
        "address": address,
        "external_id": outbox.new_message_id(),
        "in_reply_to": " ".join(known.values_list("external_id", flat=True)),
    }


def touch(message: Message) -> None:
    """Push what lists sort by: the thread's last message, and the last touch of partner and contact."""
    conversation = message.conversation
    written = message.direction == Direction.IN and message.channel in waiting.WRITTEN
    waits_on = (written and not message.is_automatic) or conversation.waits.open().exists()
    last = max(filter(None, [conversation.last_message_at, message.occurred_at]))
    columns: dict[str, Any] = {"last_message_at": last}
    if waits_on:
        columns["state"] = Conversation.State.OPEN
    Conversation.objects.filter(pk=conversation.pk).update(**columns)
    for name, value in columns.items():
        setattr(conversation, name, value)
    if message.is_automatic or message.channel == Channel.NOTE:
        return
    older = Q(last_touch_at=None) | Q(last_touch_at__lt=message.occurred_at)
    Partner.objects.filter(older, pk=message.partner_id).update(last_touch_at=message.occurred_at)
    if message.contact_id:
        Contact.objects.filter(older, pk=message.contact_id).update(last_touch_at=message.occurred_at)


def standing(conversation: Conversation) -> Conversation:
    return conversation.merged_into or conversation


def thread(
    partner: Partner,
    conversation: Conversation | None,
    subject: str,
    contact: Contact | None,
    at: datetime,
    *others: Conversation,
    membership: Membership | None = None,
) -> Conversation:
    """The conversation to write into, held together with `others`; a new one, about `membership`, where none
    is named."""
    must_be_of(contact, partner)
    if conversation is not None:
        conversation = standing(conversation)
        if conversation.partner_id != partner.pk:
            raise MessageRefused(f"This conversation is not with {partner}.")
        held = waits.locked(conversation, *others)
        return next(each for each in held if each.pk == conversation.pk)
    if others:
        waits.locked(*others)
    if membership is not None and membership.partner_id != partner.pk:
        raise MessageRefused(f"{membership} is no membership of {partner}.")
    return new_thread(partner, line(subject) or "Without subject", at, membership=membership)


def new_thread(
    partner: Partner,
    subject: str,
    at: datetime,
    mailbox: Mailbox | None = None,
    membership: Membership | None = None,
) -> Conversation:
    """A conversation with nothing in it yet; done until something in it waits. It is written before it is
    asked whose it is, so that whoever changes that meanwhile meets it, or is met."""
    made = Conversation.objects.create(
        partner=partner,
        subject=subject,
        created_at=at,
        state=Conversation.State.DONE,
        mailbox=mailbox,
        membership=membership,
    )
    responsibility.settle_one(made)
    return made


def must_be_of(contact: Contact | None, partner: Partner) -> None:
    if contact is not None and contact.partner_id != partner.pk:
        raise MessageRefused(f"{contact} is no contact of {partner}.")


def not_ahead(moment: datetime, at: datetime) -> datetime:
    if moment > at + AHEAD:
        raise MessageRefused("This lies ahead. Log it when it has happened.")
    if moment.year < 1990:
        raise MessageRefused("This is too long ago. Check the year.")
    return min(moment, at)


def words(text: str) -> str:
    """Text the database can keep: no NUL, no half characters."""
    whole = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()
    if len(whole) > LONGEST:
        raise MessageRefused(f"This is too long ({len(whole)} letters; {LONGEST} at most).")
    return whole


def line(text: str) -> str:
    """One line of at most 300 letters."""
    return " ".join(text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").split())[:300]


def hold(message: Message) -> tuple[Message, list[Conversation]]:
    """The message as it stands now, and the conversations it counts in, all held."""
    others = list(message.also_answers.all())
    conversations = waits.locked(message.conversation, *others)
    held = Message.objects.select_for_update(of=("self",), no_key=True).select_related(
        "partner", "author", "conversation"
    )
    return held.get(pk=message.pk), conversations


def logged_as(message: Message) -> Event | None:
    """The event of writing it down; none where it was sent or came in."""
    return Event.objects.filter(kind="message_logged", about_kind="message", about_id=message.pk).first()


def change(held: Message, **columns: Any) -> None:
    Message.objects.filter(pk=held.pk).update(**columns)
    for name, value in columns.items():
        setattr(held, name, value)


def settle(conversations: Iterable[Conversation], by: waits.Actor, at: datetime) -> None:
    for conversation in conversations:
        waits.settle(conversation, by, at)


def settle_anew(conversations: Iterable[Conversation], by: waits.Actor, at: datetime) -> None:
    """Bring the waits of held conversations in line with what stands in them now, and what lists show."""
    settle(conversations, by, at)
    for each in conversations:
        columns: dict[str, Any] = {
            "last_message_at": each.messages.aggregate(last=Max("occurred_at"))["last"]
        }
        if each.waits.open().exists():
            columns["state"] = Conversation.State.OPEN
        Conversation.objects.filter(pk=each.pk).update(**columns)


def touch_anew(partner: Partner, contact: Contact | None = None) -> None:
    """Push the last touch of a partner, and of a contact, from what stands by now."""
    said = Message.objects.filter(partner=partner, is_automatic=False, withdrawn_at=None)
    said = said.exclude(channel=Channel.NOTE)
    last = said.aggregate(last=Max("occurred_at"))["last"]
    Partner.objects.filter(pk=partner.pk).update(last_touch_at=last)
    if contact is not None:
        last = said.filter(contact=contact).aggregate(last=Max("occurred_at"))["last"]
        Contact.objects.filter(pk=contact.pk).update(last_touch_at=last)
