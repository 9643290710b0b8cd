"""Alice negotiates a reseller agreement with Northwind, whose contact is Nora."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from lifecycle.models import Product
from lifecycle.recruitment import agreements
from lifecycle.recruitment.models import Agreement, Signature
from lifecycle.recruitment.terms import Renewal, Terms
from partners.models import Contact, Partner
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.conftest import prospect

OURS, THEIRS = Signature.Side.OURS, Signature.Side.THEIRS


def terms_of(**other: Any) -> Terms:
    first = {
        "kind": "reseller",
        "territory": ("DE",),
        "products": ("Platform",),
        "margin": Decimal(20),
        "term_months": 12,
        "renewal": Renewal.AUTOMATIC.value,
        "notice_days": 90,
        "words": "We answer within a day.",
    }
    return Terms(**{**first, **other})


@pytest.fixture(autouse=True)
def platform(db: None) -> Product:
    return Product.objects.get_or_create(name="Platform")[0]


@pytest.fixture
def northwind(alice: User) -> Partner:
    return prospect("Northwind", alice)


@pytest.fixture
def agreement(northwind: Partner, alice: User) -> Agreement:
    return agreements.draft(northwind, terms_of(), by=alice, at=MONDAY)


def signed(agreement: Agreement, to: Contact, by: User, at: datetime = MONDAY) -> Agreement:
    """Sent to a contact and signed by both sides."""
    version = agreements.send(agreement, to, by=by, at=at, anyway=True)
    agreements.sign(version, THEIRS, to.name, to, at, "192.0.2.7")
    agreements.sign(version, OURS, str(by), by, at, "192.0.2.8")
    agreement.refresh_from_db()
    return agreement
