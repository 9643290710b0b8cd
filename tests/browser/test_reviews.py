"""Two business reviews of one partner in a row, as Alice and Nora go through them in their browsers: what was
promised in the first opens the second."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from lifecycle.growth import customers, deals, phases
from lifecycle.models import Deal, Phase
from partners.models import Contact, Partner
from prm import clock, outbox
from reviews import scheduling
from reviews.models import Review
from team.models import User
from tests.browser.conftest import watched
from tests.reviews.conftest import living
from tests.sink import Sink

WON = "Roll-out"


@pytest.fixture
def grown(northwind: Partner, nora: Contact, alice: User) -> Partner:
    """A live partner with a deal it won this week, and its next review."""
    at, today = clock.now(), clock.now().date()
    phases.seed()
    partner = living(northwind, signed_on=today - timedelta(days=200))
    customer = customers.found("Baker Foods", at)
    facts = {"amount": 1_250_000, "currency": "EUR"}
    deal = deals.start(partner, WON, customer, by=alice, at=at - timedelta(days=5), **facts)
    deals.move(deal, Phase.objects.get(ends="won"), by=alice, at=at - timedelta(days=2))
    scheduling.ensure_upcoming(at, [partner.pk])
    return partner


@pytest.fixture
def theirs(new_context: Callable[..., BrowserContext]) -> Page:
    """Nora's browser; nobody is signed in to it."""
    return watched(new_context().new_page())


def test_two_reviews_in_a_row(page: Page, theirs: Page, grown: Partner, nora: Contact, sink: Sink) -> None:
    review = Review.objects.get(partner=grown)
    page.goto(review.get_absolute_url())
    prepare_and_send_it(page)
    theirs.goto(address_in(sink))
    topic = theirs.get_by_label("Topic")
    topic.fill("Two engineers for training")
    theirs.get_by_role("button", name="Put it on the agenda").click()
    expect(theirs.get_by_text("Two engineers for training")).to_be_visible()

    hold_it(page, due_on=clock.now().date() + timedelta(days=20))
    page.get_by_role("button", name="Send the minutes").click()
    expect(pill(page)).to_have_text("Minutes sent")
    theirs.goto(address_in(sink))
    sign(theirs, "Nora Berg")
    change_the_minutes(page)  # and her name counts no more
    expect(names(page)).to_have_text(["not signed yet", "not signed yet"])
    theirs.goto(address_in(sink))
    expect(theirs.locator("ins")).to_have_text("We talked of prices, and two engineers.")
    sign(theirs, "Nora Berg")
    sign_for_us_and_close(page)

    Deal.objects.filter(name=WON).update(amount=990_000)  # found wrong after the packet was frozen
    page.reload()
    results = page.get_by_role("region", name="Results")
    expect(results).to_contain_text(re.compile("Restated: Sourced, EUR was .*12,500.*9,900"))

    page.get_by_role("region", name="Days").get_by_role("link").last.click()
    page.get_by_role("button", name="Prepare it").click()
    promised = page.get_by_role("region", name="What we promised each other")
    expect(promised).to_contain_text("Of the last review")
    expect(promised).to_contain_text("Two engineers for training")
    assert Review.objects.filter(partner=grown).count() == 2
    assert page.complaints == theirs.complaints == []  # type: ignore[attr-defined]


def prepare_and_send_it(page: Page) -> None:
    page.get_by_role("button", name="Prepare it").click()
    expect(pill(page)).to_have_text("Preparing")
    page.get_by_role("link", name="Send the pre-read").click()
    page.get_by_label("Nora Berg").check()
    page.get_by_role("button", name="Send it").click()
    expect(pill(page)).to_have_text("Pre-read sent")


def hold_it(page: Page, due_on: date) -> None:
    """The minutes are written beside the packet; on the line of her topic I makes an issue, P an action."""
    page.reload()
    page.get_by_role("link", name="Hold it").click()
    page.get_by_label("Minutes", exact=True).fill("We talked of prices.")
    topics = page.get_by_role("region", name="To talk about")
    line = topics.locator("[data-row]").filter(has_text="Two engineers for training")
    line.get_by_role("button", name="Issue").focus()
    page.keyboard.press("i")
    expect(page.get_by_role("region", name="Issues raised here")).to_contain_text(
        "Two engineers for training"
    )
    line.get_by_role("button", name="Action").focus()
    page.keyboard.press("p")
    action = page.get_by_role("group", name="Two engineers for training")
    action.get_by_label("Whose").select_option("theirs")
    action.get_by_label("Of theirs").select_option(label="Nora Berg")
    action.get_by_label("By", exact=True).fill(due_on.isoformat())
    page.get_by_label("Nora Berg").last.check()
    page.get_by_role("button", name="It was held").click()
    expect(page.get_by_role("status").filter(has_text="its packet frozen")).to_be_visible()
    expect(page.get_by_role("region", name="Actions")).to_contain_text("Open")


def change_the_minutes(page: Page) -> None:
    page.get_by_role("link", name="Minutes", exact=True).click()
    page.get_by_label("Minutes", exact=True).fill("We talked of prices, and two engineers.")
    page.get_by_role("button", name="Send what is changed").click()
    expect(page.get_by_role("region", name="Minutes")).to_contain_text("version 2")


def sign(theirs: Page, name: str) -> None:
    theirs.get_by_label("Your full name").fill(name)
    theirs.get_by_role("button", name="Sign", exact=True).click()
    expect(theirs.get_by_role("status").filter(has_text="You have signed")).to_be_visible()


def sign_for_us_and_close(page: Page) -> None:
    page.get_by_role("link", name="Sign for us").click()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(names(page)).to_have_text(["signed", "signed"])
    page.get_by_role("link", name="Say what came of it").click()
    page.get_by_label("Keep").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Close it").click()
    expect(pill(page)).to_have_text("Closed")


def pill(page: Page) -> Locator:
    """How far the review is, beside its name."""
    return page.locator(".vh .pill").first


def names(page: Page) -> Locator:
    """How both sides stand to the newest minutes."""
    return page.get_by_role("region", name="Minutes").locator(".pill")


def address_in(sink: Sink) -> str:
    """The newest address that was mailed to her."""
    outbox.deliver(clock.now())
    found = re.search(r"/reviews/read/\S+", sink.bodies[-1])
    assert found is not None
    return found.group()
