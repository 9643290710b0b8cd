"""A meeting of ours that people are asked to: the same word by mail, as a calendar file, and in the calendars
of ours here. Of two words with the same uid the higher sequence counts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings

from conversations.meetings import planning, sending
from conversations.meetings.invitations import Invitation, Slot
from conversations.meetings.sending import CANCEL, Asked, Person
from partners.models import Contact
from prm import outbox
from prm.outbox import Mail
from team.models import User


@dataclass(frozen=True)
class Wanted:
    """When, where, about what and with whom; the organiser is asked in any case."""

    starts_at: datetime
    ends_at: datetime
    contacts: tuple[Contact, ...]
    colleagues: tuple[User, ...] = ()
    place: str = ""
    agenda: str = ""


class Called(Protocol):
    """What such a meeting says of itself."""

    uid: str
    sequence: int
    title: str
    agenda: str
    place: str
    starts_at: datetime
    ends_at: datetime
    organiser: Any
    contacts: Any
    colleagues: Any


def new_uid() -> str:
    return f"{uuid.uuid4()}@{settings.BASE_URL.partition('://')[2].partition('/')[0] or 'localhost'}"


def ours(called: Called) -> list[User]:
    """Who of us is asked, the organiser first."""
    return list({person.pk: person for person in (called.organiser, *called.colleagues.all())}.values())


def addresses(called: Called) -> set[str]:
    """Whom it is mailed to."""
    theirs = {contact.email for contact in called.contacts.all() if contact.email}
    return theirs | {person.email for person in ours(called)}


def send(
    called: Called,
    kind: str,
    about: dict[str, Any],
    method: str,
    to: Iterable[str],
    at: datetime,
    to_us: Iterable[User] | None = None,
) -> None:
    """Mail it to these addresses as `kind`, and keep it in the calendars of ours here."""
    key = ":".join(str(value) for value in about.values())
    for address in sorted(to):
        said = {**about, "sequence": called.sequence, "method": method, "to": address}
        outbox.put(kind, f"{kind}:{key}:{called.sequence}:{address}", at, said)
    for person in ours(called) if to_us is None else to_us:
        planning.plan(_invitation(called, method == CANCEL), person, at)


def mail(called: Called, kind: str, about: dict[str, Any], subject: str, body: str, at: datetime) -> Mail:
    """The mail of what `send` put, with its calendar file."""
    method, to = about["method"], about["to"]
    people = [Person(contact.name, contact.email) for contact in called.contacts.all() if contact.email]
    people += [Person(person.name, person.email) for person in ours(called)]
    if method == CANCEL:  # it is said to one by one, of whom some were taken out
        people = [Person(to, to)]
    file = sending.written(_asked(called, about["sequence"], people), method, at)
    return Mail(
        to=[to],
        subject=subject.strip(),
        body=body.strip() + "\n",
        reply_to=[called.organiser.email],
        headers={outbox.GENERATOR: kind, "Auto-Submitted": "auto-generated"},
        alternatives=[(file.decode(), f"text/calendar; method={method}")],
        attachments=[("invite.ics", file, "application/ics")],
    )


def _asked(called: Called, sequence: int, people: list[Person]) -> Asked:
    return Asked(
        called.uid,
        sequence,
        called.title,
        called.agenda,
        called.place,
        called.starts_at,
        called.ends_at,
        Person(called.organiser.name, called.organiser.email),
        tuple(people),
    )


def _invitation(called: Called, is_cancelled: bool) -> Invitation:
    """The same word as the mail's, as it would be read from it."""
    slot = Slot(called.starts_at, called.ends_at, called.starts_at)
    people = frozenset(address.lower() for address in addresses(called))
    organiser = called.organiser.email.lower()
    return Invitation(
        called.uid, called.sequence, is_cancelled, called.title, organiser, people, slots=(slot,)
    )
