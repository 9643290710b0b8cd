"""A partner's digest: at most one mail a day to each of its people who holds a pass, with what is new between
us. Off until somebody here switches it on for the partner; each person can stop its own by one press.

What it says comes in sections that apps register. A section's lines have keys: a mail goes out on a day on
which a line stands there that the last mail did not have, so that nobody reads the same words every day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from partners import contacting
from partners.models import Contact, Event, Partner
from portal.models import Digest, PartnerDigest, Pass
from portal.zones import zone_of
from prm import once
from prm.days import plus_months
from prm.refusals import Refused
from team.models import User

TIME = time(8, 30)  # in the contact's zone
_signer = signing.Signer(salt="portal.digests")


class DigestRefused(Refused):
    """The digest is on, or off, already."""


# --- what stands in it -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of the digest; another `key` makes it news. A private one is for its receiver's eyes only."""

    key: str
    words: str
    is_private: bool = False


Lines = Callable[[Contact, datetime], Iterable[Line]]
MonthLines = Callable[[Contact, date, datetime], Iterable[Line]]
_sections: dict[str, Lines] = {}
_monthly: dict[str, MonthLines] = {}


def register(heading: str, lines: Lines) -> None:
    """Register a section: `lines(contact, now)` are what it says to this person, who may read each of them;
    `now` is in the person's own zone."""
    _sections[heading] = lines


def register_monthly(heading: str, lines: MonthLines) -> None:
    """Register a section that is told once a month: `lines(contact, month, now)` are what it says of the
    month that begins on this day."""
    _monthly[heading] = lines


def monthly() -> set[str]:
    """The headings that are told once a month."""
    return set(_monthly)


def said_to(contact: Contact, at: datetime, month: date | None = None) -> dict[str, list[Line]]:
    """What a digest says to this person now: the lines by heading, none without lines. It tells of a
    `month` where one is due."""
    now = at.astimezone(zone_of(contact))
    found = {heading: list(lines(contact, now)) for heading, lines in _sections.items()}
    return {heading: lines for heading, lines in (found | _told_of(contact, month, now)).items() if lines}


def _told_of(contact: Contact, month: date | None, now: datetime) -> dict[str, list[Line]]:
    if month is None:
        return {}
    return {heading: list(lines(contact, month, now)) for heading, lines in _monthly.items()}


def month_due(digest: Digest, today: date) -> date | None:
    """The month before, by its first day, where this person was not told of it yet."""
    first, told_on = today.replace(day=1), digest.month_told_on
    return None if told_on is not None and told_on >= first else plus_months(first, -1)


# --- who gets it -----------------------------------------------------------------------------------------


@transaction.atomic
def switch_on(partner: Partner, by: User, at: datetime, undoes: Event | None = None) -> Event | None:
    """Send it to the partner's people from the next morning on."""
    if not once.add(PartnerDigest(partner=partner, by=by, at=at), ("partner",)):
        raise DigestRefused(f"The people of {partner} get the digest already.")
    for given in Pass.objects.open(at).filter(contact__partner=partner).select_related("contact__partner"):
        begin(given.contact, at)
    return Event.record("digest_switched_on", at, by, partner, undoes=undoes)


@transaction.atomic
def switch_off(partner: Partner, by: User, at: datetime, undoes: Event | None = None) -> Event | None:
    """Send it to nobody there. Who stopped it stays without it, should it be switched on again."""
    gone, _ = PartnerDigest.objects.filter(partner=partner).delete()
    if not gone:
        raise DigestRefused(f"The people of {partner} get no digest.")
    Digest.objects.filter(contact__partner=partner).update(next_check_at=None)
    return Event.record("digest_switched_off", at, by, partner, undoes=undoes)


def switch_off_again(event: Event, by: User, at: datetime) -> Event:
    """The Undo of switching it on."""
    undone = switch_off(_partner_of(event), by, at, undoes=event)
    assert undone is not None
    return undone


def switch_on_again(event: Event, by: User, at: datetime) -> Event:
    """The Undo of switching it off."""
    undone = switch_on(_partner_of(event), by, at, undoes=event)
    assert undone is not None
    return undone


def _partner_of(event: Event) -> Partner:
    assert event.partner is not None
    return event.partner


def begin(contact: Contact, at: datetime) -> None:
    """Look every morning for news for this person, where it is on and the person did not stop it."""
    if _is_on(contact):
        once.add(Digest(contact=contact), ("contact",))
        mine = Digest.objects.filter(contact=contact, stopped_at=None)
        mine.update(next_check_at=next_morning(contact, at))


@transaction.atomic
def stop(digest: Digest, at: datetime) -> None:
    """Its reader wants no more of it. Twice is once."""
    if Digest.objects.filter(pk=digest.pk, stopped_at=None).update(stopped_at=at, next_check_at=None):
        contact = digest.contact
        Event.record("digest_stopped", at, contact, contact.partner)


@transaction.atomic
def resume(digest: Digest, at: datetime) -> None:
    """Its reader wants it again."""
    if Digest.objects.exclude(stopped_at=None).filter(pk=digest.pk).update(stopped_at=None):
        contact = digest.contact
        begin(contact, at)
        Event.record("digest_resumed", at, contact, contact.partner)


def open_pass(digest: Digest, at: datetime) -> Pass | None:
    """The pass whose page the digest leads to; None where this person is to get no digest."""
    contact = digest.contact
    if digest.stopped_at or not contact.email or not _is_on(contact):
        return None
    if contacting.forbidden(contact.partner, contact):
        return None
    return Pass.objects.open(at).filter(contact=contact).first()


def _is_on(contact: Contact) -> bool:
    return PartnerDigest.objects.filter(partner=contact.partner_id).exists()


def next_morning(contact: Contact, at: datetime) -> datetime:
    """When to look for news next."""
    now = at.astimezone(zone_of(contact))
    day = now.date() if now.time() < TIME else now.date() + timedelta(days=1)
    return datetime.combine(day, TIME, tzinfo=now.tzinfo)


# --- the address that stops it ---------------------------------------------------------------------------


def token(digest: Digest) -> str:
    return _signer.sign(digest.key.hex)


def address(digest: Digest) -> str:
    """The whole address of the page on which it is stopped."""
    return settings.BASE_URL + reverse("portal:digest", args=[token(digest)])


def behind(signed: str) -> Digest | None:
    """The digest of an address; None where the address is not one of ours."""
    try:
        key = UUID(hex=_signer.unsign(signed))
    except (signing.BadSignature, ValueError):
        return None
    return Digest.objects.select_related("contact__partner").filter(key=key).first()
