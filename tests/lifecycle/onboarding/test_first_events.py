"""Day 90: the first commercial event after signing, and who hears that it has not happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lifecycle import evidence
from lifecycle.growth import customers, deals, phases
from lifecycle.growth.models import Phase
from lifecycle.models import FirstEvent
from lifecycle.onboarding import first_events
from lifecycle.onboarding.first_events import RuleRefused
from partners.models import Event, Partner, PartnerType
from prm import clock, sweeper
from team.models import Notice, User
from tests.conftest import BERLIN, MONDAY

SIGNED = date(2026, 5, 29)  # the day Northwind was signed
pytestmark = pytest.mark.django_db


def swept(day: int) -> list[tuple[str, str]]:
    """Who has been told what after a sweep early on that day from signing."""
    at = datetime.combine(SIGNED + timedelta(days=day), datetime.min.time(), BERLIN) + timedelta(hours=1)
    for _ in range(2):
        sweeper.run(at.astimezone(UTC), only="first events")
    rows = Notice.objects.filter(kind=first_events.MISSING).order_by("pk")
    return list(rows.values_list("person__name", "text"))


def test_owner_and_lead_are_told_once_near_day_90(northwind: Partner) -> None:
    swept(10)
    assert FirstEvent.objects.get().what == "deal_won"
    assert swept(74) == []
    words = "Northwind was signed 75 days ago, and there is no “Deal won” yet"
    assert swept(75) == [("Alice", words), ("Erin", words)]
    assert len(swept(90)) == 2
    assert [name for name, _ in swept(91)] == ["Alice", "Erin", "Alice", "Erin"]
    assert Event.objects.filter(kind=first_events.MISSING).count() == 2


def test_who_is_looked_at_late_hears_the_latest_only(northwind: Partner) -> None:
    swept(60)
    assert len(swept(95)) == 2


def test_once_it_happened_nobody_is_told(client: Client, northwind: Partner, alice: User) -> None:
    phases.seed()
    swept(10)
    deal = deals.start(northwind, "Roll-out", customers.found("Baker", MONDAY), alice, MONDAY, amount=500)
    won = Phase.objects.get(ends="won")
    deals.move(deal, won, alice, MONDAY + timedelta(days=20), closed_on=date(2026, 6, 20))
    assert swept(75) == []
    row = FirstEvent.objects.get()
    assert (row.happened_on, row.next_check_at) == (date(2026, 6, 20), None)
    client.force_login(alice)
    with clock.fixed(MONDAY + timedelta(days=80)):
        assert "First “Deal won” on 20 June 2026" in client.get(northwind.get_absolute_url()).content.decode()


def test_the_page_counts_the_days(client: Client, northwind: Partner, alice: User) -> None:
    swept(10)
    client.force_login(alice)
    with clock.fixed(MONDAY + timedelta(days=17)):
        assert "No “Deal won” yet, day 20 of 90" in client.get(northwind.get_absolute_url()).content.decode()


def test_it_is_chosen_by_type_and_holds_from_then_on(
    client: Client, northwind: Partner, contoso: Partner, reseller: PartnerType, alice: User, ravi: User
) -> None:
    Partner.objects.update(kind=reseller)
    FirstEvent.objects.all().delete()
    Partner.objects.filter(pk=contoso.pk).update(signed_on=None)
    swept(10)
    client.force_login(ravi)
    page = reverse("lifecycle:first_events")
    client.post(page, {"kind": reseller.pk, "what": "integration_live"})
    assert client.post(page, {"kind": reseller.pk, "what": "integration_live"}).status_code == 422
    assert "Integration live" in client.get(page).content.decode()
    with pytest.raises(RuleRefused):
        first_events.choose(reseller, "integration_live", by=ravi, at=MONDAY)
    Partner.objects.filter(pk=contoso.pk).update(signed_on=SIGNED)
    swept(11)
    assert FirstEvent.objects.get(partner=northwind).what == "deal_won"
    assert FirstEvent.objects.get(partner=contoso).what == "integration_live"
    evidence.record(
        contoso, "integration_live", on=SIGNED + timedelta(days=9), by=alice, at=MONDAY + timedelta(days=8)
    )
    swept(12)
    assert FirstEvent.objects.get(partner=contoso).happened_on == SIGNED + timedelta(days=9)


def test_a_signing_taken_back_is_forgotten(northwind: Partner) -> None:
    swept(10)
    Partner.objects.update(signed_on=None)
    swept(75)
    assert not FirstEvent.objects.exists()
