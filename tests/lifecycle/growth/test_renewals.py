"""A won deal with a term is renewed once, 120 days before the term is over, its partner protected."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from lifecycle.growth import deals, registrations, renewals
from lifecycle.growth.models import Credit, Deal, Registration
from partners.models import Event, Partner, Stage, Status
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.lifecycle.growth.conftest import deal_with, phase

DAY = timedelta(days=1)
TERM_ENDS = date(2027, 5, 31)
IN_TIME = MONDAY + 245 * DAY  # the 1st of February, 119 days before


@pytest.fixture
def won(deal: Deal, northwind: Partner, contoso: Partner, alice: User) -> Deal:
    """Won on Monday for twelve months; Contoso delivers."""
    Partner.objects.filter(pk=northwind.pk).update(status=Status.LIVE, stage=Stage.GROWTH, step="")
    deals.credit(deal, contoso, Credit.Role.DELIVERED, by=alice, at=MONDAY)
    deals.change(deal, {"term_months": 12}, by=alice, at=MONDAY)
    deals.move(deal, phase("Won"), by=alice, at=MONDAY)
    return deal


def renewed(deal: Deal) -> Deal:
    return Deal.objects.get(renews=deal)


def test_its_renewal_appears_once_with_the_same_parts(won: Deal, alice: User) -> None:
    assert won.term_ends_on == TERM_ENDS
    renewals.sweep(IN_TIME - 2 * DAY)
    assert not Deal.objects.filter(renews=won).exists()
    for _ in range(2):
        renewals.sweep(IN_TIME)
    renewal = renewed(won)
    assert (renewal.name, renewal.state, renewal.amount) == ("Roll-out, renewal", "open", 1_250_000)
    assert (renewal.expected_close_on, renewal.term_months, renewal.owner) == (TERM_ENDS, 12, alice)
    assert {str(part) for part in renewal.credits.all()} == {"Northwind: Sourced", "Contoso: Delivered"}
    protected = Registration.objects.get(deal=renewal)
    assert (protected.state, protected.protected_until) == (Registration.State.PROTECTED, TERM_ENDS)
    assert Event.objects.filter(kind="deal_renews").count() == 1
    assert [notice.person for notice in Notice.objects.filter(kind="deal_renews")] == [alice]


def test_another_partner_meets_its_protection(won: Deal, contoso: Partner, alice: User) -> None:
    renewals.sweep(IN_TIME)
    Partner.objects.filter(pk=contoso.pk).update(status=Status.LIVE, stage=Stage.GROWTH, step="")
    contoso.refresh_from_db()
    asked = registrations.ask(contoso, "Ours", won.customer, by=alice, at=IN_TIME)
    assert any("Northwind registered it" in each.words for each in registrations.conflicts(asked))


def test_an_ended_partner_is_not_protected(won: Deal, northwind: Partner) -> None:
    Partner.objects.filter(pk=northwind.pk).update(status=Status.ENDED, stage=Stage.ENDED)
    renewals.sweep(IN_TIME)
    assert not Registration.objects.filter(deal=renewed(won)).exists()


def test_without_a_term_lost_or_long_over_nothing_appears(won: Deal, northwind: Partner, alice: User) -> None:
    lost = deal_with(northwind, alice, "Lost", "harbour", term_months=6)
    deals.move(lost, phase("Lost"), by=alice, at=MONDAY, reason="No budget")
    old = deal_with(northwind, alice, "Old", "linden", term_months=1)
    deals.move(old, phase("Won"), by=alice, at=MONDAY, closed_on=date(2025, 1, 1))
    none = deal_with(northwind, alice, "Once", "summit")
    deals.move(none, phase("Won"), by=alice, at=MONDAY)
    renewals.sweep(MONDAY + 3000 * DAY)
    assert not Deal.objects.exclude(renews=None).exists()


def test_a_term_given_late_is_seen_at_once(won: Deal, alice: User) -> None:
    deals.change(won, {"term_months": 3}, by=alice, at=MONDAY)
    renewals.sweep(MONDAY)
    assert renewed(won).expected_close_on == date(2026, 8, 31)


def test_the_pages_show_the_term_and_lead_to_the_renewal(client: Client, won: Deal, alice: User) -> None:
    client.force_login(alice)
    renewals.sweep(IN_TIME)
    assert "31 May 2027" in client.get(won.get_absolute_url()).text
    renewal = renewed(won)
    assert renewal.get_absolute_url() in client.get(won.get_absolute_url()).text
    assert won.get_absolute_url() in client.get(renewal.get_absolute_url()).text
    listed = client.get("/deals/?renewal=true&state=open").context["rows"]
    assert [row.name for row in listed] == ["Roll-out, renewal"]
