"""Partners that look like one another: by registrable domain and by name."""

from collections.abc import Iterable

from django.db.models import Q

from partners import organisations
from partners.models import Partner

MOST = 10


def like(name: str, domains: Iterable[str], country: str = "") -> list[Partner]:
    """The partners that share a domain, or the name without its legal form in the same country."""
    key = organisations.name_key(name)
    named = Q(names__key=key)
    if country:
        named &= Q(country__in=[country, ""])
    alike = Q(domains__domain__in=[domain for domain in domains if domain])
    if key:
        alike |= named
    found = Partner.objects.filter(alike, merged_into=None).distinct()
    return list(found.order_by("pk")[:MOST])
