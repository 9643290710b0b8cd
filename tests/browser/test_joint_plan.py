"""The joint plan as both sides write it in their browsers: Alice a goal, an objective and a target, Nora
reads them in the portal and adds a goal of her own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from partners.models import Contact, Partner
from portal import passes
from prm import clock
from reviews import scheduling
from reviews.models import Goal
from team.models import User
from tests.browser.conftest import watched
from tests.reviews.conftest import living

GOAL, OURS = "Ten engineers by next year", "Two seats in every course."
OBJECTIVE, THEIRS = "One managed offer for both", "Win two customers in Austria"


@pytest.fixture
def grown(northwind: Partner) -> Partner:
    at = clock.now()
    partner = living(northwind, signed_on=at.date() - timedelta(days=200))
    scheduling.ensure_upcoming(at, [partner.pk])
    return partner


@pytest.fixture
def theirs(new_context: Callable[..., BrowserContext]) -> Page:
    """Nora's browser; nobody is signed in to it."""
    return watched(new_context().new_page())


def test_both_sides_write_one_plan(
    page: Page, theirs: Page, grown: Partner, nora: Contact, alice: User
) -> None:
    page.goto(f"/partners/{grown.pk}/joint-plan/")
    write_a_goal(page)
    write_an_objective(page)
    set_a_target(page)

    given = passes.give(nora, 30, by=alice, at=clock.now())
    theirs.goto(f"/p/{passes.token(given)}/joint-plan/")
    expect(theirs.get_by_role("region", name="Your goals")).to_contain_text(GOAL)
    expect(theirs.get_by_role("region", name="Your goals")).to_contain_text(OURS)
    expect(theirs.get_by_role("heading", name=OBJECTIVE)).to_be_visible()
    expect(theirs.get_by_text("0 of 4").first).to_be_visible()
    theirs.get_by_label("Your goal").last.fill(THEIRS)
    theirs.get_by_role("button", name="Add the goal").click()
    expect(theirs.get_by_role("region", name="Your goals")).to_contain_text(THEIRS)

    page.reload()
    wants = page.get_by_role("region", name="What Northwind wants")
    expect(wants).to_contain_text(THEIRS)
    expect(wants).to_contain_text("written by the partner")
    wants.get_by_role("link", name=f"Edit {THEIRS}").click()
    page.get_by_label("What we do for it").fill("Introductions in Vienna.")
    page.get_by_role("button", name="Save").click()
    theirs.reload()
    expect(theirs.get_by_text("Introductions in Vienna.")).to_be_visible()
    assert Goal.objects.filter(partner=grown).count() == 2
    assert page.complaints == theirs.complaints == []  # type: ignore[attr-defined]


def write_a_goal(page: Page) -> None:
    page.get_by_role("link", name="Add a goal").click()
    page.get_by_label("Its goal").fill(GOAL)
    page.get_by_label("What we do for it").fill(OURS)
    page.get_by_role("button", name="Add it to the joint plan").click()
    expect(page.get_by_role("region", name="What Northwind wants")).to_contain_text(GOAL)


def write_an_objective(page: Page) -> None:
    today = clock.now().date()
    page.get_by_role("link", name="Add an objective").click()
    page.get_by_label("What both want to reach").fill(OBJECTIVE)
    page.get_by_label("From").fill(today.isoformat())
    page.get_by_label("Until").fill(date(today.year + 2, 12, 31).isoformat())
    page.get_by_label("For which goal of theirs").select_option(label=GOAL)
    page.get_by_role("button", name="Add it to the joint plan").click()
    expect(page.get_by_role("heading", name=OBJECTIVE)).to_be_visible()


def set_a_target(page: Page) -> None:
    page.get_by_role("link", name="Set a target").click()
    page.get_by_label("Measure").select_option("certified")
    page.get_by_label("How much").fill("4")
    page.get_by_label("Towards which objective").select_option(label=OBJECTIVE)
    page.get_by_role("button", name="Add it to the joint plan").click()
    expect(page.get_by_text("0 of 4").first).to_be_visible()
