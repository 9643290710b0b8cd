"""Insights with figures in it: bars measure alike, and what there is to press is large enough."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import FloatRect, Locator, Page, expect

from conversations import commitments, messages
from conversations.commitments import Promise
from partners import contacts, organisations
from partners.models import Partner
from prm import clock
from team.models import User


@pytest.fixture
def history(alice: User, bob: User) -> None:
    """Promises kept and answers given late, in this time and in the one before; two owners of unlike load."""
    now = clock.now()
    one, *_others = [added(f"Firm {n}", alice) for n in range(12)]
    added("Only one", bob)
    kim = contacts.add(one, "Kim", by=alice, at=now - timedelta(days=200), email="kim@firm.example")
    for ago in (30, 120):
        for n in range(5):
            at = now - timedelta(days=ago + n)
            made = commitments.make(one, Promise(f"Pack {n}", at.date(), owner=alice), by=alice, at=at)
            commitments.keep(made, by=alice, at=at)
            asked = messages.receive(one, "email", "When?", at, None, contact=kim, subject=f"Terms {n}")
            messages.reply(asked.conversation, "Then.", alice, at + timedelta(days=9))


def added(name: str, owner: User) -> Partner:
    return organisations.add(name, by=owner, at=clock.now() - timedelta(days=200), owner=owner)


@pytest.fixture
def head(page: Page, erin: User, history: None, sign_in: Callable[[User], None]) -> Page:
    sign_in(erin)
    return page


@pytest.mark.parametrize("name", ["insights", "insights_print"])
def test_what_a_promise_was_is_large_enough_to_press(
    name: str, head: Page, accessible: Callable[[Page], None]
) -> None:
    head.goto(reverse(f"dashboards:{name}"))
    card = head.get_by_role("region", name="100 % of promises kept")
    expect(card.get_by_role("link", name=re.compile("^was ")).first).to_be_visible()
    accessible(head)


def test_rows_behind_a_figure_are_large_enough_to_press(
    head: Page, accessible: Callable[[Page], None]
) -> None:
    head.goto(reverse("dashboards:behind", args=["fell_late"]))
    expect(head.get_by_role("link", name="Terms 4")).to_be_visible()
    accessible(head)


@pytest.mark.parametrize("name", ["insights", "insights_print"])
@pytest.mark.parametrize("width", [1440, 390])
def test_bars_of_owners_measure_alike(name: str, width: int, head: Page) -> None:
    head.set_viewport_size({"width": width, "height": 1000})
    head.goto(reverse(f"dashboards:{name}"))
    card = head.get_by_role("region", name="Partners per owner")
    bars = [box(bar) for bar in card.locator("svg").all()]
    assert len(bars) == 2
    assert len({(bar["x"], bar["width"]) for bar in bars}) == 1
    if width == 390:
        assert box(card.get_by_role("link", name=re.compile("^12")))["y"] > bars[0]["y"]
        assert bars[0]["width"] > 250


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_the_road_is_read_down_a_stage_after_another(
    width: int, head: Page, accessible: Callable[[Page], None]
) -> None:
    head.set_viewport_size({"width": width, "height": 1000})
    head.goto(reverse("dashboards:insights"))
    road = head.get_by_role("group", name="Partners by stage")
    assert road.evaluate("road => road.scrollWidth <= road.clientWidth")
    stage = road.locator("tbody tr").first
    for figure in ("Partners", "Came in", "Went on", "Median days", "Stalled"):
        expect(stage.get_by_text(figure, exact=True)).to_be_visible()
    if width == 390:
        accessible(head)
        expect(stage.get_by_text("Came in", exact=True)).to_be_hidden()  # under the head of its column


def box(of: Locator) -> FloatRect:
    """Where it stands on the page."""
    found = of.bounding_box()
    assert found
    return found
