"""The pages on which a partner is moved, parked, declined, reopened and ended."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lifecycle import evidence, tasks, transitions
from partners.models import EndReason, Event, Partner, Status, Step
from prm import clock
from team.models import Company, User
from tests.conftest import MONDAY
from tests.lifecycle.conftest import KICK_OFF, SIGNED, onboarded

JSON = {"Accept": "application/json"}
FORMS = ["park", "decline", "reopen", "end", "evidence", "task_add"]
PRESSES = ["advance", "unpark"]


def to(name: str, partner: Partner) -> str:
    return reverse(f"lifecycle:{name}", args=[partner.pk])


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def erins(erin: User) -> Client:
    client = Client()
    client.force_login(erin)
    return client


def test_advance_moves_and_offers_undo(alices: Client, northwind: Partner) -> None:
    response = alices.post(to("advance", northwind), {"to": "qualified", "seen": "negotiating"})
    assert (response.status_code, response["Location"]) == (303, northwind.get_absolute_url())
    northwind.refresh_from_db()
    assert northwind.step == Step.QUALIFIED
    event = Event.objects.get(kind="moved")
    said = [
        (str(message), message.extra_tags)
        for message in alices.get(to("road", northwind)).context["messages"]
    ]
    assert said == [("Northwind moved to Qualified.", reverse("partners:undo", args=[event.pk]))]


def test_a_refused_move_says_what_is_missing(alices: Client, northwind: Partner) -> None:
    response = alices.post(to("advance", northwind), {"to": "onboarding"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Northwind cannot move to Onboarding yet. Still missing: Agreement is signed." in page
    assert "A head of partnerships can override this with a reason." in page
    assert "Override and move" not in page


def test_a_script_is_told_in_json(alices: Client, northwind: Partner) -> None:
    refused = alices.post(to("advance", northwind), {"to": "onboarding"}, headers=JSON)
    assert refused.status_code == 409
    assert refused.json()["reasons"] == ["Agreement is signed"]
    assert refused.json()["override"] == ""
    unread = alices.post(to("advance", northwind), {"to": "moon"}, headers=JSON)
    assert unread.status_code == 422
    moved = alices.post(to("advance", northwind), {"to": "contacted"}, headers=JSON)
    assert (moved.status_code, moved.json()["place"]) == (200, "contacted")
    assert "Northwind moved to Contacted." in moved.json()["said"]


def test_an_old_page_moves_nothing(alices: Client, northwind: Partner) -> None:
    response = alices.post(to("advance", northwind), {"to": "qualified", "seen": "identified"}, headers=JSON)
    assert response.status_code == 409
    assert "it stands in Negotiating now" in response.json()["detail"]


def test_htmx_gets_the_fragment_with_the_reasons(alices: Client, northwind: Partner) -> None:
    response = alices.post(to("advance", northwind), {"to": "onboarding"}, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="road"' in page
    assert "<html" not in page


def test_a_head_overrides_on_the_page(erins: Client, northwind: Partner) -> None:
    refused = erins.post(to("advance", northwind), {"to": "onboarding"})
    assert "Override and move" in refused.content.decode()
    told = erins.post(to("advance", northwind), {"to": "onboarding"}, headers=JSON).json()
    assert "Override and move" in erins.get(told["override"]).content.decode()
    erins.post(to("advance", northwind), {"to": "onboarding", "reason": "Signed on paper"})
    northwind.refresh_from_db()
    assert northwind.status == Status.LIVE
    assert Event.objects.get(kind="moved").changes["overridden"] == ["Agreement is signed"]


def test_nobody_is_offered_to_override_the_road(erins: Client, northwind: Partner) -> None:
    page = erins.post(to("advance", northwind), {"to": "growth"}).content.decode()
    assert "Northwind cannot move to Growth. It is a prospect: onboarding comes first." in page
    assert "Override and move" not in page
    assert "Override and move" not in erins.get(to("road", northwind) + "?to=signed").content.decode()


def test_park_and_take_up_again(alices: Client, northwind: Partner) -> None:
    past = alices.post(to("park", northwind), {"until": "2020-01-01", "reason": "Budget round"})
    assert past.status_code == 422
    assert "Budget round" in past.content.decode()
    until = (clock.now() + timedelta(days=30)).date()
    assert alices.post(to("park", northwind), {"until": until}).status_code == 303
    page = alices.get(to("road", northwind)).content.decode()
    assert "Parked until" in page
    assert "Take up again" in page
    assert alices.post(to("unpark", northwind)).status_code == 303
    northwind.refresh_from_db()
    assert northwind.status == Status.PROSPECT
    assert "is not parked" in alices.post(to("unpark", northwind)).content.decode()


def test_decline_and_reopen(alices: Client, northwind: Partner, strategy: EndReason) -> None:
    assert alices.post(to("decline", northwind), {"side": "us"}).status_code == 422
    asked = {"side": "us", "end_reason": strategy.pk, "note": "We stop in this region."}
    assert alices.post(to("decline", northwind), asked).status_code == 303
    assert (
        "Declined: Strategy changed. We stop in this region."
        in alices.get(to("road", northwind)).content.decode()
    )
    assert alices.post(to("reopen", northwind)).status_code == 303
    northwind.refresh_from_db()
    assert northwind.status == Status.PROSPECT


def test_end(alices: Client, alice: User, strategy: EndReason) -> None:
    partner = onboarded("Contoso", alice)
    assert alices.post(to("end", partner), {}).status_code == 422
    assert alices.post(to("end", partner), {"end_reason": strategy.pk}).status_code == 303
    partner.refresh_from_db()
    assert partner.status == Status.ENDED


@pytest.mark.parametrize("name", [*FORMS, *PRESSES, "road"])
def test_strangers_find_nothing_and_readers_change_nothing(
    client: Client, northwind: Partner, bob: User, name: str
) -> None:
    address = to(name, northwind)
    assert client.get(address).status_code == 302
    client.force_login(bob)
    ask = client.post if name in PRESSES else client.get
    assert ask(address, {"to": "contacted"}).status_code == (200 if name == "road" else 403)
    Company.objects.update(reading=Company.Reading.OWN)
    assert ask(address, {"to": "contacted"}).status_code == 404


@pytest.mark.parametrize("name", [*FORMS, *PRESSES, "road"])
def test_methods(alices: Client, northwind: Partner, name: str) -> None:
    assert alices.put(to(name, northwind)).status_code == 405
    if name in PRESSES:
        assert alices.get(to(name, northwind)).status_code == 405
    else:
        assert alices.get(to(name, northwind)).status_code == 200


def test_the_road_shows_days_gate_and_evidence(alices: Client, alice: User) -> None:
    began = clock.now() - timedelta(days=40)
    partner = onboarded("Contoso", alice, at=began)
    tasks.add(partner, "Sandbox is set up", by=alice, at=began, is_required=True, due_on=date(2026, 1, 1))
    page = alices.get(to("road", partner)).content.decode()
    assert "1 day<" in page
    assert "day 40" in page
    assert "To Growth: 0 of 2 met" in page
    assert "Required tasks are done, 1 open" in page
    assert "Agreement signed" in page


def test_time_in_growth_is_summed(alice: User) -> None:
    from lifecycle.road import stops

    partner = onboarded("Contoso", alice)
    evidence.record(partner, KICK_OFF, on=MONDAY.date(), by=alice, at=MONDAY)
    at = MONDAY + timedelta(days=11)
    for place in ("growth", "evaluation", "growth"):
        transitions.advance(partner, to=place, by=alice, at=at)
        at += timedelta(days=20)
    bar = stops(
        partner,
        list(partner.visits.all()),
        dict.fromkeys(partner.visits.values_list("stage", flat=True), 30),
        at,
    )
    assert [(stop.state, stop.words) for stop in bar] == [
        ("done", "1 day"),
        ("done", "10 days"),
        ("now", "Now · day 41"),
        ("done", "20 days"),
    ]


def test_the_road_asks_the_same_however_much_there_is(
    alices: Client, alice: User, northwind: Partner
) -> None:
    counts = []
    alices.get(to("road", northwind))
    for more in (3, 27):
        for number in range(more):
            tasks.add(northwind, f"Task {number}", by=alice, at=MONDAY)
            evidence.record(northwind, SIGNED, on=date(2026, 5, 1), by=alice, at=MONDAY)
            northwind.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            alices.get(to("road", northwind))
        counts.append(len(queries))
    assert counts[0] == counts[1]
