"""Long lists as their address asks for them."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import get_resolver
from django_filters import FilterSet

from lifecycle.growth.pipeline import DealListing
from partners.listing import PartnerListing
from prm.listing import NotRead
from team.models import User
from tests.programs import program


def _all_of(kind: type[FilterSet]) -> list[type[FilterSet]]:
    return [each for below in kind.__subclasses__() for each in (below, *_all_of(below))]


def test_no_filter_sorts_all_rows_to_find_doubles() -> None:
    """A choice among several of a row's own values finds no row twice, yet asks for DISTINCT by itself,
    which reads and sorts every row before the page is cut."""
    assert get_resolver().url_patterns  # every view, and with it every filter, is loaded
    ours = [each for each in _all_of(FilterSet) if not each.__module__.startswith("django_filters")]
    assert len(ours) >= 5
    doubling = [
        f"{each.__qualname__}.{name}"
        for each in ours
        for name, one in each.base_filters.items()
        if one.distinct
    ]
    assert doubling == []


@pytest.mark.parametrize("name", ["partner", "owner", "form", "person", "template", "product", "phase"])
@pytest.mark.parametrize(
    "address",
    [
        *("/partners/", "/deals/", "/deals/board/", "/registrations/", "/agreements/", "/applications/"),
        *("/outreach/", "/plans/", "/integrations/", "/reviews/", "/tiers/", "/certificates/", "/referrals/"),
    ],
)
def test_a_number_beyond_all_ids_is_no_crash(alice: User, client: Client, address: str, name: str) -> None:
    client.force_login(alice)
    assert client.get(address, {name: "9" * 20}).status_code in {200, 422}


@pytest.mark.parametrize("kind", [PartnerListing, DealListing])
def test_a_list_whose_filter_cannot_be_read_hands_out_no_rows(
    kind: type[PartnerListing | DealListing], alice: User
) -> None:
    listing = kind(QueryDict("owner=me&owner=zzz"), alice)
    for hand_out in (lambda: listing.asked_for, listing.sorted_rows):
        with pytest.raises(NotRead, match="no colleague is called “zzz”"):
            hand_out()


def test_a_value_that_is_asked_for_twice_is_one_chip_and_one_press_takes_it_away(
    alice: User, client: Client
) -> None:
    client.force_login(alice)
    chips = client.get("/deals/?state=open&state=open&owner=me&after=x").context["chips"]
    assert [(str(chip), chip.without) for chip in chips] == [
        ("State: Open", "?owner=me"),
        ("Owner: Me", "?state=open&state=open"),
    ]


def test_the_chip_of_what_could_not_be_read_says_so_and_takes_it_away(alice: User, client: Client) -> None:
    client.force_login(alice)
    page = client.get("/deals/?state=open&state=nope&owner=me")
    assert [(str(chip), chip.without) for chip in page.context["chips"]] == [
        ("State: Open (not read)", "?state=nope&owner=me"),
        ("State: nope (not read)", "?state=open&owner=me"),
        ("Owner: Me", "?state=open&state=nope"),
    ]
    assert 'aria-label="Without State: nope (not read)"' in page.text
    assert "not read" not in client.get("/deals/?state=open&owner=me").text


def test_what_is_neither_true_nor_false_is_said(alice: User, client: Client) -> None:
    client.force_login(alice)
    page = client.get("/deals/?renewal=maybe")
    assert "“maybe” is neither true nor false." in page.content.decode()
    assert [str(chip) for chip in page.context["chips"]] == ["Renewals: maybe (not read)"]
    assert client.get("/deals/?renewal=True").context["faults"] == []
    told = program(alice).get("/api/v1/courses/?counts=maybe")
    assert (told.status_code, told.json()) == (400, {"counts": ["“maybe” is neither true nor false."]})
    assert program(alice).get("/api/v1/courses/?counts=false").status_code == 200
