"""Every prospect keeps by what it came: by hand, by a list, by a referral; lists are narrowed by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lifecycle import transitions
from partners import organisations, sources
from partners.models import Link, Partner, Source, Step
from prm.models import ImportRow
from team.models import User
from tests.conftest import MONDAY
from tests.partners.test_importing import brought

ADD = "/partners/add/"


@pytest.fixture
def event(company: object) -> Source:
    sources.seed()
    return Source.objects.get(name="An event")


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def names(client: Client, query: str) -> list[str]:
    return [row.name for row in client.get(f"/partners/?{query}").context["rows"]]


def test_a_source_given_by_hand_stands_on_the_page_and_is_taken_back(
    desk: Client, event: Source, alice: User
) -> None:
    desk.post(
        ADD, {"name": "Fabrikam", "source": event.pk, "source_detail": "Partner Day", "owner": alice.pk}
    )
    partner = Partner.objects.get(name="Fabrikam")
    assert "An event: Partner Day" in desk.get(partner.get_absolute_url()).text
    edit = reverse("partners:edit", args=[partner.pk])
    form = desk.get(edit).context["form"]
    assert (form.initial["source"], form.initial["source_detail"]) == (event, "Partner Day")
    desk.post(edit, {"name": "Fabrikam", "source": "", "source_detail": "", "anyway": "on"})
    changed = partner.events.latest("pk")
    assert "Source: An event → nothing" in changed.note
    desk.post(reverse("partners:undo", args=[changed.pk]))
    partner.refresh_from_db()
    assert (partner.source, partner.source_detail) == (event, "Partner Day")


def test_a_partner_that_referred_it_is_linked(desk: Client, contoso: Partner, event: Source) -> None:
    desk.post(ADD, {"name": "Fabrikam", "referred_by": "contoso"})
    partner = Partner.objects.get(name="Fabrikam")
    assert partner.source == sources.known(sources.PARTNER)
    assert Link.objects.get(of=partner).kind == Link.Kind.REFERRED_BY
    assert Link.objects.get(of=partner).to == contoso
    refused = desk.post(ADD, {"name": "Litware", "referred_by": "Nobody Ltd"})
    assert refused.status_code == 422
    assert refused.context["form"].errors["referred_by"] == ["No partner is called so."]


def test_an_imported_partner_came_by_the_list_unless_the_file_says_by_what(event: Source) -> None:
    brought(
        "Name,Source,Event\nFabrikam,an event,Partner Day\nLitware,,\n",
        columns={"0": "name", "1": "source", "2": "source_detail"},
    )
    fabrikam, litware = Partner.objects.order_by("name")
    assert (fabrikam.source, fabrikam.source_detail) == (event, "Partner Day")
    assert (litware.source, litware.source_detail) == (sources.known(sources.LIST), "list.csv")
    Partner.objects.filter(pk=litware.pk).update(source=None, source_detail="")
    again = brought("Name,Source\nFabrikam,Our form\nLitware,Our form\n")
    outcomes = [row.outcome for row in again.rows.order_by("number")]
    assert outcomes == [ImportRow.Outcome.SAME, ImportRow.Outcome.CHANGED]
    litware.refresh_from_db()
    assert litware.source == sources.known(sources.FORM)


def test_a_source_that_was_renamed_is_still_the_one_the_app_chooses(event: Source) -> None:
    Source.objects.filter(key=sources.FORM).update(name="Website")
    sources.seed()
    assert sources.known(sources.FORM).name == "Website"


def test_the_list_is_narrowed_by_source_day_and_how_far_they_got(
    desk: Client, event: Source, alice: User
) -> None:
    old = organisations.add("Old", by=alice, at=MONDAY - timedelta(days=30), owner=alice, source=event)
    new = organisations.add("New", by=alice, at=MONDAY, owner=alice, source=event)
    organisations.add("Unknown", by=alice, at=MONDAY, owner=alice)
    transitions.advance(old, Step.QUALIFIED, by=alice, at=MONDAY)
    transitions.advance(new, Step.CONTACTED, by=alice, at=MONDAY)
    assert names(desk, f"source={event.pk}") == ["New", "Old"]
    assert names(desk, "source=none") == ["Unknown"]
    assert names(desk, f"source={event.pk}&reached=qualified") == ["Old"]
    assert names(desk, "reached=contacted&came_from=2026-06-01&came_until=2026-06-01") == ["New"]
    assert desk.get("/partners/?came_from=soon").context["faults"] == ["Came from: Enter a valid date."]
    assert "Which event" not in desk.get("/partners/narrow/?came_from=2026-06-01").text
    assert 'value="2026-06-01"' in desk.get("/partners/narrow/?came_from=2026-06-01").text
