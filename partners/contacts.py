"""People over there: they join, change, leave and are followed; a wrong entry is withdrawn with a trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from partners import changes, history, searching
from partners.history import UndoRefused
from partners.models import Contact, ContactAddress, Event, Partner
from prm import search
from prm.references import Reference
from prm.refusals import Refused
from team.models import User

FACTS = {"name", "title", "email", "roles", "zone", "language", "phones", "joined_on", "do_not_contact"}
ADDRESSES = "addresses"


class ContactRefused(Refused):
    """The contact cannot be changed in this way."""


@transaction.atomic
def add(
    partner: Partner,
    name: str,
    by: User | str,
    at: datetime,
    addresses: Iterable[str] = (),
    is_primary: bool = False,
    **facts: Any,
) -> Contact:
    """A new contact. The first one there is the primary contact; `facts` are columns of Contact."""
    _lock(partner)
    first = not Contact.objects.current().filter(partner=partner).exists()
    contact = Contact.objects.create(
        partner=partner, name=name, created_at=at, search_key=search_key(name, facts), **facts
    )
    _set_addresses(contact, addresses)
    _record("contact_added", contact, by, at)
    if is_primary or first:
        _make_primary(contact)
    searching.refresh([partner.pk])
    return contact


@transaction.atomic
def change(
    contact: Contact,
    to: Mapping[str, Any],
    by: User | str,
    at: datetime,
    keep_former: bool = True,
    undoes: Event | None = None,
) -> Event | None:
    """Change facts of a contact; None is returned where nothing differs.

    `to` holds columns (see `FACTS`) and `addresses`, the further ones as a whole list. A former
    e-mail address stays as a further one unless `keep_former` is off (it was wrong).
    """
    if unknown := set(to) - FACTS - {ADDRESSES}:
        raise TypeError(f"no fact of a contact: {', '.join(sorted(unknown))}")
    held = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    _is_known(held)
    former, before = held.email, _addresses(held)
    made = changes.made(held, {field: value for field, value in to.items() if field in FACTS})
    held.search_key = search_key(held.name, {"email": held.email})
    held.save(update_fields=[*made, "search_key"])
    _set_addresses(held, [*to.get(ADDRESSES, before), *([former] if keep_former else [])])
    if (after := _addresses(held)) != before:
        made[ADDRESSES] = [before, after]
    if not made:
        return None
    searching.refresh([held.partner_id])
    contact.refresh_from_db()
    note = f"{held.name}: {changes.in_words(Contact, made)}"
    return _record("contact_changed", held, by, at, made, note, undoes)


@transaction.atomic
def make_primary(contact: Contact, by: User | str, at: datetime, undoes: Event | None = None) -> Event | None:
    """Make this the partner's primary contact; None where it is already."""
    _lock(contact.partner)
    held = Contact.objects.get(pk=contact.pk)
    if held.is_primary:
        return None
    former = _make_primary(held)
    contact.is_primary = True
    changed = {"primary": [former.pk if former else None, held.pk]}
    note = f"{former or 'nobody'} → {held}"
    return _record("contact_made_primary", held, by, at, changed, note, undoes)


@transaction.atomic
def leave(
    contact: Contact, on: date, by: User | str, at: datetime, successor: Contact | None = None
) -> Event:
    """The contact leaves on a day: its access ends, its words stay. `successor` follows it, also as
    primary contact; without one, the event says `asks_for_successor` where the primary contact left."""
    _lock(contact.partner)
    held = Contact.objects.get(pk=contact.pk)
    _is_known(held)
    _may_leave(held, on, at, successor)
    was_primary = held.is_primary
    left = Contact.objects.current().filter(pk=held.pk)
    if not left.update(left_on=on, is_primary=False, successor=successor):
        raise ContactRefused(f"{held} left already.")
    if was_primary and successor is not None:
        _make_primary(successor)
    contact.refresh_from_db()
    changed = {
        "left_on": [None, on.isoformat()],
        "was_primary": was_primary,
        "successor": successor.pk if successor else None,
        "asks_for_successor": was_primary and successor is None,
    }
    note = f"{held} on {on:%-d %B %Y}" + (f"; {successor} follows" if successor else "")
    return _record("contact_left", held, by, at, changed, note)


@transaction.atomic
def withdraw(
    contact: Contact, reason: str, by: User | str, at: datetime, undoes: Event | None = None
) -> Event:
    """Take back an entry that was wrong. It stays with its reason and is found and offered no more."""
    if not reason.strip():
        raise ContactRefused("Say why this contact is withdrawn.")
    _lock(contact.partner)
    held = Contact.objects.get(pk=contact.pk)
    _is_known(held)
    was_primary = held.is_primary
    Contact.objects.filter(pk=held.pk).update(withdrawn_at=at, withdrawn_reason=reason, is_primary=False)
    searching.refresh([held.partner_id])
    contact.refresh_from_db()
    note = f"{held}: {reason}"
    return _record("contact_withdrawn", held, by, at, {"was_primary": was_primary}, note, undoes)


def take_back_adding(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `add`: the contact is withdrawn."""
    return withdraw(_of(event), "Added by mistake", by, at, undoes=event)


def take_back_change(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `change`: every field as it was before."""
    contact = _of(event)
    columns = {field: pair for field, pair in event.changes.items() if field != ADDRESSES}
    facts = changes.back(contact, columns)
    if ADDRESSES in event.changes:
        facts[ADDRESSES] = event.changes[ADDRESSES][0]
    written = change(contact, facts, by, at, keep_former=False, undoes=event)
    if written is None:
        raise UndoRefused("It is as it was before already.")
    return written


def take_back_primary(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `make_primary`: the former one is primary again."""
    former, _ = event.changes["primary"]
    contact = Contact.objects.select_related("partner").filter(pk=former).first()
    if contact is None or not _of(event).is_primary:
        raise UndoRefused("The primary contact was changed again since, or there was none before.")
    written = make_primary(contact, by, at, undoes=event)
    if written is None:
        raise UndoRefused(f"{contact} is the primary contact already.")
    return written


@transaction.atomic
def take_back_leaving(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `leave` and of `withdraw`: the contact is there again, primary if nobody else is."""
    contact = _of(event)
    _lock(contact.partner)
    back = (
        {"left_on": None, "successor": None}
        if event.kind == "contact_left"
        else {
            "withdrawn_at": None,
            "withdrawn_reason": "",
        }
    )
    Contact.objects.filter(pk=contact.pk).update(**back)
    contact.refresh_from_db()
    free = not Contact.objects.filter(partner=contact.partner_id, is_primary=True).exists()
    replaced = event.changes.get("successor") is not None
    if event.changes["was_primary"] and (free or replaced) and contact.left_on is None:
        _make_primary(contact)
    searching.refresh([contact.partner_id])
    return _record("contact_came_back", contact, by, at, undoes=event)


def _of(event: Event) -> Contact:
    return Contact.objects.select_related("partner").get(pk=history.subject(event))


def _lock(partner: Partner) -> None:
    """Whoever changes the primary contact of a partner does so one at a time."""
    Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)


def _is_known(contact: Contact) -> None:
    if contact.withdrawn_at is not None:
        raise ContactRefused(f"{contact} was withdrawn. Take that back first.")


def _may_leave(contact: Contact, on: date, at: datetime, successor: Contact | None) -> None:
    if contact.joined_on and on < contact.joined_on:
        raise ContactRefused(
            f"{contact} joined on {contact.joined_on:%-d %B %Y} and cannot leave before that."
        )
    if (on - at.date()).days > 1:
        raise ContactRefused("This day is ahead. Record the leaving when it has come: access ends at once.")
    if successor is not None and (successor.pk == contact.pk or successor.partner_id != contact.partner_id):
        raise ContactRefused("Who follows must be another contact of the same partner.")
    if successor is not None and (successor.left_on or successor.withdrawn_at):
        raise ContactRefused(f"{successor} is not there any more and cannot follow.")


def _make_primary(contact: Contact) -> Contact | None:
    """Move the mark; the former primary contact is returned."""
    if contact.left_on is not None or contact.withdrawn_at is not None:
        raise ContactRefused(f"{contact} is not there any more and cannot be the primary contact.")
    former = Contact.objects.filter(partner=contact.partner_id, is_primary=True).first()
    Contact.objects.filter(partner=contact.partner_id, is_primary=True).update(is_primary=False)
    Contact.objects.filter(pk=contact.pk).update(is_primary=True)
    contact.is_primary = True
    return former


def search_key(name: str, facts: Mapping[str, Any]) -> str:
    """What a search for a contact looks in."""
    return f"{search.fold(name)} {facts.get('email', '').lower()}".strip()


def _addresses(contact: Contact) -> list[str]:
    return [address.email for address in contact.addresses.order_by("pk")]


def _set_addresses(contact: Contact, wanted: Iterable[str]) -> None:
    main = contact.email.lower()
    emails = [e for e in dict.fromkeys(email.lower() for email in wanted) if e and e != main]
    contact.addresses.exclude(email__in=emails).delete()
    ContactAddress.objects.bulk_create(
        [ContactAddress(contact=contact, email=email) for email in emails], ignore_conflicts=True
    )


def _record(
    kind: str,
    contact: Contact,
    by: User | str,
    at: datetime,
    changed: dict[str, Any] | None = None,
    note: str = "",
    undoes: Event | None = None,
) -> Event:
    about = Reference("contact", contact.pk)
    event = Event.record(kind, at, by, contact.partner, about, changed, note or str(contact), undoes=undoes)
    assert event is not None
    return event
