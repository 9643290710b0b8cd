"""Mail of unknown senders: a person says whose it is, or puts it away. The wait counts from its own time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from conversations import incoming, sent
from conversations.mail import reading
from conversations.mail.threading import Place
from conversations.models import Conversation, Message, RawMail
from partners import contacts
from partners.models import Contact, Event, Partner
from prm.references import Reference
from prm.refusals import Refused
from team.models import User

State = RawMail.State


class FilingRefused(Refused):
    """The mail cannot be filed like this."""


@transaction.atomic
def file(
    raw: RawMail,
    to: Partner,
    by: User,
    at: datetime,
    contact: Contact | None = None,
    conversation: Conversation | None = None,
) -> Message:
    """This mail is of that partner, perhaps of one of its people, perhaps in one of its threads."""
    held = _held(raw)
    if conversation is not None and conversation.partner_id != to.pk:
        raise FilingRefused(f"“{conversation}” is no conversation with {to}.")
    whole = content(held)
    if (author := _one_of_us(held)) is not None:
        message = _ours(whole, author, to, at)
    else:
        message = incoming.store(held, reading.read(whole), Place(to, contact, conversation), at)
    RawMail.objects.filter(pk=held.pk).update(state=State.FILED, handled_by=by, handled_at=at)
    Event.record("mail_filed", at, by, to, Reference("message", message.pk), note=held.who)
    return message


def _one_of_us(raw: RawMail) -> User | None:
    """Its author, where that is one of us and nothing speaks against it."""
    return User.objects.filter(email=raw.sender).first() if raw.sender and not raw.doubt else None


def _ours(whole: bytes, author: User, to: Partner, at: datetime) -> Message:
    """What one of us wrote is no question of theirs: it counts as our message, where it went to them."""
    filed = sent.file(whole, reading.read(whole), author, at, author.email)
    message = next((each for each in filed if each.partner_id == to.pk), None)
    if message is None:
        raise FilingRefused(f"{author} wrote this, and it went to nobody we know at {to}.")
    return message


@transaction.atomic
def make_contact(
    raw: RawMail,
    at_partner: Partner,
    name: str,
    by: User,
    at: datetime,
    conversation: Conversation | None = None,
) -> tuple[Message, int]:
    """The sender is somebody there: a contact from now on. Its other waiting mails are filed, too.

    Returns the message of this mail, and how many others were filed with it.
    """
    if not raw.sender:
        raise FilingRefused("This mail names no sender. File it without making a contact.")
    if (colleague := _one_of_us(raw)) is not None:
        raise FilingRefused(f"{colleague} is one of us. File it without making a contact.")
    contact = contacts.add(at_partner, name, by=by, at=at, email=raw.sender)
    message = file(raw, at_partner, by, at, contact, conversation)
    others = RawMail.objects.unknown().filter(sender=raw.sender).select_related("claims")
    filed = 0
    for other in others.order_by("written_at", "pk"):
        if other.claims is None or other.claims.partner_id == at_partner.pk:
            file(other, at_partner, by, at, contact, other.claims)
            filed += 1
    return message, filed


@transaction.atomic
def put_away(raw: RawMail, by: User, at: datetime) -> None:
    """Nobody needs it. It is kept, and found under what was put away."""
    held = _held(raw)
    RawMail.objects.filter(pk=held.pk).update(state=State.DROPPED, handled_by=by, handled_at=at)


@transaction.atomic
def bring_back(raw: RawMail) -> None:
    """It waits for somebody again."""
    back = RawMail.objects.filter(pk=raw.pk, state__in=[State.DROPPED, State.BLOCKED])
    if not back.update(state=State.UNKNOWN, handled_by=None, handled_at=None):
        raise FilingRefused("This mail was filed already.")


def content(raw: RawMail) -> bytes:
    """The mail as it came."""
    with raw.file.open("rb") as file:
        return file.read()


def _held(raw: RawMail) -> RawMail:
    """The mail, held; refused where somebody dealt with it already."""
    held = (
        RawMail.objects.select_for_update(of=("self",)).select_related("handled_by").filter(pk=raw.pk).first()
    )
    if held is None or held.state not in {State.UNKNOWN, State.DROPPED, State.BLOCKED}:
        who = f" {held.handled_by}" if held is not None and held.handled_by else " Somebody"
        raise FilingRefused(f"{who.strip()} has dealt with this mail already.")
    return held
