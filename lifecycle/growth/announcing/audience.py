"""Who is entitled to an announcement: partners by what they are, people there by their roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Lower
from django.utils.translation import gettext as _

from lifecycle.growth.announcing.models import Announcement, Copy
from partners.coverage.places import in_regions, in_verticals
from partners.models import Contact, Membership, Partner, PartnerType, Programme, Stage, Tier
from partners.models.organisations import PartnerQuerySet
from partners.models.people import ContactQuerySet
from prm.models import BouncedAddress
from team.models import Region, User, Vertical

STAGES = [Stage.ONBOARDING, Stage.GROWTH, Stage.EVALUATION]
MEMBERSHIPS = {"types": "programme__kind__in", "programmes": "programme__in", "tiers": "tier__in"}
NAMED: dict[str, QuerySet[Any]] = {
    "types": PartnerType.objects.all(),
    "programmes": Programme.objects.all(),
    "tiers": Tier.objects.select_related("programme"),
    "regions": Region.objects.all(),
    "verticals": Vertical.objects.all(),
}


def partners(who: dict[str, Any]) -> PartnerQuerySet:
    """The live partners that are entitled now: type, programme and tier by one and the same membership."""
    found = Partner.objects.filter(merged_into=None).live()
    wanted = {path: who[name] for name, path in MEMBERSHIPS.items() if who.get(name)}
    if wanted:
        current = Membership.objects.filter(partner=OuterRef("pk"), ends_on=None, **wanted)
        found = found.filter(Exists(current))
    if who.get("regions"):
        found = found.filter(in_regions(who["regions"]))
    if who.get("verticals"):
        found = found.filter(in_verticals(who["verticals"]))
    if who.get("stages"):
        found = found.filter(stage__in=who["stages"])
    if who.get("of"):
        found = found.looked_after_by(User.objects.get(pk=who["of"]))
    return found


def people(roles: Iterable[str]) -> ContactQuerySet:
    """The people who are there now and have one of these roles; without any: everybody."""
    found, wanted = Contact.objects.current(), Q(pk=None)
    for role in roles:
        wanted |= Q(roles_text__contains=f'"{role}"')
    return found.alias(roles_text=Cast("roles", TextField())).filter(wanted) if list(roles) else found


def meant_for(found: QuerySet[Announcement], contact: Contact) -> QuerySet[Announcement]:
    """Those of the announcements that are for this person's roles."""
    wanted = Q(roles_text="[]")
    for role in contact.roles:
        wanted |= Q(roles_text__contains=f'"{role}"')
    return found.alias(roles_text=Cast("roles", TextField())).filter(wanted)


def reachable(found: QuerySet[Contact], at: datetime) -> QuerySet[Contact]:
    """Those of them that a mail may go to: with an address that takes mail, and nobody asked us not to."""
    dead = BouncedAddress.objects.filter(suppressed_until__gt=at, email=Lower(OuterRef("email")))
    asked = Q(do_not_contact=True) | Q(partner__do_not_contact=True)
    return found.exclude(email="").exclude(asked).exclude(Exists(dead))


def to_tell(announcement: Announcement, at: datetime) -> QuerySet[Contact]:
    """The people a mail can go to now and who have none that arrived, is under way, or was lost at the very
    address they still have."""
    theirs = Copy.objects.filter(announcement=announcement, contact=OuterRef("pk"))
    same = Q(mail__state__in=(*Copy.ARRIVED, *Copy.UNDER_WAY)) | Q(email__iexact=OuterRef("email"))
    return reachable(people(announcement.roles), at).exclude(Exists(theirs.filter(same)))


def in_full(row: Any) -> str:
    """How one of those is called: a tier by its programme, as many programmes have a tier of its name."""
    return f"{row.programme}: {row}" if isinstance(row, Tier) else str(row)


def in_words(who: dict[str, Any]) -> list[str]:
    """Whom it is for, a line for each way in which partners are chosen; none where it is for all."""
    lines = []
    for name, rows in NAMED.items():
        if keys := who.get(name):
            lines.append(", ".join(in_full(row) for row in rows.filter(pk__in=keys)))
    if who.get("stages"):
        lines.append(", ".join(str(Stage(stage).label) for stage in who["stages"]))
    if who.get("of"):
        lines.append(_("looked after by {person}").format(person=User.objects.get(pk=who["of"])))
    return lines
