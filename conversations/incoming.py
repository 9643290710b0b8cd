"""A mail comes in: kept as it came, then filed where it belongs, once for each Message-ID.

What was filed is filed: seen again it is not looked at anew, though by now it might go to another partner.
A person may have moved it meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from conversations import (
    copies,
    corrections,
    messages,
    privacy,
    records,
    responsibility,
    roster,
    taking_back,
    thanks,
)
from conversations.mail import authentication, blocking, keeping, reading, reply_address, threading
from conversations.mail.reading import Incoming
from conversations.mail.threading import Place, Unplaced
from conversations.meetings import filing
from conversations.models import Conversation, Mailbox, Message, RawMail
from prm import bounces
from prm.models import OutboxItem
from prm.references import Reference
from prm.refusals import Refused
from team import notices
from team.models import User

LARGEST = 100 * 1024 * 1024  # bytes that are taken in at all
FORGED = "Our mail server could not confirm that it comes from its sender's domain (DMARC failed)."
OLDEST = timedelta(days=5 * 365)

State = RawMail.State


class MailRefused(Refused):
    """The mail was not stored."""


@dataclass(frozen=True)
class Accepted:
    """What became of a mail. `message` is None where it is in no conversation."""

    message: Message | None
    is_new: bool
    says: str


Take = Callable[[bytes, Incoming, datetime, Mailbox | None], Accepted | None]
_ways: list[Take] = []


def register(take: Take) -> None:
    """Register who takes a mail, in the same transaction, before it is filed by its sender."""
    _ways.append(take)


def accept(raw: bytes, at: datetime, mailbox: Mailbox | None = None) -> Accepted:
    """Take one raw mail in, from a mailbox or by another way. Nothing is stored when it is refused.

    Whatever is a mail is kept; only of a person's own mailbox what is not with a partner is left there.
    """
    if len(raw) > LARGEST:
        raise MailRefused(f"This mail is larger than {LARGEST // 2**20} MB.")
    if not raw.strip():
        raise MailRefused("There is no mail: the input is empty.")
    if not reading.is_mail(raw):
        raise MailRefused("This is no mail: it has none of the headers that a mail has.")
    read = reading.read(raw)
    if (before := known(read)) is not None:
        return before
    try:
        with transaction.atomic():
            return _take(raw, read, at, mailbox)
    except IntegrityError:  # another process took the same mail in meanwhile
        if (twin := known(read)) is None:
            raise
        return twin


def known(read: Incoming) -> Accepted | None:
    """What became of this mail when it was seen before: it came twice, or is one of ours."""
    raw = RawMail.objects.filter(external_id=read.message_id).first()
    stored = raw.messages if raw else Message.objects.filter(external_id=read.message_id)
    if (message := stored.order_by("pk").first()) is not None:
        return Accepted(message, False, f"was here already, as message {message.pk}")
    if raw is not None:
        return Accepted(None, False, f"was here already ({raw.get_state_display().lower()})")
    if OutboxItem.objects.filter(message_id=read.message_id).exists():
        return Accepted(None, False, "is one that we sent ourselves")
    return None


def _take(raw: bytes, read: Incoming, at: datetime, mailbox: Mailbox | None) -> Accepted:
    dated, _ = moment(read, at)
    if reported := did_not_arrive(read.undelivered, at, read.undelivered_to):
        keeping.raw(raw, read, State.REPORT, at, written_at=dated, mailbox=mailbox)
        return Accepted(None, True, f"reports that {reported} of our mails did not arrive")
    if (planned := filing.file(read, at)) is not None:
        return Accepted(None, True, planned)
    for take in _ways:
        if (taken := take(raw, read, at, mailbox)) is not None:
            return taken
    if taking_back.keeps_out(read, mailbox):
        return Accepted(None, False, "belongs to what was taken back and stays in the mailbox")
    where = threading.place(read)
    if read.dmarc == authentication.FAIL:
        where = Unplaced(_claimed(where))
    if isinstance(where, Place):
        kept = keeping.raw(raw, read, State.FILED, at, written_at=dated, mailbox=mailbox)
        message = store(kept, read, where, at)
        says = f"is message {message.pk} of {where.partner}, in “{message.conversation}”"
        return Accepted(message, True, says)
    if mailbox is not None and mailbox.person_id:
        return Accepted(None, False, "is with no partner and stays in the mailbox")
    return keep_aside(raw, read, where, at, mailbox)


def keep_aside(
    raw: bytes, read: Incoming, where: Unplaced, at: datetime, mailbox: Mailbox | None
) -> Accepted:
    """Keep it under Unknown senders, or as blocked, and tell who answers the thread it names."""
    dated, _ = moment(read, at)
    if blocking.is_blocked(read.sender):
        keeping.raw(raw, read, State.BLOCKED, at, written_at=dated, mailbox=mailbox)
        return Accepted(None, True, "is of a blocked sender")
    kept = keeping.raw(
        raw,
        read,
        State.UNKNOWN,
        at,
        written_at=dated,
        mailbox=mailbox,
        claims=where.claims,
        doubt=_doubt(read),
    )
    _tell(kept, at)
    return Accepted(None, True, "is kept under Unknown senders")


def _doubt(read: Incoming) -> str:
    """Why the sender is not believed; "" where nothing speaks against it."""
    return FORGED if read.dmarc == authentication.FAIL else ""


def _claimed(where: Place | Unplaced) -> Conversation | None:
    return where.conversation if isinstance(where, Place) else where.claims


@transaction.atomic
def did_not_arrive(message_ids: Collection[str], at: datetime, failed: Collection[str] = ()) -> int:
    """Mark our mails that a delivery report names as not delivered; how many it is news about. `failed` are
    the addresses it speaks of, as far as it says."""
    ours = copies.concerned(message_ids, failed)
    back = sum(corrections.bounced(message, at) is not None for message in ours)
    return max(back, bounces.reported(message_ids, at))


def _tell(kept: RawMail, at: datetime) -> None:
    """Whoever answers a thread hears of a mail that says it belongs there and may not enter."""
    if kept.claims is None or kept.is_automatic:
        return
    for person in roster.answerers(kept.claims, at):
        notices.give(
            person,
            "unknown_sender",
            Reference("raw_mail", kept.pk),
            kept.received_at,
            at,
            _says(kept, kept.claims),
            kept.get_absolute_url(),
            private=privacy.for_notices(
                kept.claims, f"Somebody unknown answers a private conversation with {kept.claims.partner}"
            ),
        )


def _says(kept: RawMail, thread: Conversation) -> str:
    if kept.doubt:
        return f"A mail that may be forged answers “{thread}”, in the name of {kept.sender[:100]}"[:300]
    return f"{kept.sender[:100]} answers “{thread}” and is no contact of {thread.partner}"[:300]


def store(kept: RawMail, read: Incoming, where: Place, at: datetime) -> Message:
    """The message of a kept mail whose place is known, with its files; it counts from when it was written.
    Within the transaction that files the mail."""
    mailbox = kept.mailbox
    ours = {mailbox.address.lower()} if mailbox else set()
    dated, clamped = moment(read, kept.received_at)
    message = messages.receive(
        where.partner,
        Message.Channel.EMAIL,
        shortened(read.body),
        at,
        _thread(read, where, mailbox, at),
        occurred_at=dated,
        contact=where.contact,
        subject=read.subject if where.conversation else without_marks(read.subject),
        clamped=clamped,
        is_automatic=read.is_automatic,
        is_copy=_only_copied(read),
        is_thanks=not read.attached and thanks.is_thanks(read.body, where.contact),
        raw=kept,
        external_id=read.message_id,
        in_reply_to=" ".join(read.references),
        address=read.sender,
    )
    keeping.attachments(message, read.attached)
    privacy.addressed(message.conversation, {*read.to, *read.cc, *ours})
    _crossed(message, at)
    return message


def _thread(read: Incoming, where: Place, mailbox: Mailbox | None, at: datetime) -> Conversation | None:
    """The conversation it continues, or begins where a shared mailbox says who answers; None: any new one.

    Whose it is must stand before its clock starts, which runs by that person's hours.
    """
    if mailbox is None or responsibility.answers_for(mailbox) is None:
        return where.conversation
    if where.conversation is None:
        subject = records.line(without_marks(read.subject)) or "Without subject"
        return records.new_thread(where.partner, subject, at, mailbox)
    if where.conversation.responsible_id is None:
        responsibility.came_by(where.conversation, mailbox)
    return where.conversation


def moment(read: Incoming, at: datetime) -> tuple[datetime, bool]:
    """When it was written; a missing, future or absurd date is replaced by now and flagged."""
    if read.dated is None or read.dated > at or read.dated < at - OLDEST:
        return at, True
    return read.dated, False


def _only_copied(read: Incoming) -> bool:
    """Whether we stand in Cc and only others in To, by whichever mailbox it came in first."""
    if not read.cc:
        return False
    ours = {*Mailbox.objects.values_list(Lower("address")), *User.objects.values_list(Lower("email"))}
    to, cc = (
        any((address,) in ours or reply_address.is_intake(address) for address in addresses)
        for addresses in (read.to, read.cc)
    )
    return cc and not to


def _crossed(message: Message, at: datetime) -> None:
    """A mail that was written before our last reply but arrived after it opens no wait: say so."""
    conversation: Conversation = message.conversation
    if message.is_automatic or message.is_copy or conversation.waits.open().for_reply().exists():
        return
    replies: Any = conversation.messages.filter(
        direction=Message.Direction.OUT, occurred_at__gte=message.occurred_at, withdrawn_at=None
    )
    if not replies.exists():
        return
    for person in roster.answerers(conversation, at):
        notices.give(
            person,
            "mail_crossed",
            records.reference(message),
            message.occurred_at,
            at,
            f"A mail of {message.partner} crossed with your reply: {message.subject}",
            conversation.get_absolute_url(),
            private=privacy.for_notices(
                conversation, f"A private mail of {message.partner} crossed with a reply"
            ),
        )


def shortened(body: str) -> str:
    if len(body) <= records.LONGEST:
        return body
    return body[: records.LONGEST - 60] + "\n[… the rest was too long to show; the original is kept]"


_MARKS = re.compile(r"^((re|fwd?|aw|wg|sv|tr)\s*:\s*)+", re.IGNORECASE)


def without_marks(subject: str) -> str:
    """The subject of a new conversation: without Re:, Fwd:, AW:, WG:."""
    return _MARKS.sub("", subject)
