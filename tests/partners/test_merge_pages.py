"""Merging in the browser's words: find the other one, compare, confirm, take back."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners import assignments, contacts, organisations
from partners.models import Contact, Event, Partner
from team.models import User
from tests.conftest import MONDAY


def address(kept: Partner, gone: Partner) -> str:
    return f"{reverse('partners:merge', args=[kept.pk])}?with={gone.pk}"


def test_what_looks_alike_is_offered_first(client: Client, northwind: Partner, erin: User) -> None:
    twin = organisations.add("Northwind GmbH", by=erin, at=MONDAY)
    organisations.add("Fabrikam", by=erin, at=MONDAY)
    client.force_login(erin)
    page = client.get(reverse("partners:merge", args=[northwind.pk])).content.decode()
    assert f"?with={twin.pk}" in page
    assert "Fabrikam" not in page


def test_another_is_found_by_a_part_of_its_name(
    client: Client, northwind: Partner, contoso: Partner, erin: User
) -> None:
    client.force_login(erin)
    page = client.get(reverse("partners:merge", args=[northwind.pk]), {"q": "CONTO"}).content.decode()
    assert f"?with={contoso.pk}" in page
    page = client.get(reverse("partners:merge", args=[northwind.pk]), {"q": "nobody"}).content.decode()
    assert "Nothing is found" in page


def test_two_are_compared_merged_and_taken_apart_again(
    client: Client, northwind: Partner, contoso: Partner, omar: Contact, erin: User
) -> None:
    Partner.objects.filter(pk=contoso.pk).update(city="Utrecht")
    client.force_login(erin)
    page = client.get(address(northwind, contoso)).content.decode()
    assert "Merge Contoso into Northwind" in page
    assert "Utrecht" in page
    sent = {"name": "kept", "website": "kept", "domain": "kept", "city": "gone"}
    answer = client.post(address(northwind, contoso), sent)
    assert (answer.status_code, answer["Location"]) == (303, northwind.get_absolute_url())
    northwind.refresh_from_db()
    assert (northwind.name, northwind.city) == ("Northwind", "Utrecht")
    gone = client.get(contoso.get_absolute_url())
    assert (gone.status_code, gone["Location"]) == (302, northwind.get_absolute_url())
    event = Event.objects.get(kind="partners_merged")
    assert client.post(reverse("partners:undo", args=[event.pk])).status_code == 303
    assert client.get(contoso.get_absolute_url()).status_code == 200
    omar.refresh_from_db()
    assert omar.partner == contoso


def test_an_empty_value_yields_to_the_other(
    client: Client, northwind: Partner, contoso: Partner, erin: User
) -> None:
    Partner.objects.filter(pk=contoso.pk).update(city="Utrecht")
    client.force_login(erin)
    page = client.get(address(northwind, contoso)).content.decode()
    city = page[page.index('name="city"') :]
    assert city.index('value="gone"') < city.index("checked") < city.index("</fieldset>")


def test_a_refusal_says_what_to_do(client: Client, northwind: Partner, contoso: Partner, erin: User) -> None:
    Partner.objects.filter(pk=contoso.pk).update(status="live", stage="growth", step="")
    client.force_login(erin)
    sent = {"name": "kept", "website": "kept", "domain": "kept"}
    answer = client.post(address(northwind, contoso), sent)
    assert answer.status_code == 422
    assert "keep Contoso, and merge Northwind into it" in answer.content.decode()


def test_both_sides_need_the_permission(
    client: Client, northwind: Partner, contoso: Partner, alice: User, bob: User
) -> None:
    client.force_login(bob)
    assert client.get(reverse("partners:merge", args=[northwind.pk])).status_code == 403
    client.force_login(alice)
    assert client.get(reverse("partners:merge", args=[northwind.pk])).status_code == 200
    assert client.post(address(northwind, contoso), {}).status_code == 403
    assignments.set_owner(contoso, to=alice, by=alice, at=MONDAY)
    sent = {"name": "kept", "website": "kept", "domain": "kept"}
    assert client.post(address(northwind, contoso), sent).status_code == 303


def test_strangers_and_unknown_ones(client: Client, northwind: Partner, erin: User) -> None:
    assert client.get(reverse("partners:merge", args=[northwind.pk])).status_code == 302
    client.force_login(erin)
    assert client.get(reverse("partners:merge", args=[9999])).status_code == 404
    assert client.get(f"{reverse('partners:merge', args=[northwind.pk])}?with=9999").status_code == 404
    assert client.delete(reverse("partners:merge", args=[northwind.pk])).status_code == 405


def test_two_contacts_are_merged(client: Client, northwind: Partner, nora: Contact, erin: User) -> None:
    twin = contacts.add(northwind, "N. Berg", by=erin, at=MONDAY, email="nora@gmail.com")
    client.force_login(erin)
    choose = reverse("partners:contact_merge", args=[nora.pk])
    assert f"?with={twin.pk}" in client.get(choose).content.decode()
    answer = client.post(f"{choose}?with={twin.pk}", {"name": "gone", "email": "kept"})
    assert answer.status_code == 303
    nora.refresh_from_db()
    assert (nora.name, nora.email) == ("N. Berg", "Nora@northwind.co.uk")
    gone = client.get(reverse("partners:contact", args=[twin.pk]))
    assert (gone.status_code, gone["Location"]) == (302, reverse("partners:contact", args=[nora.pk]))


def test_contacts_of_others_are_not_offered(
    client: Client, nora: Contact, omar: Contact, erin: User, bob: User
) -> None:
    client.force_login(erin)
    choose = reverse("partners:contact_merge", args=[nora.pk])
    assert "Omar" not in client.get(choose).content.decode()
    assert client.get(f"{choose}?with={omar.pk}").status_code == 404
    client.force_login(bob)
    assert client.get(choose).status_code == 403


@pytest.mark.parametrize("query", ["", "Northwind"])
def test_the_choice_costs_the_same_for_three_as_for_nine(
    client: Client, northwind: Partner, erin: User, django_assert_num_queries: Any, query: str
) -> None:
    client.force_login(erin)
    choose = reverse("partners:merge", args=[northwind.pk])
    for number in range(3):
        organisations.add("Northwind GmbH", by=erin, at=MONDAY, city=f"{number}")
    client.get(choose, {"q": query})
    with CaptureQueriesContext(connection) as few:
        client.get(choose, {"q": query})
    for number in range(6):
        organisations.add("Northwind GmbH", by=erin, at=MONDAY, city=f"{number}")
    with django_assert_num_queries(len(few)):
        client.get(choose, {"q": query})
