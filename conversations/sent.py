"""Mail of ours that was sent elsewhere, from Outlook, Gmail or a phone: it counts as our reply.

To people of several partners it is a message with each of them: see `conversations.copies`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from conversations import incoming, privacy, private_threads, records, taking_back, waits
from conversations.incoming import Accepted
from conversations.mail import authentication, keeping, reading, reply_address, threading
from conversations.mail.reading import Incoming
from conversations.mail.threading import Place
from conversations.meetings import filing
from conversations.models import Conversation, Mailbox, Message, RawMail
from partners.models import Contact, Partner
from team.models import User


def accept(raw: bytes, mailbox: Mailbox, at: datetime) -> list[Message]:
    """Take in a mail from a Sent folder. Nothing where no partner got it, a machine wrote it, or it is here.

    What was sent to a calendar address plans meetings and is no message. Where we stand in its Cc, another
    mailbox may have brought it before, as of an unknown sender: it is ours all the same.
    """
    read = reading.read(raw)
    if read.is_automatic or (incoming.known(read) is not None and not _aside(read).exists()):
        return []
    if filing.file(read, at) is not None or taking_back.keeps_out(read, mailbox):
        return []
    try:
        return file(raw, read, author_of(read, mailbox), at, mailbox.address, mailbox)
    except IntegrityError:  # another process took the same mail in meanwhile
        if incoming.known(read) is None:
            raise
        return accept(raw, mailbox, at)


def take(raw: bytes, read: Incoming, at: datetime, mailbox: Mailbox | None) -> Accepted | None:
    """Take what one of us wrote to partners' people with a shared address of ours in Cc, where our mail
    server vouches for its sender; else it waits under Unknown senders until a Sent folder brings it."""
    author = User.objects.current().filter(email=read.sender).first()
    if author is None or read.dmarc != authentication.PASS or (mailbox is not None and mailbox.person_id):
        return None
    return accepted(raw, read, author, at, author.email, mailbox)


def accepted(
    raw: bytes, read: Incoming, author: User, at: datetime, ours: str, mailbox: Mailbox | None = None
) -> Accepted | None:
    """The same as `file`, and what became of it in words; None where it went to no partner."""
    filed = file(raw, read, author, at, ours, mailbox)
    if not filed:
        return None
    where = " and ".join(f"message {message.pk}, from {author} to {message.partner}" for message in filed)
    return Accepted(filed[0], True, f"is {where}")


@transaction.atomic
def file(
    raw: bytes, read: Incoming, author: User | None, at: datetime, ours: str, mailbox: Mailbox | None = None
) -> list[Message]:
    """Keep the mail, with a message at each partner it went to; nothing where it went to none, or a machine
    wrote it. `ours` is the address it was sent from."""
    where = [] if read.is_automatic else places(read)
    if not where:
        return []
    kept = _kept(raw, read, at, mailbox)
    waits.locked(*[each.conversation for each in where if each.conversation])
    in_order = sorted(where, key=lambda each: each.partner.pk)  # as partners are held everywhere
    stored = {each.partner: _store(kept, read, each, author, at, ours) for each in in_order}
    private_threads.spread([message.conversation for message in stored.values()], author or "mail", at)
    return [stored[each.partner] for each in where]


def _aside(read: Incoming) -> QuerySet[RawMail]:
    """This mail, where it is kept without a place."""
    aside = [RawMail.State.UNKNOWN, RawMail.State.BLOCKED, RawMail.State.DROPPED]
    return RawMail.objects.filter(external_id=read.message_id, state__in=aside)


def _kept(raw: bytes, read: Incoming, at: datetime, mailbox: Mailbox | None) -> RawMail:
    """The raw mail: the one that was put aside before, else a new one."""
    before = _aside(read).select_for_update(of=("self",)).first()
    if before is None:
        dated, _ = incoming.moment(read, at)
        return keeping.raw(raw, read, RawMail.State.FILED, at, written_at=dated, mailbox=mailbox)
    before.state, before.claims, before.doubt, before.mailbox = RawMail.State.FILED, None, "", mailbox
    before.save(update_fields=["state", "claims", "doubt", "mailbox"])
    return before


def places(read: Incoming) -> list[Place]:
    """With which partners it stands: those whose people it went to in To or Cc, in the order of its
    addresses, each in the thread of theirs that it continues. In Bcc it names nobody.

    An address of people of several partners counts for one: the one whose thread it continues, else one it
    went to anyway, else the first.
    """
    threads: dict[Partner, Conversation] = {}
    for conversation in threading.named(read):
        threads.setdefault(conversation.partner, conversation)
    reached: dict[Partner, list[tuple[str, Contact | None]]] = {}
    for address in (*read.to, *read.cc):
        people = [] if reply_address.is_intake(address) else threading.contacts_at(address)
        theirs = [] if reply_address.is_intake(address) else threading.partners_of(address, people)
        if theirs:
            partner = _one_of(theirs, threads, reached)
            contact = next((each for each in people if each.partner == partner), None)
            reached.setdefault(partner, []).append((address, contact))
    return [_placed(partner, who, threads.get(partner)) for partner, who in reached.items()]


def _one_of(partners: list[Partner], *likely: Mapping[Partner, object]) -> Partner:
    """The first that is among the likeliest, else the first."""
    return next((each for known in likely for each in partners if each in known), partners[0])


def _placed(
    partner: Partner, reached: list[tuple[str, Contact | None]], conversation: Conversation | None
) -> Place:
    """With the first of the partner's people whom we know."""
    address, contact = next((each for each in reached if each[1]), reached[0])
    return Place(partner, contact, conversation, address)


def author_of(read: Incoming, mailbox: Mailbox) -> User | None:
    """Who of us wrote it: by the sender's address, else whose mailbox it is."""
    return User.objects.current().filter(email=read.sender).first() or mailbox.person


def _store(
    kept: RawMail, read: Incoming, where: Place, author: User | None, at: datetime, ours: str
) -> Message:
    """The message with one partner. From a shared mailbox nobody may be named as its author; it answers all
    the same."""
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
        raw=kept,
        address=where.address,
    )
    keeping.attachments(message, read.attached)
    privacy.addressed(thread, {*read.to, *read.cc, ours.lower()})
    return message
