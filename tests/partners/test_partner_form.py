"""Adding and editing a partner through the pages."""

import json
import os
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from partners import organisations
from partners.models import Event, Partner, Programme
from team.models import Company, Region, User, Vertical
from tests.conftest import MONDAY

ADD = "/partners/add/"


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def edit(partner: Partner) -> str:
    return reverse("partners:edit", args=[partner.pk])


def test_a_partner_is_added_with_all_that_is_known(desk: Client, alice: User, programme: Programme) -> None:
    region, retail = Region.objects.create(name="Nordics"), Vertical.objects.create(name="Retail")
    gold = programme.tiers.get(name="Gold")
    response = desk.post(
        ADD,
        {
            "name": "Fabrikam",
            "website": "www.fabrikam.com/about",
            "country": "NO",
            "zone": "Europe/Oslo",
            "region": region.pk,
            "verticals": [retail.pk],
            "employees": "40",
            "certifications": "ISO 27001, SOC 2, ISO 27001",
            "place": f"{programme.pk}-{gold.pk}",
            "owner": alice.pk,
        },
    )
    assert response.status_code == 303, response.context["form"].errors
    partner = Partner.objects.get(name="Fabrikam")
    assert (response.status_code, response["Location"]) == (303, partner.get_absolute_url())
    assert (partner.domain, partner.country, partner.region) == ("fabrikam.com", "NO", region)
    assert partner.certifications == ["ISO 27001", "SOC 2"]
    assert (partner.kind, partner.tier, partner.owner) == (programme.kind, gold, alice)
    assert [vertical.name for vertical in partner.verticals.all()] == ["Retail"]
    assert partner.visits.count() == 1


def test_a_double_press_adds_once(desk: Client) -> None:
    once = desk.get(ADD).context["form"]["once"].value()
    for _ in range(2):
        desk.post(ADD, {"name": "Fabrikam", "once": once, "anyway": "on"})
    assert Partner.objects.filter(name="Fabrikam").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "This field is required"),
        ("name", "\u200b\u200b", "a name that can be read"),
        ("name", "\x01\x7f", "a name that can be read"),
        ("name", "a\0b", "Null characters"),
        ("name", "x" * 201, "at most 200 characters"),
        ("website", "not a site", "valid URL"),
        ("country", "Mars", "valid choice"),
        ("zone", "Mars/Base", "is no time zone"),
        ("employees", "-1", "greater than or equal to 0"),
        ("employees", "many", "whole number"),
        ("place", "99-", "valid choice"),
        ("certifications", ",".join(map(str, range(60))), "more than 50"),
    ],
)
def test_bad_input_names_the_field_and_keeps_what_was_typed(
    desk: Client, field: str, value: str, says: str
) -> None:
    response = desk.post(ADD, {"name": "Fabrikam", "city": "Typed town", field: value})
    assert response.status_code == 422
    assert says in " ".join(response.context["form"].errors[field])
    assert "Typed town" in response.text
    assert not Partner.objects.exists()


def test_a_look_alike_is_shown_before_it_is_added_anyway(desk: Client, northwind: Partner) -> None:
    sent = {"name": "NORTHWIND Ltd", "website": "https://shop.northwind.co.uk"}
    response = desk.post(ADD, sent)
    assert response.status_code == 422
    assert "This looks like a partner we know" in response.text
    assert northwind.get_absolute_url() in response.text
    assert Partner.objects.count() == 1
    desk.post(ADD, sent | {"anyway": "on"})
    assert Partner.objects.count() == 2


def test_without_a_look_alike_there_is_no_tick(desk: Client, northwind: Partner) -> None:
    assert "add it anyway" not in desk.get(ADD).text
    assert "add it anyway" not in desk.post(ADD, {"name": ""}).text


def test_a_hidden_look_alike_is_counted_not_named(desk: Client, contoso: Partner) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    response = desk.post(ADD, {"name": "contoso gmbh"})
    assert "1 partner like it is looked after by a colleague" in response.text
    assert contoso.get_absolute_url() not in response.text


@pytest.mark.parametrize(
    "now", [{"name": "Contoso Ltd"}, {"website": "https://shop.contoso.com"}, {"domains": "contoso.com"}]
)
def test_a_look_alike_is_shown_when_an_edit_makes_it_one(
    desk: Client, northwind: Partner, contoso: Partner, now: dict[str, str]
) -> None:
    sent = {"name": "Northwind", "website": northwind.website, **now}
    response = desk.post(edit(northwind), sent)
    assert response.status_code == 422
    assert contoso.get_absolute_url() in response.text
    assert "save it anyway" in response.text
    assert not Event.objects.filter(kind="partner_changed").exists()
    assert desk.post(edit(northwind), sent | {"anyway": "on"}).status_code == 303
    assert desk.post(edit(northwind), sent | {"city": "Oslo"}).status_code == 303, "it is said once"


def test_an_edit_of_something_else_asks_nothing(desk: Client, northwind: Partner, alice: User) -> None:
    organisations.add("Northwind GmbH", by=alice, at=MONDAY, website=northwind.website)
    sent = {"name": "Northwind", "website": northwind.website, "city": "Oslo"}
    assert desk.post(edit(northwind), sent).status_code == 303


def test_editing_keeps_the_former_name_and_offers_undo(desk: Client, northwind: Partner) -> None:
    page = desk.get(edit(northwind))
    assert page.context["form"]["name"].value() == "Northwind"
    desk.post(edit(northwind), {"name": "Westwind", "website": northwind.website, "names": "NW Traders"})
    northwind.refresh_from_db()
    assert northwind.name == "Westwind"
    assert {n.name for n in northwind.names.all()} == {"Westwind", "NW Traders", "Northwind"}
    event = Event.objects.get(kind="partner_changed")
    assert reverse("partners:undo", args=[event.pk]) in desk.get("/partners/").text


def test_saving_unchanged_writes_nothing(desk: Client, northwind: Partner) -> None:
    shown = desk.get(edit(northwind)).context["form"]
    sent = {name: shown[name].value() or "" for name in shown.fields if name not in {"verticals", "once"}}
    assert desk.post(edit(northwind), sent).status_code == 303
    assert not Event.objects.filter(kind="partner_changed").exists()


def test_what_was_not_touched_stays_as_it_is(desk: Client, northwind: Partner, alice: User) -> None:
    retired = {"retired_at": MONDAY}
    region = Region.objects.create(name="Old region", **retired)
    retail = Vertical.objects.create(name="Old vertical", **retired)
    facts = {
        "names": ["Northwind, Inc.", "NW"],
        "certifications": ["ISO 9001, ISO 14001"],
        "region": region,
        "verticals": [retail],
        "domain": "nw-group.com",
    }
    organisations.change(northwind, facts, by=alice, at=MONDAY)
    shown = desk.get(edit(northwind)).context["form"]
    sent = {name: shown[name].value() or "" for name in shown.fields if name not in {"verticals", "once"}}
    desk.post(edit(northwind), sent | {"verticals": [retail.pk], "city": "Oslo"})
    assert Event.objects.filter(kind="partner_changed").latest("pk").changes == {"city": ["", "Oslo"]}


def test_a_wrong_further_domain_is_said(desk: Client, northwind: Partner) -> None:
    response = desk.post(edit(northwind), {"name": "Northwind", "domains": "nw.example.com\nlocalhost"})
    assert "“localhost”: this is no domain" in " ".join(response.context["form"].errors["domains"])


def test_a_colleague_may_look_but_not_edit(client: Client, bob: User, northwind: Partner) -> None:
    client.force_login(bob)
    assert client.get(edit(northwind)).status_code == 403
    assert client.post(edit(northwind), {"name": "X"}).status_code == 403


def test_a_stranger_does_not_find_it(client: Client, bob: User, northwind: Partner) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    client.force_login(bob)
    assert client.get(edit(northwind)).status_code == 404


def test_other_methods_are_refused(desk: Client, northwind: Partner) -> None:
    assert desk.delete(edit(northwind)).status_code == 405
    assert desk.put(ADD).status_code == 405


@pytest.mark.real_data
def test_any_name_goes_in_as_it_is_or_is_refused_in_words(desk: Client) -> None:
    strings = json.loads((Path(os.environ["REAL_DATA"]) / "naughty_strings.json").read_text())
    for text in strings[::4]:
        response = desk.post(ADD, {"name": text, "city": text, "anyway": "on"})
        assert response.status_code in {303, 422}, text
        if response.status_code == 303:
            assert Partner.objects.filter(name=text.strip().replace("\r\n", "\n")).exists(), text
        else:
            assert response.context["form"].errors, text
