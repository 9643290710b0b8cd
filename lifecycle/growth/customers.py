"""Customers of deals: found again by their domain, else by their name in their country."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from lifecycle.growth.models import Customer
from partners.keys import name_key, own_domain


def found(name: str, at: datetime, website: str = "", country: str = "") -> Customer:
    """The customer of this domain, else of this very name in this country; else a new one.

    A domain that many firms share (free mail, site builders) tells nothing.
    """
    domain, key = own_domain(website), name_key(name)
    known = Customer.objects.filter(domain=domain) if domain else _by_name(key, country)
    return known.first() or Customer.objects.create(
        name=name.strip(), key=key, website=website, domain=domain, country=country, created_at=at
    )


def _by_name(key: str, country: str) -> QuerySet[Customer]:
    return Customer.objects.filter(key=key, country=country).order_by("pk")
