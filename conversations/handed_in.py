"""Mail that a person hands in at an address of their own: what they wrote to a partner, with it in Bcc, or
what they were sent, forwarded to it as a file."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from conversations import incoming, sent
from conversations.incoming import Accepted
from conversations.mail import authentication, person_address, reading, threading
from conversations.mail.reading import Incoming
from conversations.meetings import whom
from conversations.models import Mailbox
from prm.references import Reference
from team import notices
from team.models import User

NOWHERE = "mail_filed_nowhere"


def take(raw: bytes, read: Incoming, at: datetime, mailbox: Mailbox | None) -> Accepted | None:
    """Take a mail to a person's own address; None where it is to none. What they did not write themselves
    waits under Unknown senders, whoever it is of: the address lets nobody speak for them."""
    person = person_address.named_in(read.delivered, person_address.MAIL)
    if person is None:
        return None
    if not _wrote(person, read):
        return incoming.keep_aside(raw, read, _claimed(read), at, mailbox)
    if passed_on := [each for each in reading.passed_on(raw) if reading.is_mail(each)]:
        return _passed_on(passed_on, person, at)
    return _sent(raw, read, person, at) or _nowhere(read, person, at)


def _wrote(person: User, read: Incoming) -> bool:
    return read.dmarc != authentication.FAIL and read.sender in whom.addresses_of(person)


def _claimed(read: Incoming) -> threading.Unplaced:
    where = threading.place(read)
    return threading.Unplaced(where.conversation) if isinstance(where, threading.Place) else where


def _sent(raw: bytes, read: Incoming, person: User, at: datetime) -> Accepted | None:
    """What they wrote to partners' people, as from their Sent folder; None where it went to none."""
    return sent.accepted(raw, read, person, at, person.email)


def _passed_on(mails: list[bytes], person: User, at: datetime) -> Accepted:
    """The mails in it, each as if it had come by itself. The mail around them is not kept."""
    taken = [_original(each, person, at) for each in mails]
    new = sum(each.is_new for each in taken)
    only = taken[0].message if len(taken) == 1 else None
    return Accepted(only, new > 0, f"brought {len(taken)} forwarded mails, {new} of them new")


def _original(raw: bytes, person: User, at: datetime) -> Accepted:
    read = reading.read(raw)
    if _wrote(person, read) and (before := incoming.known(read) or _sent(raw, read, person, at)):
        return before
    return incoming.accept(raw, at)


def _page() -> str:
    return reverse("conversations:own_mailbox")


def _nowhere(read: Incoming, person: User, at: datetime) -> Accepted:
    """Nobody else may read what went to no partner: it is not kept, and its writer is told."""
    dated, _ = incoming.moment(read, at)
    if not read.is_automatic:
        notices.give(
            person,
            NOWHERE,
            Reference("person", person.pk),
            dated,
            at,
            f"Your mail “{read.subject[:150]}” was not filed: no partner’s people stand in To or Cc, and"
            " no mail is attached to it",
            _page(),
            private=notices.Private(
                lambda each: each == person, f"A mail of {person} was not filed", _page()
            ),
        )
    return Accepted(None, False, f"names no partner's people: nothing of it is kept, and {person} is told")
