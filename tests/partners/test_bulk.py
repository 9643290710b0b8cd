"""Giving many partners to one owner from the list."""

import pytest
from django.test import Client
from django.urls import reverse

from partners import organisations
from partners.models import Event, Partner
from team.models import Company, User
from tests.conftest import MONDAY

GIVE = "/partners/owners/"


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def test_the_ticked_ones_are_given_and_can_be_taken_back(
    desk: Client, northwind: Partner, alice: User, bob: User
) -> None:
    response = desk.post(f"{GIVE}?q=north", {"to": bob.pk, "which": "ticked", "ids": [northwind.pk]})
    assert (response.status_code, response["Location"]) == (303, "/partners/?q=north")
    northwind.refresh_from_db()
    assert northwind.owner == bob
    page = desk.get(response["Location"])
    assert "1 partner went to Bob." in page.text
    event = Event.objects.get(kind="owners_changed")
    desk.post(reverse("partners:undo", args=[event.pk]))
    northwind.refresh_from_db()
    assert northwind.owner == alice


def test_what_was_skipped_is_reported_with_the_reason(
    desk: Client, northwind: Partner, contoso: Partner, bob: User
) -> None:
    response = desk.post(GIVE, {"to": bob.pk, "which": "ticked", "ids": [northwind.pk, contoso.pk]})
    report = desk.get(response["Location"])
    assert "1 partner went to Bob. 1 stayed as they were." in report.text
    assert "you do not look after it" in report.text
    desk.force_login(bob)
    assert desk.get(response["Location"]).status_code == 404


def test_a_head_gives_all_of_a_filtered_list(client: Client, erin: User, bob: User) -> None:
    for number in range(30):
        organisations.add(f"Partner {number}", by=erin, at=MONDAY)
    organisations.add("Other", by=erin, at=MONDAY)
    client.force_login(erin)
    assert "All 30 of this list" in client.get("/partners/?q=partner").text
    client.post(f"{GIVE}?q=partner", {"to": bob.pk, "which": "all", "count": 29})
    assert "The list changed" in client.get("/partners/").text
    assert not Partner.objects.filter(owner=bob).exists()
    client.post(f"{GIVE}?q=partner", {"to": bob.pk, "which": "all", "count": 30})
    assert Partner.objects.filter(owner=bob).count() == 30
    assert Partner.objects.get(name="Other").owner is None


def test_partners_can_be_unassigned(desk: Client, northwind: Partner) -> None:
    desk.post(GIVE, {"to": "none", "which": "ticked", "ids": [northwind.pk]})
    northwind.refresh_from_db()
    assert northwind.owner is None


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"to": "none", "which": "ticked"}, "Tick the partners"),
        ({"to": "none", "which": "ticked", "ids": ["x"]}, "Tick the partners"),
    ],
)
def test_bad_input_is_said(desk: Client, northwind: Partner, sent: dict[str, object], says: str) -> None:
    response = desk.post(GIVE, sent)
    assert response.status_code == 303
    assert says in desk.get(response["Location"]).text


def test_what_one_cannot_see_is_not_touched(
    desk: Client, northwind: Partner, contoso: Partner, bob: User
) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    desk.post(GIVE, {"to": bob.pk, "which": "ticked", "ids": [contoso.pk]})
    contoso.refresh_from_db()
    assert contoso.owner is None


def test_who_it_goes_to_is_asked_where_it_is_not_said(desk: Client, northwind: Partner, bob: User) -> None:
    asked = desk.post(f"{GIVE}?q=north", {"which": "ticked", "ids": [northwind.pk], "count": 1})
    assert asked.status_code == 200
    assert "Give 1 partner to another owner" in asked.text
    assert f'<input type="hidden" name="ids" value="{northwind.pk}">' in asked.text
    assert f'<option value="{bob.pk}">Bob</option>' in asked.text
    assert f'action="{GIVE}?q=north"' in asked.text
    nothing = desk.post(GIVE, {"which": "ticked"})
    assert "Tick the partners" in desk.get(nothing["Location"]).text


def test_all_of_a_list_are_asked_for_as_they_were_seen(desk: Client, northwind: Partner, bob: User) -> None:
    assert "Give 1 partner to" in desk.get(f"{GIVE}?q=north").text
    seen = desk.post(f"{GIVE}?q=north", {"which": "all", "count": 29}).context
    desk.post(f"{GIVE}?q=north", {"which": seen["which"], "count": seen["count"], "to": bob.pk})
    assert not Partner.objects.filter(owner=bob).exists()


def test_the_list_holds_no_choice_of_people_and_its_bar_fetches_one(
    desk: Client, northwind: Partner, bob: User
) -> None:
    assert "<option" not in desk.get("/partners/").text
    choice = desk.get(GIVE, headers={"HX-Request": "true"}).text
    assert f'<option value="{bob.pk}">Bob</option>' in choice
    assert "<form" not in choice
