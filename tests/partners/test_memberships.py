"""Memberships: the main one gives the partner its type and tier."""

from datetime import date

import pytest

from partners import history, memberships
from partners.models import Partner, PartnerType, Programme, Tier
from team.models import User
from tests.conftest import MONDAY

TODAY = date(2026, 6, 1)


@pytest.fixture
def distributors(db: None) -> Programme:
    return Programme.objects.create(name="Distribution", kind=PartnerType.objects.create(name="Distributor"))


def test_the_first_membership_is_main_and_pushes_type_and_tier(
    northwind: Partner, programme: Programme, alice: User
) -> None:
    gold = programme.tiers.get(name="Gold")
    membership = memberships.join(northwind, programme, by=alice, at=MONDAY, tier=gold)
    northwind.refresh_from_db()
    assert membership.is_main
    assert (str(northwind.kind), northwind.tier) == ("Reseller", gold)


def test_a_changed_tier_is_pushed_and_can_be_taken_back(
    northwind: Partner, programme: Programme, alice: User
) -> None:
    gold, silver = programme.tiers.order_by("rank")
    membership = memberships.join(northwind, programme, by=alice, at=MONDAY, tier=silver)
    event = memberships.change(membership, by=alice, at=MONDAY, tier=gold, starts_on=None)
    assert event is not None
    assert history.sentence(event) == "changed its membership of Reseller programme: Tier: Silver → Gold"
    history.undo(event, by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert northwind.tier == silver


def test_another_becomes_main_and_when_it_ends_the_first_is_main_again(
    northwind: Partner, programme: Programme, distributors: Programme, alice: User
) -> None:
    memberships.join(northwind, programme, by=alice, at=MONDAY)
    second = memberships.join(northwind, distributors, by=alice, at=MONDAY, is_main=True)
    northwind.refresh_from_db()
    assert str(northwind.kind) == "Distributor"
    event = memberships.end(second, on=TODAY, by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert str(northwind.kind) == "Reseller"
    history.undo(event, by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert str(northwind.kind) == "Distributor"


def test_making_main_can_be_taken_back(
    northwind: Partner, programme: Programme, distributors: Programme, alice: User
) -> None:
    first = memberships.join(northwind, programme, by=alice, at=MONDAY)
    second = memberships.join(northwind, distributors, by=alice, at=MONDAY)
    event = memberships.make_main(second, by=alice, at=MONDAY)
    assert event is not None
    history.undo(event, by=alice, at=MONDAY)
    first.refresh_from_db()
    assert first.is_main


def test_without_a_membership_a_partner_has_no_type(
    northwind: Partner, programme: Programme, alice: User
) -> None:
    membership = memberships.join(northwind, programme, by=alice, at=MONDAY)
    memberships.end(membership, on=TODAY, by=alice, at=MONDAY)
    northwind.refresh_from_db()
    assert northwind.kind is None


def test_refusals(northwind: Partner, programme: Programme, distributors: Programme, alice: User) -> None:
    membership = memberships.join(northwind, programme, by=alice, at=MONDAY, starts_on=TODAY)
    with pytest.raises(memberships.MembershipRefused, match="in Reseller programme already"):
        memberships.join(northwind, programme, by=alice, at=MONDAY)
    platinum = Tier.objects.create(programme=distributors, name="Platinum")
    with pytest.raises(memberships.MembershipRefused, match="Platinum is no tier of Reseller programme"):
        memberships.change(membership, by=alice, at=MONDAY, tier=platinum, starts_on=None)
    with pytest.raises(memberships.MembershipRefused, match="began on 1 June 2026"):
        memberships.end(membership, on=date(2026, 5, 1), by=alice, at=MONDAY)
