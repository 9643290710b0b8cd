"""Alice's Northwind works on a deal with Baker Foods, worth EUR 12,500."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lifecycle.growth import customers, deals, phases
from lifecycle.growth.models import Deal, Phase
from partners.models import Partner
from team.models import User
from tests.conftest import MONDAY


def phase(name: str) -> Phase:
    return Phase.objects.get(name=name)


def deal_with(partner: Partner, by: User, name: str = "Roll-out", firm: str = "baker", **facts: Any) -> Deal:
    website = f"https://www.{firm}.example"
    facts = {"amount": 1_250_000, "expected_close_on": date(2026, 9, 30)} | facts
    customer = customers.found(f"{firm.title()} GmbH", MONDAY, website=website, country="DE")
    return deals.start(partner, name, customer, by=by, at=MONDAY, **facts)


@pytest.fixture
def pipeline(db: None) -> None:
    phases.seed()


@pytest.fixture
def deal(pipeline: None, northwind: Partner, alice: User) -> Deal:
    return deal_with(northwind, alice)
