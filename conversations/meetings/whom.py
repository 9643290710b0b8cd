"""Whom of which partner a meeting is with: by the addresses of contacts, then by a partner's own domain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Lower

from conversations.mail import threading
from conversations.meetings.invitations import Invitation
from conversations.models import Mailbox
from partners.keys import own_domain
from partners.models import Contact, Partner
from team.models import User

MOST_DOMAINS = 20


@dataclass(frozen=True)
class Met:
    """The partner a meeting is with, and those of its people who are known."""

    partner: Partner
    contacts: list[Contact]


def addresses_of(person: User) -> set[str]:
    """The addresses one of us is invited at."""
    own = Mailbox.objects.filter(person=person).values_list("address", flat=True)
    return {address.lower() for address in (person.email, *own)}


def met(invitation: Invitation, person: User) -> Met | None:
    """Whom `person` meets; None where nobody of a partner that `person` reads takes part.

    Of several partners it is the organiser's, else the one with most people there.
    """
    people = invitation.people - addresses_of(person)
    seen = Partner.objects.visible_to(person)
    theirs: dict[int, list[Contact]] = defaultdict(list)
    for contact in _contacts(people):
        theirs[contact.partner_id].append(contact)
    for partner in _by_domain(people):
        theirs.setdefault(partner.pk, [])
    hosts = {contact.partner_id for contact in _contacts({invitation.organiser} & people)}
    partners = sorted(
        seen.filter(pk__in=theirs), key=lambda each: (each.pk not in hosts, -len(theirs[each.pk]), each.pk)
    )
    return Met(partners[0], theirs[partners[0].pk]) if partners else None


def _contacts(addresses: Iterable[str]) -> Iterable[Contact]:
    """The contacts with one of these addresses."""
    wanted = list(addresses)
    found = Contact.objects.current().alias(first=Lower("email"), further=Lower("addresses__email"))
    return found.filter(Q(first__in=wanted) | Q(further__in=wanted)).order_by("pk").distinct()


def _by_domain(addresses: Iterable[str]) -> Iterable[Partner]:
    """The partners that have the domain of one of these addresses alone."""
    domains = {own_domain(address): address for address in sorted(addresses)}
    for domain in sorted(domains.keys() - {""})[:MOST_DOMAINS]:
        yield from threading.partners_at(domains[domain])
