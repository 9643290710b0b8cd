"""Undo from a page: who may, what it says when it may not."""

import pytest
from django.test import Client
from django.urls import reverse

from partners import organisations
from partners.models import Event, Partner
from team.models import Company, User
from tests.conftest import MONDAY


@pytest.fixture
def event(northwind: Partner, alice: User) -> Event:
    from prm import clock

    with clock.fixed(MONDAY):
        event = organisations.change(northwind, {"city": "Oslo"}, by=alice, at=MONDAY)
    assert event is not None
    return event


@pytest.fixture(autouse=True)
def _on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    from prm import clock

    monkeypatch.setattr(clock, "now", lambda: MONDAY)


def address(event: Event) -> str:
    return reverse("partners:undo", args=[event.pk])


def test_it_takes_back_and_returns(client: Client, event: Event, northwind: Partner, alice: User) -> None:
    client.force_login(alice)
    response = client.post(address(event), {"next": "/partners/?q=x"})
    assert (response.status_code, response["Location"]) == (303, "/partners/?q=x")
    northwind.refresh_from_db()
    assert northwind.city == ""
    again = client.post(address(event), {"next": "https://elsewhere.example/"})
    assert again["Location"] == northwind.get_absolute_url()
    assert "taken back already" in client.get("/partners/").text


def test_a_colleague_may_not(client: Client, event: Event, bob: User, northwind: Partner) -> None:
    client.force_login(bob)
    assert client.post(address(event)).status_code == 403
    northwind.refresh_from_db()
    assert northwind.city == "Oslo"


def test_a_head_may(client: Client, event: Event, erin: User) -> None:
    client.force_login(erin)
    assert client.post(address(event)).status_code == 303


def test_a_stranger_does_not_find_it(client: Client, event: Event, bob: User) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    client.force_login(bob)
    assert client.post(address(event)).status_code == 404
    assert client.post("/events/999/undo/").status_code == 404


def test_it_needs_a_post_and_a_person(client: Client, event: Event, alice: User) -> None:
    assert client.post(address(event)).status_code == 302
    client.force_login(alice)
    assert client.get(address(event)).status_code == 405
