"""Which facts of a partner a criterion can read. What is unknown is unanswered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from partners.models import Criterion, Membership, Partner

Kind = Criterion.Kind


@dataclass(frozen=True)
class Fact:
    """A field of the record: its words, the kind of criterion that can ask it, how it is read."""

    label: str
    kind: str
    read: Callable[[Partner], Any]


def _regions(partner: Partner) -> list[str]:
    covered = {region.name for place in partner.memberships.all() for region in place.regions.all()}
    return sorted(covered | ({partner.region.name} if partner.region else set()))


FACTS: dict[str, Fact] = {
    "employees": Fact("Employees", Kind.NUMBER, lambda partner: partner.employees),
    "country": Fact("Country", Kind.CHOICE, lambda partner: partner.country),
    "city": Fact("City", Kind.CHOICE, lambda partner: partner.city),
    "region": Fact("Region", Kind.CHOICE, lambda partner: partner.region and partner.region.name),
    "kind": Fact("Partner type", Kind.CHOICE, lambda partner: partner.kind and partner.kind.name),
    "tier": Fact("Tier", Kind.CHOICE, lambda partner: partner.tier and partner.tier.name),
    "verticals": Fact(
        "Verticals", Kind.OVERLAP, lambda partner: sorted(v.name for v in partner.verticals.all())
    ),
    "certifications": Fact("Certifications", Kind.OVERLAP, lambda partner: partner.certifications),
    "regions": Fact("Regions covered", Kind.OVERLAP, _regions),
    "programmes": Fact(
        "Programmes",
        Kind.OVERLAP,
        lambda partner: sorted(place.programme.name for place in partner.memberships.all()),
    ),
}


def with_facts(partners: QuerySet[Partner]) -> QuerySet[Partner]:
    """These partners with all that `answers` reads, in a fixed number of queries."""
    places = Membership.objects.filter(ends_on=None).select_related("programme").prefetch_related("regions")
    return partners.select_related("region", "kind", "tier").prefetch_related(
        "verticals", Prefetch("memberships", places)
    )


def answers(partner: Partner, sources: Iterable[str]) -> dict[str, Any]:
    """The answers the record of `partner` (fetched `with_facts`) gives; None where it knows nothing."""
    read = {source: FACTS[source].read(partner) for source in sources if source in FACTS}
    return {source: None if value in ("", []) else value for source, value in read.items()}
