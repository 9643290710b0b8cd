"""The Reseller programme wants EUR 50,000 in 12 months and two certified people for Gold, EUR 10,000 for
Silver; Registered is everybody's. Northwind is a live member at Silver."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lifecycle.growth import deals, phases
from lifecycle.growth.models import Deal
from lifecycle.growth.tiering import changing, editing, evaluating
from lifecycle.growth.tiering.models import Standing, TierChange, TierRules
from lifecycle.models import Certificate, Course
from partners import contacts, memberships
from partners.models import Membership, Partner, Programme, Stage, Status, Tier
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.growth.conftest import deal_with, phase

TODAY = MONDAY.date()


def tier(name: str) -> Tier:
    return Tier.objects.get(name=name)


def live(partner: Partner) -> Partner:
    Partner.objects.filter(pk=partner.pk).update(status=Status.LIVE, stage=Stage.GROWTH, step="")
    partner.refresh_from_db()
    return partner


def member(partner: Partner, programme: Programme, at_tier: str, by: User) -> Membership:
    return memberships.join(live(partner), programme, by=by, at=MONDAY, tier=tier(at_tier))


def won(partner: Partner, by: User, amount: int, on: date = TODAY, **facts: Any) -> Deal:
    """A won deal of so many minor units."""
    deal = deal_with(partner, by, f"Won {Deal.objects.count()}", firm="baker", amount=amount, **facts)
    deals.move(deal, phase("Won"), by=by, at=MONDAY, closed_on=on)
    return deal


def certify(partner: Partner, name: str, by: User) -> Certificate:
    course, _new = Course.objects.get_or_create(title="Selling", created_at=MONDAY)
    person = contacts.add(partner, name, by=by, at=MONDAY)
    number = f"N{Certificate.objects.count()}"
    return Certificate.objects.create(
        number=number, course=course, partner=partner, contact=person, name=name, issued_on=TODAY
    )


def night(rules: TierRules, at: Any = MONDAY) -> None:
    """Measure, and follow what was found."""
    evaluating.keep(rules, at.date(), at)
    changing.sweep(at)


@pytest.fixture
def rules(programme: Programme, ravi: User) -> TierRules:
    phases.seed()
    Tier.objects.create(programme=programme, name="Registered", rank=3)
    gold, silver = tier("Gold"), tier("Silver")
    for of, criterion, n, more in (
        (gold, "revenue", 5_000_000, {"currency": "EUR", "months": 12}),
        (gold, "certified", 2, {}),
        (silver, "revenue", 1_000_000, {"currency": "EUR", "months": 12}),
    ):
        editing.want(programme, of, criterion, n, by=ravi, at=MONDAY, **more)
    return editing.publish(programme, "A first set.", by=ravi, at=MONDAY)


@pytest.fixture
def silver(rules: TierRules, programme: Programme, northwind: Partner, alice: User) -> Membership:
    """Northwind at Silver, which it has earned."""
    membership = member(northwind, programme, "Silver", alice)
    won(northwind, alice, 1_200_000)
    return membership


def standing_of(membership: Membership) -> Standing:
    return Standing.objects.select_related("membership", "to", "earned").get(membership=membership)


def open_change(membership: Membership) -> TierChange:
    related = ("membership__partner__owner", "membership__programme", "before", "to", "rules")
    return TierChange.objects.open().select_related(*related).get(membership=membership)
