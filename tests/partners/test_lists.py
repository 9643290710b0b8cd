"""Programmes and tiers are kept under Settings, in order, each name once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners import lists
from partners.models import EndReason, PartnerType, Programme, Tier
from team.models import User

PAGE = "/settings/lists/programmes/"


@pytest.fixture
def admin(client: Client, ravi: User) -> Client:
    client.force_login(ravi)
    return client


def tiers(programme: Programme) -> list[str]:
    return [tier.name for tier in programme.tiers.order_by("rank")]


@pytest.mark.django_db
def test_the_lists_a_company_begins_with_are_written_once() -> None:
    lists.seed()
    lists.seed()
    assert (PartnerType.objects.count(), Programme.objects.count(), Tier.objects.count()) == (7, 7, 21)
    assert EndReason.objects.count() == len(lists.END_REASONS)
    assert tiers(Programme.objects.get(name="Reseller programme")) == ["Gold", "Silver", "Registered"]


def test_a_programme_is_added_for_a_type(admin: Client, reseller: PartnerType) -> None:
    assert admin.post(PAGE, {"name": "Elite", "kind": reseller.pk}).status_code == 303
    assert Programme.objects.get().kind == reseller
    again = admin.post(PAGE, {"name": "Elite", "kind": reseller.pk})
    assert again.status_code == 422
    assert "in the list already" in again.context["form"].errors["name"][0]
    assert admin.post(PAGE, {"name": "Other", "kind": 999999}).status_code == 422


def test_a_programme_is_renamed_and_retired(admin: Client, programme: Programme) -> None:
    address = f"{PAGE}{programme.pk}/"
    admin.post(address, {"do": "rename", "name": "Resellers"})
    admin.post(address, {"do": "retire"})
    programme.refresh_from_db()
    assert programme.name == "Resellers"
    assert programme.retired_at
    assert admin.post(f"{PAGE}999999/", {"do": "retire"}).status_code == 404


def test_tiers_are_added_moved_changed_and_retired(admin: Client, programme: Programme) -> None:
    assert admin.post(f"{PAGE}{programme.pk}/tiers/", {"name": "Bronze", "weight": "0.5"}).status_code == 303
    assert tiers(programme) == ["Gold", "Silver", "Bronze"]
    bronze = programme.tiers.get(name="Bronze")
    address = f"/settings/lists/tiers/{bronze.pk}/"
    admin.post(address, {"do": "up"})
    admin.post(address, {"do": "change", "name": "Starter", "weight": "0.25"})
    assert tiers(programme) == ["Gold", "Starter", "Silver"]
    admin.post(address, {"do": "retire"})
    assert Tier.objects.get(pk=bronze.pk).retired_at
    admin.post(address, {"do": "restore"})
    assert not Tier.objects.get(pk=bronze.pk).retired_at


def test_a_tier_that_cannot_be_is_refused_in_words(admin: Client, programme: Programme) -> None:
    address = f"{PAGE}{programme.pk}/tiers/"
    twice = admin.post(address, {"name": "Gold", "weight": "1"})
    assert twice.status_code == 409
    assert "a tier of this programme already" in twice.content.decode()
    unread = admin.post(address, {"name": "Bronze", "weight": "heavy"})
    assert unread.status_code == 409
    assert "Share of a manager" in unread.content.decode()
    gold = programme.tiers.get(name="Gold")
    assert admin.post(f"/settings/lists/tiers/{gold.pk}/", {"do": "melt"}).status_code == 409
    assert tiers(programme) == ["Gold", "Silver"]


def test_a_colleague_keeps_no_lists(client: Client, alice: User, programme: Programme) -> None:
    client.force_login(alice)
    gold = programme.tiers.get(name="Gold")
    for address in (
        PAGE,
        f"{PAGE}{programme.pk}/",
        f"{PAGE}{programme.pk}/tiers/",
        f"/settings/lists/tiers/{gold.pk}/",
    ):
        assert client.post(address, {"do": "retire"}).status_code == 403


def test_the_page_costs_the_same_with_3_programmes_and_with_30(admin: Client, reseller: PartnerType) -> None:
    admin.get(PAGE)
    counts = []
    for rows in (3, 30):
        for number in range(Programme.objects.count(), rows):
            programme = lists.add_programme(f"Programme {number}", reseller)
            lists.add_tier(programme, "Gold", Decimal(1))
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(PAGE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
