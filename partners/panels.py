"""What stands about a partner beside its timeline: people, programmes, links and who looks after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from partners import calling
from partners.models import Assignment, Contact, Link, Membership, Partner
from prm.questions import Asked, Question, key
from team.models import User
from team.readers import Reader, reader
from team.roles import may

QUIET_DAYS = 30
PEOPLE = 12


@dataclass(frozen=True)
class Person:
    """A contact, and for how many days there was no touch (None: none yet)."""

    contact: Contact
    days: int | None

    @property
    def ways(self) -> list[calling.Way]:
        return calling.first_ways(self.contact.phones, self.contact.email)

    @property
    def days_words(self) -> str:
        return "" if self.days is None else _("{days} d").format(days=self.days)

    @property
    def tone(self) -> str:
        if self.days is None:
            return "muted"
        return "warn" if self.days > QUIET_DAYS else "muted"


@dataclass(frozen=True)
class LinkRow:
    """A link as one end sees it: words, and the partner at the other end."""

    link: Link
    words: str
    other: Partner


def _current_links(who: Reader) -> QuerySet[Link]:
    partner, seen = key("partner"), Partner.objects.visible_to(who)
    ends = Q(of=partner, to__in=seen) | Q(to=partner, of__in=seen)
    rows = Link.objects.filter(ends, ends_on=None).select_related("of", "to").order_by("kind", "pk")
    return rows.only("kind", "of__name", "to__name")


THERE = Question(lambda: Contact.objects.current().filter(partner=key("partner")))
MEMBERSHIPS = Question(
    lambda: (
        Membership.objects.filter(partner=key("partner"), ends_on=None)
        .select_related("programme__kind", "tier")
        .only("is_main", "starts_on", "programme__name", "programme__kind__name", "tier__name")
    )
)
LINKS = Question(_current_links)
ASSIGNMENTS = Question(
    lambda: (
        Assignment.objects.current()
        .filter(partner=key("partner"))
        .select_related("user", "region")
        .only("role", "is_owner", "starts_on", "user__name", "user__email", "region__name")
    )
)


def people(partner: Partner, user: User, at: datetime) -> dict[str, Any]:
    """The context of the panel of people; one query."""
    there = _people(partner, at)
    return {
        "people": there[:PEOPLE],
        "people_more": max(0, len(there) - PEOPLE),
        "asks_for_primary": bool(there) and not any(person.contact.is_primary for person in there),
        "may_change": may(user, "change partner", partner),
    }


def asked(partner: Partner) -> list[Asked[Contact]]:
    """What `people` asks."""
    return [THERE.of(partner=partner.pk)]


def about(partner: Partner, user: User) -> dict[str, Any]:
    """The context of the panels of programmes, colleagues and links; three queries."""
    return {
        "memberships": MEMBERSHIPS.ask(partner=partner.pk),
        "links": _links(partner, user),
        "assignments": ASSIGNMENTS.ask(partner=partner.pk),
        "may_change": may(user, "change partner", partner),
        "may_assign": may(user, "assign partner", partner),
    }


def _people(partner: Partner, at: datetime) -> list[Person]:
    return [
        Person(contact, max(0, (at - contact.last_touch_at).days) if contact.last_touch_at else None)
        for contact in THERE.ask(partner=partner.pk)
    ]


def _links(partner: Partner, user: User) -> list[LinkRow]:
    """Current links whose other end this person may see."""
    return [
        LinkRow(link, f"{link.get_kind_display()} …", link.to)
        if link.of_id == partner.pk
        else LinkRow(link, f"… {link.get_kind_display()} it", link.of)
        for link in LINKS.ask(reader(user), reader=user.pk, partner=partner.pk)
    ]
