"""A partner's mail comes in: whose it is, which conversation it belongs to, once for each Message-ID."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from conversations import corrections, mail, messages, records, responsibility
from conversations.mail import Incoming
from conversations.models import Message
from partners.keys import own_domain
from partners.models import Contact, Partner
from prm.refusals import Refused
from team import notices

LARGEST = 25 * 1024 * 1024  # bytes
OLDEST = timedelta(days=5 * 365)


class MailRefused(Refused):
    """The mail was not stored."""


class SenderUnknown(MailRefused):
    """Nobody here knows who wrote it."""


@dataclass(frozen=True)
class Accepted:
    """What became of a mail. `message` is None for a delivery report on mails of ours."""

    message: Message | None
    is_new: bool
    says: str


def accept(raw: bytes, at: datetime) -> Accepted:
    """Take one raw mail in. Nothing is stored when it is refused."""
    if len(raw) > LARGEST:
        raise MailRefused(f"This mail is larger than {LARGEST // 2**20} MB.")
    if not raw.strip():
        raise MailRefused("There is no mail: the input is empty.")
    read = mail.read(raw)
    known = Message.objects.filter(external_id=read.message_id).first()
    if known is not None:
        return Accepted(known, False, f"was here already, as message {known.pk}")
    if reported := _bounces(read, at):
        return Accepted(None, True, f"reports that {reported} of our mails did not arrive")
    partner, contact = _sender(read)
    try:
        with transaction.atomic():
            message = _store(read, partner, contact, at)
    except IntegrityError:  # another process took the same mail in meanwhile
        twin = Message.objects.filter(external_id=read.message_id).first()
        if twin is None:
            raise
        return Accepted(twin, False, f"was here already, as message {twin.pk}")
    return Accepted(message, True, f"is message {message.pk} of {partner}, in “{message.conversation}”")


def _bounces(read: Incoming, at: datetime) -> int:
    """Mark our mails that a delivery report names as not delivered; how many."""
    ours = Message.objects.filter(
        external_id__in=read.undelivered, direction=Message.Direction.OUT, withdrawn_at=None
    )
    return sum(corrections.bounced(message, at) is not None for message in ours)


def _sender(read: Incoming) -> tuple[Partner, Contact | None]:
    """Whose mail it is: by a contact's address, else by a domain that is one partner's alone."""
    if not read.sender:
        raise SenderUnknown("The mail names no sender; it was not stored.")
    contacts = _contacts(read.sender)
    partners = {contact.partner for contact in contacts} or _partners_of_domain(read.sender)
    if not partners:
        raise SenderUnknown(
            f"Nobody here knows {read.sender}; the mail was not stored. Add the address to a contact first."
        )
    answered = _answered_message(read, partners)
    partner = (
        answered.conversation.partner if answered else [*(each.partner for each in contacts), *partners][0]
    )
    return partner, next((contact for contact in contacts if contact.partner_id == partner.pk), None)


def _contacts(address: str) -> list[Contact]:
    """The contacts who write from this address, those still there first."""
    found = (
        Contact.objects.filter(
            Q(email__iexact=address) | Q(addresses__email__iexact=address),
            merged_into=None,
            withdrawn_at=None,
        )
        .select_related("partner")
        .distinct()
    )
    standing = [contact for contact in found if contact.partner.merged_into_id is None]
    return sorted(standing, key=lambda each: (each.left_on is not None, not each.is_primary, each.pk))


def _partners_of_domain(address: str) -> set[Partner]:
    domain = own_domain(address)
    if not domain:
        return set()
    partners = Partner.objects.filter(merged_into=None).filter(Q(domain=domain) | Q(domains__domain=domain))
    found = set(partners.distinct()[:2])
    return found if len(found) == 1 else set()


def _answered_message(read: Incoming, partners: set[Partner]) -> Message | None:
    """The nearest message it answers, among those of the sender's own partners."""
    known = {
        message.external_id: message
        for message in Message.objects.filter(
            external_id__in=read.references, conversation__partner__in=partners
        ).select_related("conversation__partner", "conversation__merged_into")
    }
    return next((known[each] for each in read.references if each in known), None)


def _store(read: Incoming, partner: Partner, contact: Contact | None, at: datetime) -> Message:
    answered = _answered_message(read, {partner})
    conversation = records.standing(answered.conversation) if answered else None
    dated, clamped = _moment(read, at)
    message = messages.receive(
        partner,
        Message.Channel.EMAIL,
        _shortened(read.body),
        at,
        conversation,
        occurred_at=dated,
        contact=contact,
        subject=read.subject if conversation else _without_re(read.subject),
        clamped=clamped,
        is_automatic=read.is_automatic,
        is_copy=_only_copied(read),
        external_id=read.message_id,
        in_reply_to=" ".join(read.references),
        address=read.sender,
    )
    _crossed(message, at)
    return message


def _moment(read: Incoming, at: datetime) -> tuple[datetime, bool]:
    """When it was written; a missing, future or absurd date is replaced by now and flagged."""
    if read.dated is None or read.dated > at or read.dated < at - OLDEST:
        return at, True
    return read.dated, False


def _only_copied(read: Incoming) -> bool:
    """Whether we stand in Cc and somebody else in To."""
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    return ours in read.cc and ours not in read.to


def _crossed(message: Message, at: datetime) -> None:
    """A mail that was written before our last reply but arrived after it opens no wait: say so."""
    if message.is_automatic or message.is_copy or message.conversation.waits.open().exists():
        return
    replies: Any = message.conversation.messages.filter(
        direction=Message.Direction.OUT, occurred_at__gte=message.occurred_at, withdrawn_at=None
    )
    if not replies.exists():
        return
    for person in responsibility.answerers(message.conversation, at):
        notices.give(
            person,
            "mail_crossed",
            records.reference(message),
            message.occurred_at,
            at,
            f"A mail of {message.partner} crossed with your reply: {message.subject}",
            message.conversation.get_absolute_url(),
        )


def _shortened(body: str) -> str:
    if len(body) <= records.LONGEST:
        return body
    return body[: records.LONGEST - 40] + "\n[… the rest was too long to keep]"


_MARKS = re.compile(r"^((re|fwd?|aw|wg|sv|tr)\s*:\s*)+", re.IGNORECASE)


def _without_re(subject: str) -> str:
    """The subject of a new conversation: without Re:, Fwd:, AW:, WG:."""
    return _MARKS.sub("", subject)
