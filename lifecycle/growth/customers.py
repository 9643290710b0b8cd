"""Customers of deals: found again by their domain, else by their name in their country."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from lifecycle.growth.models import Customer
from partners.keys import name_key, own_domain
from partners.models import Event
from prm import references
from team.models import User


def found(name: str, at: datetime, website: str = "", country: str = "") -> Customer:
    """The customer of this domain, else of this very name in this country; else a new one.

    A domain that many firms share (free mail, site builders) tells nothing.
    """
    domain, key = own_domain(website), name_key(name)
    known = Customer.objects.filter(domain=domain) if domain else _by_name(key, country)
    return known.first() or Customer.objects.create(
        name=name.strip(), key=key, website=website, domain=domain, country=country, created_at=at
    )


@transaction.atomic
def say_ours(customer: Customer, is_ours: bool, our_seller: str, by: User, at: datetime) -> None:
    """Write down whether we sell there ourselves, and who; who decides on registrations reads it."""
    Customer.objects.filter(pk=customer.pk).update(is_ours=is_ours, our_seller=our_seller.strip())
    changes = {"is_ours": [customer.is_ours, is_ours], "our_seller": [customer.our_seller, our_seller]}
    about = references.to(customer)
    Event.record("customer_ours", at, by, about=about, changes=changes, note=str(customer))


def _by_name(key: str, country: str) -> QuerySet[Customer]:
    return Customer.objects.filter(key=key, country=country).order_by("pk")
