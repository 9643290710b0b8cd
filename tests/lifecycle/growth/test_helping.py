"""Help on a deal is a request with a clock; a special price is decided on."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conversations import decisions, messages
from conversations.models import Matter, Wait
from lifecycle.growth import deals
from lifecycle.growth.helping import requests
from lifecycle.growth.helping.models import Help
from lifecycle.growth.helping.requests import HelpRefused
from lifecycle.growth.models import Deal
from partners.models import Contact, Event, Partner
from portal import passes
from prm import clock
from team.models import User
from tests.conftest import MONDAY
from tests.lifecycle.growth.conftest import deal_with, phase

Kind = Help.Kind


def test_what_a_partner_asks_waits_for_our_reply(deal: Deal, nora: Contact, alice: User) -> None:
    asked = requests.ask(deal, deal.partner, Kind.QUOTE, "For 200 seats, by Friday.", by=nora, at=MONDAY)
    wait = Wait.objects.get()
    assert (wait.conversation, wait.metric, wait.state) == (asked.conversation, "first", "open")
    assert wait.conversation.subject == "Quote for “Roll-out”"
    assert requests.standing([asked])[0].due_at == wait.due_at
    messages.reply(wait.conversation, "Here it is.", by=alice, at=MONDAY)
    assert not requests.standing([asked])[0].is_open
    assert Event.objects.get(kind="help_asked").about_id == deal.pk


def test_what_one_of_us_is_told_waits_as_well(deal: Deal, nora: Contact, alice: User) -> None:
    requests.ask(deal, deal.partner, Kind.EXECUTIVE, "Before the board meets.", alice, MONDAY, contact=nora)
    wait = Wait.objects.get()
    assert (wait.state, wait.conversation.partner) == ("open", deal.partner)


def test_a_special_price_is_decided_on_and_stands_in_the_deal_s_history(
    deal: Deal, nora: Contact, erin: User
) -> None:
    asked = requests.ask(deal, deal.partner, Kind.PRICE, "The rival bids.", nora, MONDAY, price=1_000_000)
    matter = Matter.objects.get()
    facts = {fact.label: fact.value for fact in requests.look([matter])[matter.pk].facts}
    assert (facts["Price wanted"], facts["Below the amount by"]) == ("EUR 10,000", "20.0 %")
    decisions.decide(matter, "yes", "", by=erin, at=MONDAY)
    stands = requests.standing([asked])[0]
    assert stands.decision is not None
    assert stands.decision.is_yes
    assert Event.objects.get(kind="price_decided").note == "Roll-out: EUR 10,000, yes"
    assert not Wait.objects.open().exists()


def test_what_cannot_be_asked_is_refused_in_words(
    deal: Deal, contoso: Partner, nora: Contact, alice: User
) -> None:
    with pytest.raises(HelpRefused, match="Contoso has no part in this deal"):
        requests.ask(deal, contoso, Kind.QUOTE, "Please.", alice, MONDAY)
    with pytest.raises(HelpRefused, match="a special price names one"):
        requests.ask(deal, deal.partner, Kind.PRICE, "Please.", nora, MONDAY)
    deals.move(deal, phase("Won"), by=alice, at=MONDAY)
    with pytest.raises(HelpRefused, match="is closed"):
        requests.ask(deal, deal.partner, Kind.QUOTE, "Please.", nora, MONDAY)


def test_it_is_asked_on_the_deal_s_page(client: Client, deal: Deal, alice: User, bob: User) -> None:
    client.force_login(alice)
    page = f"/deals/{deal.pk}/help/"
    form = {"partner": deal.partner_id, "kind": "price", "words": "They compare us.", "price": ""}
    assert "Say which price." in client.post(page, form).text
    assert client.post(page, {**form, "price": "11,000"}).status_code == 303
    shown = client.get(deal.get_absolute_url()).text
    assert "Special price" in shown
    assert "EUR 11,000" in shown
    client.force_login(bob)
    assert client.post(page, form).status_code == 403


def test_a_partner_asks_on_its_own_page(
    client: Client, deal: Deal, contoso: Partner, nora: Contact, alice: User
) -> None:
    hidden = deal_with(contoso, alice, "Not theirs", "harbour")
    token = passes.token(passes.give(nora, 30, by=alice, at=clock.now()))
    page = f"/p/{token}/deals/"
    shown = client.get(page).text
    assert "Roll-out" in shown
    assert "Not theirs" not in shown
    refused = client.post(page, {"deal": hidden.pk, "kind": "quote", "words": "Please."})
    assert refused.status_code == 422
    assert client.post(page, {"deal": deal.pk, "kind": "quote", "words": "For 200 seats."}).status_code == 303
    assert Help.objects.get().contact == nora
    assert "we answer by" in client.get(page).text


def test_the_deal_s_page_costs_the_same_with_3_requests_and_with_30(
    client: Client, deal: Deal, nora: Contact, alice: User
) -> None:
    client.force_login(alice)
    counts = []
    for many in (3, 16):
        for n in range(many):
            asked = requests.ask(deal, deal.partner, Kind.QUOTE, f"{n}", by=nora, at=MONDAY)
            assert asked.conversation is not None
        client.get(deal.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(deal.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]
