"""Mail of ours that was sent elsewhere, from Outlook, Gmail or a phone: it counts as our reply."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from conversations import incoming, privacy, records, taking_back
from conversations.mail import keeping, reading, reply_address, threading
from conversations.mail.reading import Incoming
from conversations.mail.threading import Place
from conversations.meetings import filing
from conversations.models import Mailbox, Message, RawMail
from team.models import User


def accept(raw: bytes, mailbox: Mailbox, at: datetime) -> Message | None:
    """Take in a mail from a Sent folder. None where no partner got it, a machine wrote it, or it is here.

    What was sent to a calendar address plans meetings and is no message.
    """
    read = reading.read(raw)
    if read.is_automatic or incoming.known(read) is not None:
        return None
    if filing.file(read, at) is not None:
        return None
    where = None if taking_back.keeps_out(read, mailbox) else place(read)
    if where is None:
        return None
    try:
        with transaction.atomic():
            message = store(read, where, author_of(read, mailbox), at, mailbox.address)
            dated, _ = incoming.moment(read, at)
            keeping.raw(
                raw, read, RawMail.State.FILED, at, written_at=dated, mailbox=mailbox, message=message
            )
    except IntegrityError:  # another process took the same mail in meanwhile
        if incoming.known(read) is None:
            raise
        return None
    return message


def place(read: Incoming) -> Place | None:
    """The partner it went to: the one whose thread it continues, else the first in To, then in Cc."""
    reached = [address for address in (*read.to, *read.cc) if not reply_address.is_intake(address)]
    people = [contact for address in reached for contact in threading.contacts_at(address)]
    partners = [contact.partner for contact in people]
    partners += [partner for address in reached for partner in threading.partners_at(address)]
    for conversation in threading.named(read):
        if conversation.partner in partners:
            return threading.placed(conversation.partner, people, conversation)
    return threading.placed(partners[0], people, None) if partners else None


def author_of(read: Incoming, mailbox: Mailbox) -> User | None:
    """Who of us wrote it: by the sender's address, else whose mailbox it is."""
    return User.objects.current().filter(email=read.sender).first() or mailbox.person


def store(read: Incoming, where: Place, author: User | None, at: datetime, ours: str) -> Message:
    """The message; `ours` is the address it was sent from. From a shared mailbox nobody may be named as its
    author; it answers all the same."""
    dated, clamped = incoming.moment(read, at)
    subject = read.subject if where.conversation else incoming.without_marks(read.subject)
    thread = records.thread(where.partner, where.conversation, subject, where.contact, at)
    message = records.store(
        thread,
        at,
        by=author or "mail",
        leaves=False,
        direction=Message.Direction.OUT,
        channel=Message.Channel.EMAIL,
        body=incoming.shortened(read.body) or read.subject or "(no text)",
        subject=subject,
        occurred_at=dated,
        clamped=clamped,
        contact=where.contact,
        author=author,
        answers=author is None,
        external_id=read.message_id,
        in_reply_to=" ".join(read.references),
        address=where.contact.email if where.contact else (read.to or read.cc or ("",))[0],
    )
    keeping.attachments(message, read.attached)
    privacy.addressed(thread, {*read.to, *read.cc, ours.lower()})
    return message
