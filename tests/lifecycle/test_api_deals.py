"""Registrations, credits, referrals and requests for help from other programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lifecycle.growth import customers, deals, phases
from lifecycle.growth.referrals import passing
from lifecycle.models import Deal, Offer, Product, Registration
from partners.models import Contact, Partner, Stage, Status
from prm import clock
from team.models import User
from tests.programs import Program, program

API = "/api/v1"


@pytest.fixture
def alices(alice: User) -> Program:
    phases.seed()
    return program(alice)


@pytest.fixture
def live(northwind: Partner) -> Partner:
    Partner.objects.filter(pk=northwind.pk).update(status=Status.LIVE, stage=Stage.GROWTH, step="")
    northwind.refresh_from_db()
    return northwind


def begun(partner: Partner, by: User, **facts: Any) -> Deal:
    at = clock.now()
    return deals.start(partner, "Roll-out", customers.found("Tailspin", at), by=by, at=at, **facts)


def test_a_registration_is_asked_decided_extended_and_taken_back(
    alices: Program, erin: User, live: Partner, nora: Contact
) -> None:
    Product.objects.create(name="Platform")
    sent = {"partner": live.pk, "name": "Three sites", "customer": "Tailspin", "website": "tailspin.com"}
    sent |= {"words": "We met them.", "contact": nora.pk, "products": ["platform"]}
    priced = alices.send(f"{API}/registrations/", {**sent, "amount": 500})
    assert (priced.status_code, list(priced.json())) == (400, ["currency"])
    asked = alices.send(f"{API}/registrations/", {**sent, "amount": 500, "currency": "EUR"})
    assert asked.status_code == 201, asked.content
    told = asked.json()
    assert (told["state"], told["amount"], told["products"]) == ("asked", "500.00", ["Platform"])
    again = alices.send(f"{API}/registrations/", sent)
    assert (again.status_code, Registration.objects.count()) == (409, 1)
    (wait,) = told["waits"]
    yes = {"wait": wait, "answer": "yes", "reason": "Yours."}
    assert program(erin).send(f"{API}/decisions/", yes).status_code == 201
    here = f"{API}/registrations/{told['id']}"
    protected = alices.get(f"{here}/").json()
    assert (protected["state"], protected["deal"]) == ("protected", Deal.objects.get().pk)
    until = (clock.now() + timedelta(days=200)).date().isoformat()
    longer = alices.send(f"{here}/extend/", {"until": until, "progress": "They test it."})
    assert longer.json()["protected_until"] == until
    assert alices.send(f"{here}/withdraw/", {"reason": "Gone."}).json()["state"] == "withdrawn"


def test_what_stands_against_a_registration_is_told(
    alices: Program, alice: User, live: Partner, contoso: Partner
) -> None:
    begun(contoso, alice)
    sent = {"partner": live.pk, "name": "Three sites", "customer": "Tailspin", "words": "We met."}
    made = alices.send(f"{API}/registrations/", sent).json()
    (conflict,) = alices.get(f"{API}/registrations/{made['id']}/conflicts/").json()["conflicts"]
    assert "runs with Contoso" in conflict["words"]


def test_a_part_in_a_deal_is_credited_made_primary_and_ended(
    alices: Program, alice: User, live: Partner, contoso: Partner
) -> None:
    deal = begun(live, alice, amount=100)
    sent = {"deal": deal.pk, "partner": contoso.pk, "role": "delivered"}
    credit = alices.send(f"{API}/credits/", sent).json()
    twice = alices.send(f"{API}/credits/", sent)
    assert (twice.status_code, twice.json()["detail"]) == (409, "Contoso has it delivered already.")
    first = alices.send(f"{API}/deals/{deal.pk}/primary/", {"partner": contoso.pk})
    assert first.json()["partner"] == contoso.pk
    kept = alices.send(f"{API}/credits/{credit['id']}/end/")
    assert kept.status_code == 409
    assert alices.get(f"{API}/credits/?deal={deal.pk}").json()["results"][0]["to_at"] is None


def test_a_referral_is_offered_taken_and_met(
    alices: Program, live: Partner, contoso: Partner, nora: Contact
) -> None:
    sent = {"name": "Two sites", "customer": "Tailspin", "rule": "turn", "amount": 900, "currency": "EUR"}
    unfit = alices.send(f"{API}/referrals/", {**sent, "to": [contoso.pk]})
    assert (unfit.status_code, list(unfit.json())) == (400, ["to"])
    made = alices.send(f"{API}/referrals/", sent)
    assert made.status_code == 201, made.content
    (offer,) = made.json()["offers"]
    assert alices.get(f"{API}/offers/{offer}/").json()["partner"] == live.pk
    here = f"{API}/referrals/{made.json()['id']}"
    today = clock.now().date().isoformat()
    early = alices.send(f"{here}/met/", {"on": today})
    assert (early.status_code, early.json()["detail"]) == (409, "Nobody has taken it yet.")
    assert alices.send(f"{API}/offers/{offer}/accept/").status_code == 404  # the answer is the partner's
    passing.accept(Offer.objects.get(pk=offer), by=nora, at=clock.now())
    assert alices.get(f"{API}/offers/{offer}/").json()["state"] == "accepted"
    met = alices.send(f"{here}/met/", {"on": today}).json()
    assert (met["state"], met["met_on"], met["deal"]) == ("taken", today, Deal.objects.get().pk)
    assert alices.send(f"{here}/pull-back/", {"reason": "Late."}).status_code == 409


def test_a_referral_nobody_wants_stands_with_us_again(alices: Program, live: Partner, nora: Contact) -> None:
    sent = {"name": "Two sites", "customer": "Tailspin", "rule": "chosen", "to": [live.pk]}
    made = alices.send(f"{API}/referrals/", sent).json()
    passing.decline(Offer.objects.get(), "No time.", by=nora, at=clock.now())
    assert alices.get(f"{API}/offers/{made['offers'][0]}/").json()["reason"] == "No time."
    here = f"{API}/referrals/{made['id']}"
    assert alices.get(f"{here}/").json()["state"] == "nobody"
    assert alices.send(f"{here}/offer/", {"partner": live.pk}).status_code == 409


def test_help_on_a_deal_opens_a_clock_and_a_price_is_decided_on(
    alices: Program, alice: User, live: Partner, contoso: Partner
) -> None:
    deal = begun(live, alice, amount=100_000)
    sent = {"deal": deal.pk, "partner": live.pk, "words": "For three sites."}
    asked = alices.send(f"{API}/help-requests/", {**sent, "kind": "quote"})
    assert asked.status_code == 201, asked.content
    waits = alices.get(f"{API}/waits/?conversation={asked.json()['conversation']}").json()["results"]
    assert [wait["state"] for wait in waits] == ["open"]
    unpriced = alices.send(f"{API}/help-requests/", {**sent, "kind": "price"})
    assert unpriced.status_code == 409
    priced = alices.send(f"{API}/help-requests/", {**sent, "kind": "price", "price": 800})
    assert (priced.json()["price"], priced.json()["currency"]) == ("800.00", "EUR")
    apart = alices.send(f"{API}/help-requests/", {**sent, "kind": "quote", "partner": contoso.pk})
    assert (apart.status_code, apart.json()["detail"]) == (409, "Contoso has no part in this deal.")


def test_a_colleague_without_a_part_changes_no_deal(
    alices: Program, alice: User, bob: User, live: Partner, contoso: Partner
) -> None:
    deal = begun(live, alice)
    bobs = program(bob)
    credit = {"deal": deal.pk, "partner": contoso.pk, "role": "delivered"}
    assert bobs.send(f"{API}/credits/", credit).status_code == 403
    help = {"deal": deal.pk, "partner": live.pk, "kind": "quote", "words": "Hm"}
    assert bobs.send(f"{API}/help-requests/", help).status_code == 403


def test_whether_we_sell_there_ourselves_is_written_down(alices: Program, alice: User, live: Partner) -> None:
    customer = begun(live, alice).customer
    here = f"{API}/customers/{customer.pk}/"
    told = alices.send(here, {"is_ours": True}, "patch").json()
    assert (told["is_ours"], told["our_seller"]) == (True, "")
    assert alices.get(f"{API}/customers/?is_ours=true").json()["results"] == [told]


def test_phases_and_products_are_named(alices: Program) -> None:
    rows = alices.get(f"{API}/deal-phases/").json()["results"]
    assert {row["ends"] for row in rows} == {"open", "won", "lost"}
    assert alices.get(f"{API}/products/").json()["results"] == []
