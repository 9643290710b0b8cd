"""Lists of very many rows count so far and no further, and say so."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from team.models import User
from tests import test_query_counts as made
from tests.test_query_counts import Make


def all_deals(count: int, alice: User) -> str:
    made.deals_listed(count, alice)
    return reverse("lifecycle:deals")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (all_deals, "deals"),
        (made.registrations_of, "registrations"),
        (made.tiers_listed, "memberships"),
        (made.agreements_of, "agreements"),
        (made.applications_of, "applications"),
        (made.plans_listed, "plans"),
        (made.integrations_of, "integrations"),
        (made.reviews_of, "reviews"),
        (made.issues_of, "issues"),
        (made.experiments_of, "experiments"),
    ],
)
def test_of_very_many_a_list_says_more_than(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch, make: Make, words: str
) -> None:
    client.force_login(alice)
    address = make(3, alice)
    assert f"3 {words}" in client.get(address).text
    monkeypatch.setattr("prm.listing.MOST_COUNTED", 2)
    assert f"More than 2 {words}" in client.get(address).text
