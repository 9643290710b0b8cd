"""Definitions are confirmed while a review is prepared; what is not is said, and holds nothing up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from partners import history
from partners.models import Contact, Event
from prm import clock
from reviews.meetings import sharing, steps
from reviews.meetings.packet import arranging, confirming, sections
from reviews.meetings.steps import StepRefused
from reviews.models import Packet, Review
from team.models import User
from tests.conftest import MONDAY
from tests.programs import program

BY_ALICE = "Definitions confirmed by Alice on 1 June 2026."


@pytest.fixture
def preparing(review: Review, alice: User) -> Review:
    arranging.arrange(review, "ask", "comment", "Send us two people.")
    return steps.prepare(review, by=alice, at=MONDAY)


def test_they_are_confirmed_by_a_press_and_that_is_read_by_both_sides(
    client: Client, preparing: Review, nora: Contact, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    client.force_login(alice)
    here = preparing.get_absolute_url()
    assert "Its definitions are not confirmed yet." in client.get(here).text
    client.post(f"{here}confirm/")
    page = client.get(here).text
    assert BY_ALICE in page
    assert "Confirm the definitions" not in page
    assert client.post(f"{here}confirm/").status_code == 409
    told = program(alice).get(f"/api/v1/reviews/{preparing.pk}/packet/").json()
    assert (told["confirmed_on"], told["confirmed_by"], told["unconfirmed"]) == ("2026-06-01", "Alice", [])
    sharing.send_pre_read(preparing, [nora], by=alice, at=MONDAY)
    client.logout()
    assert BY_ALICE in client.get(f"/reviews/read/{sharing.token(preparing, nora, MONDAY)}/").text


def test_one_that_is_defined_anew_is_named(
    client: Client, preparing: Review, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirming.confirm(preparing, by=alice, at=MONDAY)
    place, ask = sections._sections["ask"]
    monkeypatch.setitem(sections._sections, "ask", (place, replace(ask, version=ask.version + 1)))
    client.force_login(alice)
    page = client.get(preparing.get_absolute_url()).text
    assert f"{BY_ALICE} Not confirmed: Our honest ask." in page
    confirming.confirm(preparing, by=alice, at=MONDAY)
    assert "Not confirmed" not in client.get(preparing.get_absolute_url()).text


def test_it_is_frozen_with_the_packet_and_missing_it_holds_nothing_up(
    client: Client, preparing: Review, alice: User
) -> None:
    steps.hold(preparing, MONDAY.date(), by=alice, at=MONDAY)
    kept = Packet.objects.get().values["confirmed"]
    assert (kept["by"], kept["on"]) == ("", "")
    assert "Our honest ask" in kept["missing"]
    client.force_login(alice)
    assert "Its definitions were not confirmed." in client.get(preparing.get_absolute_url()).text
    with pytest.raises(StepRefused, match="held by now"):
        confirming.confirm(preparing, by=alice, at=MONDAY)


def test_it_can_be_undone_and_is_not_asked_before_preparing(review: Review, alice: User) -> None:
    with pytest.raises(StepRefused, match="planned by now"):
        confirming.confirm(review, by=alice, at=MONDAY)
    steps.prepare(review, by=alice, at=MONDAY)
    history.undo(confirming.confirm(review, by=alice, at=MONDAY), by=alice, at=MONDAY)
    review.refresh_from_db()
    assert (review.definitions, review.definitions_by) == ({}, None)
    assert Event.objects.filter(kind="review_definitions_taken_back").exists()
