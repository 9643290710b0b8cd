"""A registration meets an older one, is declined, contested, and decided by another person: both sides, in
their browsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from conversations import decisions
from conversations.models import Decision, Matter
from lifecycle.growth import customers, phases, registrations
from lifecycle.models import (
    Registration,
)
from partners.models import Contact, Partner
from portal import passes
from prm import clock
from team.models import Notice, Role, User
from tests.browser.conftest import watched
from tests.conftest import person
from tests.lifecycle.conftest import onboarded


@pytest.fixture
def theirs(new_context: Callable[[], BrowserContext]) -> Page:
    """The browser of somebody outside."""
    return watched(new_context().new_page())


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def register(theirs: Page, name: str) -> None:
    theirs.get_by_label("What it is about").fill(name)
    theirs.get_by_label("Customer*").fill("Baker Foods")
    theirs.get_by_label("The customer’s website").fill("baker.example")
    theirs.get_by_label("What was done, and what is planned").fill("Two visits; they want an offer.")
    theirs.get_by_role("button", name="Register it").click()
    said(theirs, "We have it")


def to_decide(page: Page) -> Locator:
    """From Today to everything that waits for a yes or no of this person."""
    page.goto("/")
    page.get_by_role("link", name="for your yes or no").click()
    expect(page.get_by_role("heading", name="To decide", level=1)).to_be_visible()
    return page.get_by_role("main")


@pytest.fixture
def northwind(alice: User) -> Partner:
    return onboarded("Northwind", alice)


@pytest.fixture
def contoso(alice: User) -> Partner:
    return onboarded("Contoso", alice)


@pytest.fixture
def two_heads(erin: User) -> User:
    """Erin leads Alice; Hana is another head."""
    return person("Hana", Role.HEAD)


@pytest.fixture
def protected(northwind: Partner, nora: Contact, erin: User) -> Registration:
    """Northwind's registration of Baker Foods is protected."""
    phases.seed()
    at = clock.now()
    customer = customers.found("Baker Foods", at, website="https://www.baker.example")
    asked = registrations.ask(northwind, "Roll-out", customer, by=nora, at=at, words="Since May.")
    decisions.decide(Matter.objects.get(), "yes", "", by=erin, at=at)
    asked.refresh_from_db()
    return asked


@pytest.fixture
def door(contoso: Partner, omar: Contact, alice: User) -> str:
    """The address of Omar's pass."""
    return urlsplit(passes.address(passes.give(omar, 30, by=alice, at=clock.now()))).path


@pytest.mark.usefixtures("protected")
def test_a_conflict_is_declined_contested_and_decided_by_another_person(
    page: Page,
    theirs: Page,
    door: str,
    erin: User,
    two_heads: User,
    sign_in: Callable[[User], None],
) -> None:
    theirs.goto(door)
    theirs.get_by_role("link", name="Deal registrations").click()
    register(theirs, "Baker stores")
    sign_in(erin)
    decline(page)
    contest(theirs)
    it_is_not_hers_any_more(page)
    sign_in(two_heads)
    decide_anew(page)

    theirs.reload()
    expect(theirs.get_by_text("You contested it; it was decided anew, see above.")).to_be_visible()
    expect(theirs.get_by_text("They serve other sites.")).to_be_visible()
    theirs.goto(door)
    theirs.get_by_role("link", name="Deal registrations").click()
    expect(theirs.get_by_text("protected until")).to_be_visible()
    made = Decision.objects.filter(partner__name="Contoso").order_by("pk")
    assert list(made.values_list("answer", "by__name")) == [("no", "Erin"), ("yes", "Hana")]
    told = Notice.objects.filter(kind="to_decide").order_by("pk").values_list("person__name", flat=True)
    assert list(told)[-2:] == ["Erin", "Hana"]


def decline(page: Page) -> None:
    waiting = to_decide(page)
    expect(waiting).to_contain_text("Northwind registered it on")
    waiting.get_by_role("link", name="Northwind registered it on").click()
    expect(page.get_by_role("heading", name="Roll-out", level=1)).to_be_visible()
    page.go_back()
    page.get_by_text("No, or yes in other words").click()
    page.get_by_label("Reason").select_option("Another partner registered this customer before.")
    page.get_by_role("button", name="No", exact=True).click()
    said(page, "No: Deal registrations, Contoso. Who asked is told.")


def contest(theirs: Page) -> None:
    """Omar reads why, and says why not."""
    theirs.reload()
    theirs.get_by_role("link", name="Our decisions and why").click()
    expect(theirs.get_by_text("Another partner registered this customer before.")).to_be_visible()
    theirs.get_by_role("textbox").fill("We serve the stores, they the offices.")
    theirs.get_by_role("button", name="Contest it").click()
    said(theirs, "We have it.")


def it_is_not_hers_any_more(page: Page) -> None:
    page.goto("/to-decide/?all")
    expect(page.get_by_text("We serve the stores, they the offices.")).to_be_visible()
    expect(page.get_by_text("A second person decides on this.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Yes"))).to_have_count(0)


def decide_anew(page: Page) -> None:
    to_decide(page).get_by_text("No, or yes in other words").click()
    page.get_by_label("In your own words").fill("They serve other sites.")
    page.get_by_role("button", name="Yes, in these words").click()
    said(page, "Who asked is told.")
