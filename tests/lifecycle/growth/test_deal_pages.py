"""The pages of deals: list, board, one deal, and what wrong input gets."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lifecycle.growth import deals
from lifecycle.growth.models import Credit, Deal, Phase
from partners.models import Partner
from prm import clock
from prm.money import Money
from team import rates
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.growth.conftest import deal_with, phase

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def new(**other: Any) -> dict[str, Any]:
    first = {
        "name": "Roll-out",
        "customer": "Baker Foods",
        "website": "baker.example",
        "country": "DE",
        "role": "resold",
        "phase": phase("Solution").pk,
        "amount": "12.500,50",
        "currency": "EUR",
        "expected_close_on": "2026-09-30",
        "next_step": "Send the offer",
        "next_step_on": "2026-06-10",
        "seller_name": "Sam Seller",
        "seller_email": "sam@acme.example",
    }
    return {**first, **other}


def names(page: Any) -> list[str]:
    return [row.name for row in page.context["rows"]]


# --- adding and changing ------------------------------------------------------------------------------


def test_a_deal_is_added_at_a_partner(alices: Client, pipeline: None, northwind: Partner) -> None:
    page = alices.post(reverse("lifecycle:deal_add", args=[northwind.pk]), new())
    deal = Deal.objects.get()
    assert (page.status_code, page["Location"]) == (303, deal.get_absolute_url())
    assert (deal.amount, deal.phase.name, deal.customer.domain) == (1_250_050, "Solution", "baker.example")
    assert [(credit.partner, credit.role) for credit in deal.credits.all()] == [(northwind, "resold")]
    assert deal.owner == northwind.owner
    shown = alices.get(deal.get_absolute_url()).content.decode()
    for words in ("EUR 12,500.50", "Sam Seller", "Send the offer", "30 %", "Resold", "primary credit"):
        assert words in shown


def test_a_double_press_adds_one(alices: Client, pipeline: None, northwind: Partner) -> None:
    address = reverse("lifecycle:deal_add", args=[northwind.pk])
    once = alices.get(address).context["form"]["once"].value()
    for _press in range(2):
        assert alices.post(address, new(once=once)).status_code == 303
    assert Deal.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"amount": "12.500"}, "amount", "two ways"),
        ({"amount": "-3"}, "amount", "Write a number"),
        ({"currency": "XXX"}, "currency", "XXX is not one of the available choices"),
        ({"probability": "101"}, "probability", "less than or equal to 100"),
        ({"expected_close_on": "0026-09-30"}, "expected_close_on", "year"),
        ({"next_step": ""}, "next_step", "Say what the next step is."),
        ({"name": "\u200b"}, "name", "can be read"),
        ({"seller_email": "sam"}, "seller_email", "valid email"),
        ({"phase": "0"}, "phase", "valid choice"),
    ],
)
def test_wrong_input_names_its_field_and_what_was_typed_stays(
    alices: Client, pipeline: None, northwind: Partner, wrong: dict[str, str], field: str, words: str
) -> None:
    page = alices.post(reverse("lifecycle:deal_add", args=[northwind.pk]), new(**wrong))
    assert page.status_code == 422
    assert words in page.context["form"].errors[field][0]
    assert 'value="Sam Seller"' in page.content.decode()
    assert not Deal.objects.exists()


def test_an_id_elsewhere_names_one_deal(alices: Client, deal: Deal, alice: User) -> None:
    deals.change(deal, {"outside_id": "CRM-1"}, by=alice, at=MONDAY)
    page = alices.post(reverse("lifecycle:deal_add", args=[deal.partner_id]), new(outside_id="CRM-1"))
    assert page.context["form"].errors["outside_id"] == ["Another deal has this id."]


def test_a_deal_is_edited_and_the_edit_taken_back(alices: Client, deal: Deal) -> None:
    address = reverse("lifecycle:deal_edit", args=[deal.pk])
    form = alices.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"amount": "9000", "products": []}
    page = alices.post(address, sent, follow=True)
    deal.refresh_from_db()
    assert deal.amount == 900_000
    undo = next(message.extra_tags for message in page.context["messages"])
    alices.post(undo)
    deal.refresh_from_db()
    assert deal.amount == 1_250_000


# --- moving ------------------------------------------------------------------------------------------


def test_the_board_moves_a_deal_and_says_so(alices: Client, deal: Deal) -> None:
    address = reverse("lifecycle:deal_move", args=[deal.pk])
    told = alices.post(address, {"to": phase("Proposal").pk, "seen": deal.phase_id}, **JSON)
    assert (told.status_code, told.json()["detail"]) == (200, "“Roll-out” moved to Proposal.")
    again = alices.post(address, {"to": phase("Solution").pk, "seen": deal.phase_id}, **JSON)
    assert again.status_code == 409
    assert again.json()["reasons"] == ["“Roll-out” stands in Proposal now."]
    unread = alices.post(address, {"to": "somewhere"}, **JSON)
    assert unread.status_code == 422


def test_a_lost_deal_says_why(alices: Client, deal: Deal) -> None:
    address = reverse("lifecycle:deal_move", args=[deal.pk])
    page = alices.post(address, {"to": phase("Lost").pk})
    assert page.status_code == 422
    assert page.context["form"].non_field_errors() == ["Reason: say why the deal is lost."]
    alices.post(address, {"to": phase("Lost").pk, "reason": "No budget"})
    deal.refresh_from_db()
    assert (deal.state, deal.lost_reason) == ("lost", "No budget")


# --- list, board, file ----------------------------------------------------------------------------------


def test_the_list_narrows_and_adds_up_by_currency(
    alices: Client, deal: Deal, northwind: Partner, contoso: Partner, alice: User, bob: User
) -> None:
    pounds = deal_with(contoso, alice, name="Pilot", firm="linden", amount=500, currency="GBP")
    both = alices.get("/deals/?state=open")
    assert [str(money) for money in both.context["worth"]] == ["EUR 12,500", "GBP 5"]
    deals.credit(pounds, northwind, Credit.Role.INFLUENCED, by=alice, at=MONDAY)
    deals.move(deal, phase("Won"), by=alice, at=clock.now())
    everything = alices.get("/deals/")
    assert sorted(names(everything)) == ["Pilot", "Roll-out"]
    assert everything.context["worth"] == []  # what is won and what is hoped for is no sum
    for query, found in {
        "state=open": ["Pilot"],
        "state=won": ["Roll-out"],
        f"partner={northwind.pk}": ["Pilot", "Roll-out"],
        f"partner={northwind.pk}&role=influenced": ["Pilot"],
        f"phase={phase('Won').pk}": ["Roll-out"],
        "q=linden": ["Pilot"],
        "q=northwind+roll": ["Roll-out"],
        "owner=me": ["Pilot", "Roll-out"] if pounds.owner == alice else ["Roll-out"],
        f"owner={bob.pk}": [],
        "closes_from=2026-10-01": [],
    }.items():
        page = alices.get(f"/deals/?{query}")
        assert (sorted(names(page)), page.context["count"]) == (found, len(found)), query


@pytest.mark.parametrize(
    "query",
    ["state=nonsense", "phase=0", "closes_from=soon", "owner=%00", "partner=x", "sort=--name", "after=%00"],
)
def test_a_broken_address_is_no_crash(alices: Client, deal: Deal, query: str) -> None:
    for page in ("/deals/", "/deals/board/"):
        assert alices.get(f"{page}?{query}").status_code == 200
    is_read = query.partition("=")[0] in {"sort", "after"}  # else the file would not be what was asked for
    assert alices.get(f"/deals.csv?{query}").status_code == (200 if is_read else 422)


def test_pages_follow_each_other_without_gap(
    alices: Client, northwind: Partner, alice: User, deal: Deal
) -> None:
    for n in range(29):
        deal_with(northwind, alice, name=f"Deal {n:02}", expected_close_on=date(2026, 9, 1 + n % 3))
    deal_with(northwind, alice, name="Without a day", expected_close_on=None)
    first = alices.get("/deals/?state=open")
    second = alices.get("/deals/" + first.context["next_url"])
    found = names(first) + names(second)
    assert (len(found), len(set(found)), found[-1]) == (31, 31, "Without a day")


def test_several_currencies_are_told_in_one_at_the_rate_of_the_day(
    alices: Client, deal: Deal, contoso: Partner, alice: User, ravi: User
) -> None:
    today = timezone.localdate(clock.now())
    assert alices.get("/deals/?state=open").context["total"] is None  # one currency needs no rate
    pounds = deal_with(contoso, alice, name="Pilot", firm="linden", amount=50_000, currency="GBP")
    unrated = alices.get("/deals/?state=open")
    assert str(unrated.context["total"]) == "1 amount in GBP has no rate and is left out (GBP 500)"
    for day, worth in ((today - timedelta(days=40), "1.1"), (today - timedelta(days=2), "1.2")):
        rates.state(rates.Wanted("GBP", day, Decimal(worth)), by=ravi, at=MONDAY)
    said = f"1 GBP = 1.2 EUR of {today - timedelta(days=2):%-d %b %Y}"
    assert f"≈ EUR 13,100 at {said}" in alices.get("/deals/?state=open").content.decode()
    assert f"≈ EUR 13,100 at {said}" in alices.get("/deals/board/").content.decode()
    for each in (deal, pounds):
        deals.move(each, phase("Won"), by=alice, at=clock.now())
    Deal.objects.filter(pk=pounds.pk).update(closed_on=today - timedelta(days=30))
    won = alices.get("/deals/?state=won").context["total"]
    assert won.money == Money(1_305_000, "EUR")  # at the rate of the day it closed


def test_the_board_has_true_counts_and_only_open_phases(alices: Client, deal: Deal, alice: User) -> None:
    for n in range(11):
        deal_with(deal.partner, alice, name=f"Deal {n}")
    won = deal_with(deal.partner, alice, name="Won one")
    deals.move(won, phase("Won"), by=alice, at=MONDAY)
    columns = alices.get("/deals/board/").context["columns"]
    assert [column.phase.name for column in columns] == ["Qualifying", "Solution", "Proposal", "Negotiation"]
    first = columns[0]
    assert (first.count, len(first.cards), first.more) == (12, 10, 2)
    assert str(first.worth[0]) == "EUR 150,000"
    assert all(card.may_move for card in first.cards)
    narrowed = alices.get("/deals/board/?q=deal+1").context["columns"]
    assert [card.name for card in narrowed[0].cards] == ["Deal 1", "Deal 10"]
    assert [column.count for column in narrowed] == [2, 0, 0, 0]


def test_who_may_not_move_a_deal_is_offered_no_move(client: Client, bob: User, deal: Deal) -> None:
    client.force_login(bob)
    (card,) = client.get("/deals/board/").context["columns"][0].cards
    assert not card.may_move
    assert "Edit" not in client.get(deal.get_absolute_url()).content.decode()
    assert (
        client.post(reverse("lifecycle:deal_move", args=[deal.pk]), {"to": phase("Won").pk}).status_code
        == 403
    )


def test_who_looks_after_a_deal_may_change_it(client: Client, bob: User, deal: Deal, alice: User) -> None:
    deals.change(deal, {"owner": bob}, by=alice, at=MONDAY)
    client.force_login(bob)
    client.post(reverse("lifecycle:deal_move", args=[deal.pk]), {"to": phase("Won").pk})
    deal.refresh_from_db()
    assert deal.state == "won"


def test_the_file_holds_the_list_and_no_formula(alices: Client, deal: Deal, alice: User) -> None:
    deals.change(deal, {"name": "=HYPERLINK(1)"}, by=alice, at=MONDAY)
    text = b"".join(alices.get("/deals.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (line,) = csv.DictReader(text.splitlines())
    assert (line["Deal"], line["Amount"], line["Currency"]) == ("'=HYPERLINK(1)", "12500.00", "EUR")
    assert line["Customer domain"] == "baker.example"


# --- credits --------------------------------------------------------------------------------------------


def test_another_partner_is_found_and_credited(alices: Client, deal: Deal, contoso: Partner) -> None:
    address = reverse("lifecycle:deal_credit", args=[deal.pk])
    assert [partner.name for partner in alices.get(address + "?q=cont").context["found"]] == ["Contoso"]
    assert "No partner is called" in alices.get(address + "?q=nobody").content.decode()
    alices.post(address, {"partner": contoso.pk, "role": "delivered"})
    alices.post(reverse("lifecycle:deal_primary", args=[deal.pk]), {"partner": contoso.pk})
    deal.refresh_from_db()
    assert deal.partner == contoso
    last = deal.credits.current().get(partner=contoso)
    refused = alices.post(reverse("lifecycle:credit_end", args=[last.pk]))
    assert refused.status_code == 409
    assert "Contoso has the primary credit" in refused.content.decode()
    assert alices.post(reverse("lifecycle:deal_primary", args=[deal.pk]), {"partner": "x"}).status_code == 404


# --- the partner's page, Settings --------------------------------------------------------------------------


def test_the_partners_page_shows_what_closes_first(alices: Client, deal: Deal, alice: User) -> None:
    deal_with(deal.partner, alice, name="Sooner", expected_close_on=MONDAY.date() + timedelta(days=9))
    page = alices.get(deal.partner.get_absolute_url())
    assert [shown.name for shown in page.context["deals"]] == ["Sooner", "Roll-out"]


def test_phases_are_kept_under_settings(client: Client, ravi: User, pipeline: None) -> None:
    client.force_login(ravi)
    client.post("/settings/deal-phases/", {"name": "Legal", "probability": "90"})
    legal = phase("Legal")
    address = reverse("lifecycle:phase", args=[legal.pk])
    client.post(address, {"do": "save", "name": "Legal check", "probability": "85"})
    client.post(address, {"do": "up"})
    legal.refresh_from_db()
    assert (legal.name, legal.probability, legal.position) == ("Legal check", 85, 3)
    client.post(address, {"do": "retire"})
    assert not Phase.objects.filter(retired_at=None, pk=legal.pk).exists()
    wrong = client.post(address, {"do": "save", "name": "Legal", "probability": "900"})
    assert (wrong.status_code, "Probability in %" in wrong.context["refusal"]) == (409, True)
    twice = client.post("/settings/deal-phases/", {"name": "Won", "probability": "90"})
    assert twice.status_code == 422
