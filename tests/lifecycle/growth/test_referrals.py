"""Referrals go to partners by a rule that is said, are answered by a day, and become deals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from lifecycle import evidence
from lifecycle.growth import customers, deals
from lifecycle.growth.referrals import meeting, passing, rules
from lifecycle.growth.referrals.models import Offer, Referral
from lifecycle.growth.referrals.passing import Opportunity, ReferralRefused
from lifecycle.growth.referrals.rules import Candidate
from lifecycle.models import Evidence, FirstEvent, FirstEventRule
from lifecycle.onboarding import first_events
from partners import organisations
from partners.models import Contact, Event, Partner, Stage, Status
from portal import passes
from prm import clock
from team.models import Region, User
from tests.conftest import MONDAY
from tests.lifecycle.growth.conftest import phase

DAY = timedelta(days=1)
TURN, TIER = Referral.Rule.TURN, Referral.Rule.TIER


def make_live(*partners: Partner) -> None:
    for partner in partners:
        live = {"status": Status.LIVE, "stage": Stage.GROWTH, "step": ""}
        Partner.objects.filter(pk=partner.pk).update(**live)
        partner.refresh_from_db()


@pytest.fixture
def pair(pipeline: None, northwind: Partner, contoso: Partner) -> list[Partner]:
    make_live(northwind, contoso)
    return [northwind, contoso]


def passed(to: list[Partner], by: User, at: datetime = MONDAY, name: str = "Roll-out") -> Referral:
    what = Opportunity(name, customers.found("Baker Foods", at), "Three sites.", 500_000)
    return passing.pass_on(what, to, TURN, 3, by=by, at=at)


when = st.one_of(st.none(), st.datetimes(timezones=st.just(UTC)))
candidate = st.builds(
    Candidate,
    st.integers(1, 99),
    st.text(max_size=3),
    st.one_of(st.none(), st.integers(1, 4)),
    when,
    st.just(0),
)


@given(st.lists(candidate, max_size=8))
def test_whose_last_offer_is_longest_ago_comes_first(candidates: list[Candidate]) -> None:
    turns = [each.offered_at for each in rules.in_order(candidates, TURN)]
    assert [turn for turn in turns if turn] == sorted(turn for turn in turns if turn)
    assert turns == sorted(turns, key=lambda turn: turn is not None)
    ranks = [each.rank or 1_000 for each in rules.in_order(candidates, TIER)]
    assert ranks == sorted(ranks)


def test_partners_of_the_region_come_in_turn_and_the_rule_is_said(pair: list[Partner], alice: User) -> None:
    dach = Region.objects.create(name="DACH")
    Partner.objects.update(region=dach)
    organisations.add("Elsewhere", by=alice, at=MONDAY)
    passed(pair[:1], alice)
    found = passing.candidates(dach, None, TURN, alice, MONDAY)
    assert [(each.name, each.offered) for each in found] == [("Contoso", 0), ("Northwind", 1)]
    assert rules.in_words(TURN, "DACH", "") == "Live partners in DACH; first whose last offer is longest ago."


def test_the_first_that_accepts_has_it_and_a_deal_begins(
    pair: list[Partner], nora: Contact, alice: User
) -> None:
    referral = passed(pair, alice)
    mine, theirs = referral.offers.order_by("partner__name").reverse()
    deal = passing.accept(mine, by=nora, at=MONDAY + DAY)
    referral.refresh_from_db()
    theirs.refresh_from_db()
    assert (referral.state, referral.deal, deal.partner) == (Referral.State.TAKEN, deal, pair[0])
    assert [str(part) for part in deal.credits.all()] == ["Northwind: Fulfilled"]
    assert (theirs.state, theirs.reason) == (Offer.State.BACK, "Another partner took it.")
    with pytest.raises(ReferralRefused, match="does not stand any more"):
        passing.accept(theirs, by=alice, at=MONDAY + DAY)
    assert alice.notices.get(kind="referral_answered").text == "Northwind took “Roll-out”"
    deals.move(deal, phase("Won"), by=alice, at=MONDAY + DAY)
    referral.refresh_from_db()
    assert referral.outcome == "Won"


def test_an_offer_lapses_after_the_promised_working_days_once(pair: list[Partner], alice: User) -> None:
    referral = passed(pair[:1], alice)
    passing.sweep(MONDAY + 3 * DAY)
    assert referral.offers.get().is_open
    assert alice.notices.filter(kind="referral_near").count() == 1
    for _ in range(2):
        passing.sweep(MONDAY + 4 * DAY)
    referral.refresh_from_db()
    assert (referral.offers.get().state, referral.state) == (Offer.State.LAPSED, Referral.State.NOBODY)
    assert Event.objects.filter(kind="referral_lapsed").count() == 1
    passing.offer(referral, pair[1], by=alice, at=MONDAY + 4 * DAY)
    referral.refresh_from_db()
    assert referral.is_open


def test_it_is_declined_with_a_reason_and_pulled_back(pair: list[Partner], alice: User) -> None:
    referral = passed(pair, alice)
    first, second = referral.offers.all()
    with pytest.raises(ReferralRefused, match="Say why not"):
        passing.decline(first, " ", by=alice, at=MONDAY)
    passing.decline(first, "No capacity.", by=alice, at=MONDAY)
    passing.pull_back(referral, "The customer waits.", by=alice, at=MONDAY)
    second.refresh_from_db()
    assert (second.state, referral.state) == (Offer.State.BACK, Referral.State.BACK)
    with pytest.raises(ReferralRefused):
        passing.offer(referral, first.partner, by=alice, at=MONDAY)


def test_it_is_passed_on_by_the_pages(client: Client, pair: list[Partner], alice: User) -> None:
    client.force_login(alice)
    form = {"name": "Roll-out", "customer": "Baker", "currency": "EUR", "rule": "turn", "days": "3"}
    assert client.post("/referrals/add/", {**form, "days": "0"}).status_code == 422
    found = client.post("/referrals/add/", {**form, "do": "find"})
    assert [each.name for each in found.context["found"]] == ["Contoso", "Northwind"]
    assert "Choose a partner" in client.post("/referrals/add/", {**form, "do": "pass"}).text
    client.post("/referrals/add/", {**form, "do": "pass", "to": [pair[1].pk]})
    referral = Referral.objects.get()
    page = client.get(referral.get_absolute_url())
    assert "Live partners; first whose last offer is longest ago." in page.text
    assert [each.name for each in page.context["rest"]] == ["Northwind"]
    client.post(f"/referrals/{referral.pk}/change/", {"do": "offer", "partner": pair[0].pk})
    assert referral.offers.count() == 2
    client.post(f"/referrals/{referral.pk}/change/", {"do": "pull_back", "reason": "Gone."})
    assert "Pulled back" in client.get(referral.get_absolute_url()).text


def test_a_partner_answers_on_its_own_page(
    client: Client, pair: list[Partner], nora: Contact, alice: User
) -> None:
    token = passes.token(passes.give(nora, 30, by=alice, at=clock.now()))
    mine, hidden = passed(pair[:1], alice), passed(pair[1:], alice, name="Secret")
    page = f"/p/{token}/referrals/"
    shown = client.get(page).text
    assert "Three sites." in shown
    assert "Baker Foods" not in shown
    assert "Secret" not in shown
    assert client.post(f"{page}{hidden.offers.get().pk}/", {"do": "accept"}).status_code == 404
    assert "Say why not." in client.post(f"{page}{mine.offers.get().pk}/", {"do": "no"}, follow=True).text
    client.post(f"{page}{mine.offers.get().pk}/", {"do": "accept"})
    assert "Baker Foods" in client.get(page).text


def test_a_referral_that_met_is_the_first_commercial_event(
    client: Client, pair: list[Partner], nora: Contact, alice: User, ravi: User
) -> None:
    Partner.objects.filter(pk=pair[0].pk).update(signed_on=MONDAY.date())
    first_events.choose(None, FirstEventRule.What.REFERRAL_MET, by=ravi, at=MONDAY)
    first_events.sweep(MONDAY)
    referral = passed(pair, alice)
    offer, other = (referral.offers.get(partner=partner) for partner in pair)
    with pytest.raises(ReferralRefused, match="Nobody has taken it"):
        meeting.met(referral, MONDAY.date(), by=alice, at=MONDAY)
    passing.accept(offer, by=nora, at=MONDAY + DAY)
    token = passes.token(passes.give(nora, 30, by=alice, at=MONDAY))
    theirs = f"/p/{token}/referrals/"
    with clock.fixed(MONDAY + 3 * DAY):
        for on, says in (
            ("", "Day: "),
            ("2026-06-01", "before they took"),
            ("2026-06-30", "still to come"),
            ("10000000-01-01", "Day: "),
        ):
            assert says in client.post(f"{theirs}{offer.pk}/", {"do": "met", "on": on}, follow=True).text
        assert not Evidence.objects.exists()
        said = client.post(f"{theirs}{offer.pk}/", {"do": "met", "on": "2026-06-03"}, follow=True).text
        assert "You met the customer on 3 June 2026" in said
        client.force_login(alice)
        page = client.get(referral.get_absolute_url()).text
        assert "3 June 2026" in page
        again = client.post(
            f"/referrals/{referral.pk}/change/", {"do": "met", "on": "2026-06-03"}, follow=True
        )
        assert "already" in again.text
    first_events.sweep(MONDAY + 3 * DAY)
    assert FirstEvent.objects.get(partner=pair[0]).happened_on == date(2026, 6, 3)
    evidence.withdraw(Evidence.objects.get(), "It was another firm", by=alice, at=MONDAY + 4 * DAY)
    meeting.met(Referral.objects.get(), date(2026, 6, 4), by=alice, at=MONDAY + 4 * DAY)
    assert other.partner.evidence.count() == 0


def test_the_list_costs_the_same_with_3_referrals_and_with_30(
    client: Client, pair: list[Partner], alice: User
) -> None:
    client.force_login(alice)
    counts = []
    for many in (3, 20):
        for n in range(many):
            passed(pair, alice, name=f"{n} of {many}")
        client.get("/referrals/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/referrals/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
