"""Which facts of a partner a criterion can read. What is unknown is unanswered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from partners.models import Criterion, Membership, Partner

Kind = Criterion.Kind


@dataclass(frozen=True)
class Fact:
    """A field of the record: its words, the kind of criterion that can ask it, how it is read of one partner,
    and of many: from which column, or by which names in other tables."""

    label: str
    kind: str
    read: Callable[[Partner], Any]
    column: str = ""
    names: tuple[str, ...] = ()


def _regions(partner: Partner) -> list[str]:
    covered = {region.name for place in partner.memberships.all() for region in place.regions.all()}
    return sorted(covered | ({partner.region.name} if partner.region else set()))


FACTS: dict[str, Fact] = {
    "employees": Fact("Employees", Kind.NUMBER, lambda partner: partner.employees, "employees"),
    "country": Fact("Country", Kind.CHOICE, lambda partner: partner.country, "country"),
    "city": Fact("City", Kind.CHOICE, lambda partner: partner.city, "city"),
    "region": Fact(
        "Region", Kind.CHOICE, lambda partner: partner.region and partner.region.name, "region__name"
    ),
    "kind": Fact(
        "Partner type", Kind.CHOICE, lambda partner: partner.kind and partner.kind.name, "kind__name"
    ),
    "tier": Fact("Tier", Kind.CHOICE, lambda partner: partner.tier and partner.tier.name, "tier__name"),
    "verticals": Fact(
        "Verticals",
        Kind.OVERLAP,
        lambda partner: sorted(v.name for v in partner.verticals.all()),
        names=("verticals__name",),
    ),
    "certifications": Fact(
        "Certifications", Kind.OVERLAP, lambda partner: partner.certifications, "certifications"
    ),
    "regions": Fact(
        "Regions covered", Kind.OVERLAP, _regions, names=("region__name", "memberships__regions__name")
    ),
    "programmes": Fact(
        "Programmes",
        Kind.OVERLAP,
        lambda partner: sorted(place.programme.name for place in partner.memberships.all()),
        names=("memberships__programme__name",),
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
    return {source: _known(value) for source, value in read.items()}


def _known(value: Any) -> Any:
    return None if value in ("", []) else value


def of_many(partners: QuerySet[Partner], sources: Iterable[str]) -> dict[int, dict[str, Any]]:
    """The same of any number of partners, by their ids: one query for what stands on them, and one for each
    table of names that is asked for."""
    asked = {source: FACTS[source] for source in sources if source in FACTS}
    columns = [(source, fact.column) for source, fact in asked.items() if fact.column]
    rows = partners.order_by().values_list("pk", *(column for _source, column in columns))
    found = {
        pk: {source: _known(value) for (source, _column), value in zip(columns, values, strict=True)}
        for pk, *values in rows
    }
    for source, fact in asked.items():
        if not fact.column:
            named = _names(partners, fact.names)
            for pk, told in found.items():
                told[source] = sorted(named[pk]) or None
    return found


def _names(partners: QuerySet[Partner], paths: Iterable[str]) -> dict[int, set[str]]:
    """The names at these paths from each partner; of memberships, those that go on."""
    found: dict[int, set[str]] = defaultdict(set)
    for path in paths:
        stands = {"memberships__ends_on": None} if path.startswith("memberships") else {}
        rows = partners.order_by().filter(**stands, **{f"{path}__isnull": False})
        for pk, name in rows.values_list("pk", path):
            found[pk].add(name)
    return found
