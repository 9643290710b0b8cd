"""Deals: what moves them, who is credited, and that a past quarter is reckoned as it stood."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from lifecycle.growth import customers, deals, phases, pipeline, reminders
from lifecycle.growth.deals import DealRefused
from lifecycle.growth.models import Credit, Customer, Deal, DealVersion, Phase, Product
from partners import history, merging, organisations
from partners.models import Event, Partner
from prm import sweeper
from prm.money import Money
from team.models import Company, Notice, User
from tests.conftest import MONDAY
from tests.lifecycle.growth.conftest import deal_with, phase

DAY = timedelta(days=1)
Q2 = (date(2026, 4, 1), date(2026, 6, 30))
pytestmark = pytest.mark.usefixtures("pipeline")


def events(deal: Deal) -> QuerySet[Event]:
    return Event.objects.filter(about_kind="deal", about_id=deal.pk)


# --- customers ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "website", "country", "is_same"),
    [
        ("Baker Foods International", "http://shop.baker.example/about", "", True),
        ("BAKER", "", "DE", True),
        ("BAKER", "", "AT", False),
        ("Baker GmbH", "https://another.example", "DE", False),
    ],
)
def test_a_customer_is_found_by_its_domain_else_by_name_and_country(
    deal: Deal, name: str, website: str, country: str, is_same: bool
) -> None:
    found = customers.found(name, MONDAY, website=website, country=country)
    assert (found == deal.customer) is is_same


def test_a_shared_domain_tells_nothing(pipeline: None) -> None:
    one = customers.found("Anna's Shop", MONDAY, website="https://anna.myshopify.com", country="DE")
    other = customers.found("Ben's Shop", MONDAY, website="https://ben.myshopify.com", country="DE")
    assert one != other
    assert Customer.objects.filter(domain="").count() == 2


# --- starting and changing ---------------------------------------------------------------------


def test_a_deal_begins_in_the_first_phase_with_its_partner_credited(deal: Deal, northwind: Partner) -> None:
    assert (deal.phase.name, deal.state, str(deal.worth)) == ("Qualifying", "open", "EUR 12,500")
    assert [(credit.partner, credit.role) for credit in deal.credits.current()] == [(northwind, "sourced")]
    assert deal.owner == northwind.owner
    assert events(deal).get().kind == "deal_started"


def test_it_begins_in_no_phase_that_ends_it(northwind: Partner, alice: User) -> None:
    with pytest.raises(DealRefused, match="Phase"):
        deal_with(northwind, alice, phase=phase("Won"))
    assert not Deal.objects.exists()


def test_a_change_keeps_what_was_before_and_is_taken_back(deal: Deal, alice: User) -> None:
    product = Product.objects.create(name="Platform")
    changed = deals.change(deal, {"amount": 900_000, "products": [product]}, by=alice, at=MONDAY + DAY)
    assert changed is not None
    assert changed.changes == {"amount": [1_250_000, 900_000], "products": [[], ["Platform"]]}
    history.undo(changed, by=alice, at=MONDAY + DAY)
    deal.refresh_from_db()
    assert (deal.amount, list(deal.products.all())) == (1_250_000, [])


def test_what_differs_in_nothing_is_no_change(deal: Deal, alice: User) -> None:
    assert deals.change(deal, {"amount": 1_250_000}, by=alice, at=MONDAY + DAY) is None
    assert events(deal).count() == 1


# --- moving ---------------------------------------------------------------------


def test_a_deal_is_won_on_a_day_and_opened_again(deal: Deal, alice: User) -> None:
    won = deals.move(deal, phase("Won"), by=alice, at=MONDAY, closed_on=date(2026, 5, 29))
    assert (deal.state, deal.closed_on, deal.next_check_at) == ("won", date(2026, 5, 29), None)
    history.undo(won, by=alice, at=MONDAY + DAY)
    deal.refresh_from_db()
    assert (deal.state, deal.closed_on, deal.phase.name) == ("open", None, "Qualifying")


@pytest.mark.parametrize(
    ("to", "more", "words"),
    [
        ("Lost", {}, "Reason: say why"),
        ("Won", {"closed_on": date(2026, 6, 2)}, "still to come"),
        ("Qualifying", {}, "already"),
        ("Proposal", {"seen": "0"}, "stands in Qualifying now"),
    ],
)
def test_a_move_that_cannot_be_says_why(
    deal: Deal, alice: User, to: str, more: dict[str, object], words: str
) -> None:
    with pytest.raises(DealRefused, match=words):
        deals.move(deal, phase(to), by=alice, at=MONDAY, **more)  # type: ignore[arg-type]
    assert events(deal).count() == 1


def test_a_deal_without_an_amount_is_not_won(northwind: Partner, alice: User) -> None:
    deal = deal_with(northwind, alice, amount=None)
    with pytest.raises(DealRefused, match="Amount"):
        deals.move(deal, phase("Won"), by=alice, at=MONDAY)


def test_a_loss_that_is_taken_back_and_forth_keeps_its_reason(deal: Deal, alice: User) -> None:
    deals.move(deal, phase("Lost"), by=alice, at=MONDAY, reason="No budget")
    back = deals.move(deal, phase("Proposal"), by=alice, at=MONDAY + DAY)
    assert deal.lost_reason == ""
    history.undo(back, by=alice, at=MONDAY + DAY)
    deal.refresh_from_db()
    assert (deal.state, deal.lost_reason, deal.closed_on) == ("lost", "No budget", MONDAY.date())


def test_a_move_after_another_is_not_taken_back(deal: Deal, alice: User) -> None:
    first = deals.move(deal, phase("Solution"), by=alice, at=MONDAY)
    deals.move(deal, phase("Proposal"), by=alice, at=MONDAY)
    with pytest.raises(history.UndoRefused, match="moved again"):
        history.undo(first, by=alice, at=MONDAY)


def test_who_may_not_change_it_takes_nothing_back(deal: Deal, alice: User, bob: User) -> None:
    moved = deals.move(deal, phase("Solution"), by=alice, at=MONDAY)
    with pytest.raises(PermissionDenied):
        history.undo(moved, by=bob, at=MONDAY)


# --- credits ---------------------------------------------------------------------


def test_the_primary_credit_is_one_partners(deal: Deal, contoso: Partner, alice: User) -> None:
    with pytest.raises(DealRefused, match="no part"):
        deals.make_primary(deal, contoso, by=alice, at=MONDAY)
    given = deals.credit(deal, contoso, Credit.Role.DELIVERED, by=alice, at=MONDAY)
    deals.make_primary(deal, contoso, by=alice, at=MONDAY + DAY)
    assert deal.partner == contoso
    with pytest.raises(DealRefused, match="primary credit"):
        deals.end_credit(given, by=alice, at=MONDAY + DAY)


def test_a_part_is_given_once_and_ends_once(deal: Deal, contoso: Partner, alice: User) -> None:
    given = deals.credit(deal, contoso, Credit.Role.RESOLD, by=alice, at=MONDAY)
    with pytest.raises(DealRefused, match="resold already"):
        deals.credit(deal, contoso, Credit.Role.RESOLD, by=alice, at=MONDAY)
    deals.end_credit(given, by=alice, at=MONDAY + DAY)
    with pytest.raises(DealRefused, match="ended already"):
        deals.end_credit(given, by=alice, at=MONDAY + DAY)
    assert [credit.role for credit in deal.credits.at(MONDAY)] == ["sourced", "resold"]
    assert [credit.role for credit in deal.credits.at(MONDAY + DAY)] == ["sourced"]


def test_a_merge_carries_deals_and_credits_along(deal: Deal, contoso: Partner, alice: User) -> None:
    deals.credit(deal, contoso, Credit.Role.SOURCED, by=alice, at=MONDAY)
    merging.merge_partners(contoso, deal.partner, {}, by=alice, at=MONDAY + DAY)
    deal.refresh_from_db()
    assert deal.partner == contoso
    assert [credit.partner for credit in deal.credits.current()] == [contoso]
    assert deal.versions.current().get().partner == contoso


# --- a past quarter ---------------------------------------------------------------------


def test_a_past_quarter_replays_to_the_cent(deal: Deal, northwind: Partner, alice: User) -> None:
    other = deal_with(northwind, alice, name="Pilot", firm="linden", amount=99_999, currency="GBP")
    deals.move(deal, phase("Won"), by=alice, at=MONDAY, closed_on=MONDAY.date())
    deals.move(other, phase("Won"), by=alice, at=MONDAY, closed_on=MONDAY.date())
    reported_at = MONDAY + 30 * DAY
    as_reported = pipeline.closed_between(*Q2, moment=reported_at)
    assert as_reported.count == 2
    assert as_reported.worth == [Money(1_250_000, "EUR"), Money(99_999, "GBP")]
    deals.change(deal, {"amount": 1_250_001}, by=alice, at=reported_at + DAY)
    deals.move(other, phase("Proposal"), by=alice, at=reported_at + DAY)
    assert pipeline.closed_between(*Q2, moment=reported_at) == as_reported
    restated = pipeline.closed_between(*Q2, moment=reported_at + DAY)
    assert (restated.count, restated.worth) == (1, [Money(1_250_001, "EUR")])


def test_credits_replay_with_their_quarter(deal: Deal, contoso: Partner, alice: User) -> None:
    deals.move(deal, phase("Won"), by=alice, at=MONDAY)
    late = deals.credit(deal, contoso, Credit.Role.INFLUENCED, by=alice, at=MONDAY + DAY)
    deals.end_credit(late, by=alice, at=MONDAY + 2 * DAY)
    counts = [
        pipeline.closed_between(*Q2, moment=MONDAY + n * DAY, role=Credit.Role.INFLUENCED).count
        for n in range(3)
    ]
    assert counts == [0, 1, 0]


def test_two_changes_of_one_moment_leave_one_that_holds(deal: Deal, alice: User) -> None:
    deals.change(deal, {"amount": 1}, by=alice, at=MONDAY)
    deals.change(deal, {"amount": 2}, by=alice, at=MONDAY)
    assert [version.amount for version in DealVersion.objects.at(MONDAY)] == [2]


# --- reminders ---------------------------------------------------------------------


def test_the_owner_is_reminded_once_of_each_day_that_passed(deal: Deal, alice: User) -> None:
    step = {"next_step": "Demo", "next_step_on": date(2026, 6, 3), "expected_close_on": date(2026, 6, 5)}
    deals.change(deal, step, by=alice, at=MONDAY)
    for day in range(1, 8):
        sweeper.run(MONDAY + day * DAY, only="deals")
        sweeper.run(MONDAY + day * DAY, only="deals")
    told = Notice.objects.filter(person=alice).order_by("due_at")
    assert [notice.kind for notice in told] == [reminders.STEP, reminders.CLOSE]
    assert [notice.due_at.isoformat() for notice in told] == [
        "2026-06-03T22:00:00+00:00",  # 24:00 in Berlin
        "2026-06-05T22:00:00+00:00",
    ]
    assert all(reminders.still_stands(notice) for notice in told)
    deals.move(deal, phase("Lost"), by=alice, at=MONDAY + 8 * DAY, reason="No budget")
    assert not any(reminders.still_stands(notice) for notice in told)


def test_a_closed_deal_reminds_nobody(deal: Deal, alice: User) -> None:
    deals.move(deal, phase("Won"), by=alice, at=MONDAY)
    assert sweeper.run(MONDAY + 400 * DAY, only="deals")["deals"] == 0
    assert not Notice.objects.exists()


def test_a_moved_day_reminds_again(deal: Deal, alice: User) -> None:
    for on in (date(2026, 6, 3), date(2026, 6, 10)):
        deals.change(deal, {"expected_close_on": on}, by=alice, at=MONDAY)
        sweeper.run(MONDAY + 20 * DAY, only="deals")
    assert Notice.objects.filter(kind=reminders.CLOSE).count() == 2


# --- phases ---------------------------------------------------------------------


def test_a_phase_that_deals_stand_in_stays(deal: Deal) -> None:
    with pytest.raises(phases.PhaseRefused, match="Open deals stand in"):
        phases.change(deal.phase, "retire", {}, MONDAY)


def test_won_and_lost_stay_at_the_end(pipeline: None) -> None:
    phases.add("Legal", 90)
    order = list(Phase.objects.values_list("name", flat=True))
    assert order == ["Qualifying", "Solution", "Proposal", "Negotiation", "Legal", "Won", "Lost"]
    with pytest.raises(phases.PhaseRefused, match="Won and lost stay"):
        phases.change(phase("Won"), "retire", {}, MONDAY)


def test_the_last_open_phase_stays(pipeline: None) -> None:
    for name in ("Qualifying", "Solution", "Proposal"):
        phases.change(phase(name), "retire", {}, MONDAY)
    with pytest.raises(phases.PhaseRefused, match="last open phase"):
        phases.change(phase("Negotiation"), "retire", {}, MONDAY)


# --- who sees ---------------------------------------------------------------------


def test_who_reads_own_partners_sees_deals_they_have_a_part_in(
    deal: Deal, contoso: Partner, alice: User, bob: User
) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    mine = organisations.add("Bobs", by=bob, at=MONDAY, owner=bob)
    assert list(Deal.objects.visible_to(bob)) == []
    deals.credit(deal, mine, Credit.Role.DELIVERED, by=alice, at=MONDAY)
    assert list(Deal.objects.visible_to(bob)) == [deal]
