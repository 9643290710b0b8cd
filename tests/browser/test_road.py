"""The road as both sides walk it in their browsers: a firm applies and ends up with its first deal; a
registration meets an older one, is declined, contested, and decided by another person."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from conversations import decisions
from conversations.models import Decision, Matter
from lifecycle.growth import customers, phases, registrations
from lifecycle.models import (
    Agreement,
    ApplicationForm,
    ApplicationQuestion,
    Deal,
    Evidence,
    KickOff,
    Registration,
    Task,
)
from lifecycle.onboarding import starters
from lifecycle.onboarding.learning import courses
from lifecycle.recruitment.applications import editing
from lifecycle.recruitment.applications import forms as application_forms
from partners import lists, profiles
from partners.models import Contact, Event, Partner, Stage, Step
from portal import passes
from prm import clock, jobs, outbox
from team.models import Notice, Role, User
from tests.browser.conftest import watched
from tests.conftest import person
from tests.lifecycle.conftest import onboarded
from tests.sink import Sink

SECONDS = timedelta(seconds=30)  # the undo of what is sent has run out


@pytest.fixture
def theirs(new_context: Callable[[], BrowserContext]) -> Page:
    """The browser of somebody outside."""
    return watched(new_context().new_page())


@pytest.fixture
def open_for_applications(ravi: User, alice: User, monkeypatch: pytest.MonkeyPatch) -> ApplicationForm:
    """Set-up is done, and a form of Alice's is open; this browser types faster than people do."""
    monkeypatch.setattr(application_forms, "QUICKEST", timedelta(0))
    at = clock.now()
    lists.seed()
    phases.seed()
    starters.seed(at)
    profiles.publish(profiles.start_draft(None, by=ravi, at=at, starter="general"), by=ravi, at=at)
    jobs.run_due(at)
    form = editing.add("Become a partner", "partner", alice, by=ravi, at=at)
    question = ApplicationQuestion(form=form)
    editing.ask(question, "Where are you?", "country", by=ravi, at=at, maps_to="field:country")
    editing.switch(form, is_open=True, by=ravi, at=at)
    facts = {"about": "", "link": "", "pass_mark": 60, "valid_months": 12, "counts": True}
    course = courses.describe(None, {**facts, "title": "Selling"}, by=ravi, at=at)
    courses.write_lesson(course, None, "Numbers", "Two is prime.", None, by=ravi, at=at)
    courses.write_question(course, None, "Which number is prime?", "*2\n4", by=ravi, at=at)
    courses.publish(course, by=ravi, at=at)
    return form


@pytest.mark.usefixtures("open_for_applications")
def test_from_an_application_to_the_first_deal(
    page: Page, theirs: Page, alice: User, erin: User, sink: Sink, sign_in: Callable[[User], None]
) -> None:
    apply_and_confirm(theirs, sink)
    partner = Partner.objects.get()
    say_yes(page)
    rate_it(page)
    agree(page, theirs, sink)
    advance(page, Stage.ONBOARDING.label)
    onboard(page, partner)
    open_the_portal(page, theirs)
    train(theirs)
    grow(page, partner)
    register_the_first_deal(theirs)
    sign_in(erin)  # who leads Alice decides
    let_it_be_theirs(page, theirs)

    partner.refresh_from_db()
    deal = Deal.objects.get()
    assert (partner.stage, partner.status, partner.owner) == (Stage.GROWTH, "live", alice)
    assert (deal.partner, deal.name, deal.is_open) == (partner, "Warehouse roll-out", True)
    expect(theirs.get_by_text("protected until")).to_be_visible()
    kinds = [Evidence.Kind.AGREEMENT_SIGNED, Evidence.Kind.KICK_OFF_HELD, Evidence.Kind.TRAINING_DONE]
    shown = Evidence.objects.order_by("pk").values_list("kind", flat=True)
    assert list(dict.fromkeys(shown)) == kinds
    in_order(partner, "application_came", "agreement_signed", "kick_off_held", "registration_protected")
    complaints = page.complaints + theirs.complaints  # type: ignore[attr-defined]
    assert complaints == []


def in_order(partner: Partner, *kinds: str) -> None:
    """The history of the partner tells it in this order."""
    told = list(Event.objects.filter(partner=partner).order_by("pk").values_list("kind", flat=True))
    assert [kind for kind in told if kind in kinds] == list(kinds), told


def apply_and_confirm(theirs: Page, sink: Sink) -> None:
    theirs.goto("/apply/partner/")
    theirs.get_by_label("Your firm").fill("Fabrikam")
    theirs.get_by_label("Its website").fill("fabrikam.example")
    theirs.get_by_label("Your name").fill("Zoe Lind")
    theirs.get_by_label("Your e-mail address").fill("zoe@fabrikam.example")
    theirs.get_by_label("Where are you?").select_option("DE")
    theirs.get_by_role("button", name="Send").click()
    expect(theirs.get_by_text("Look into your mailbox")).to_be_visible()
    assert not Partner.objects.exists()
    theirs.goto(mailed(sink, "/apply/a/"))
    theirs.get_by_role("button", name="Confirm the application").click()
    expect(theirs.get_by_text("Your application is with us.")).to_be_visible()


def mailed(sink: Sink, path: str) -> str:
    """The address below this path in the newest mail that has one."""
    outbox.deliver(clock.now() + SECONDS)
    return re.findall(rf"{path}\S+", "\n".join(sink.bodies))[-1]


def say_yes(page: Page) -> None:
    to_decide(page).get_by_role("link", name="Become a partner").first.click()
    page.get_by_role("button", name="Yes", exact=True).click()
    said(page, "Fabrikam has our answer.")
    open_the_partner(page)
    expect(page.get_by_role("button", name=f"Advance to {Step.NEGOTIATING.label}")).to_be_visible()


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def rate_it(page: Page) -> None:
    page.get_by_role("region", name="Fit", exact=True).get_by_role("link", name="Rate").click()
    for criterion in ("Sells to our market", "Technical skill", "Executive sponsor"):
        page.get_by_label(criterion, exact=True).fill("4")
    page.get_by_label("Trades cleanly", exact=True).select_option("yes")
    page.get_by_role("button", name="Save and score").click()
    said(page, "Fabrikam scores")


def agree(page: Page, theirs: Page, sink: Sink) -> None:
    """Drafted, sent, signed by both sides; then the partner is where a signed one is."""
    advance(page, Step.NEGOTIATING.label)
    road(page).get_by_role("link", name="draft it").click()
    page.get_by_role("link", name="Draft an agreement").click()
    page.get_by_label("Margin in %").fill("20")
    page.get_by_label("Further terms").fill("We answer within a day.")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("link", name="Send to be signed").click()
    page.get_by_role("button", name="Send", exact=True).click()
    said(page, "The agreement is on its way.")
    theirs.goto(mailed(sink, "/s/"))
    expect(theirs.get_by_text("We answer within a day.")).to_be_visible()
    theirs.get_by_label("I have read the terms").check()
    theirs.get_by_role("button", name="Sign").click()
    expect(theirs.get_by_text("Signed by Zoe Lind")).to_be_visible()
    page.reload()
    page.get_by_role("link", name="Sign for us").click()
    page.get_by_label("I have read the terms").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    said(page, "You have signed.")
    assert Agreement.objects.get().state == Agreement.State.SIGNED
    open_the_partner(page)


def road(page: Page) -> Locator:
    return page.get_by_role("region", name="The road")


def advance(page: Page, place: str) -> None:
    page.get_by_role("button", name=f"Advance to {place}").click()
    said(page, f"Fabrikam moved to {place}.")


def open_the_partner(page: Page) -> None:
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Fabrikam").click()
    expect(page.get_by_role("heading", name="Fabrikam", level=1)).to_be_visible()


def onboard(page: Page, partner: Partner) -> None:
    page.get_by_role("link", name="Make a plan from a template").click()
    page.get_by_role("button", name="Make the plan").click()
    said(page, "The plan is made.")
    page.get_by_role("button", name="Done: Name a sponsor").click()
    hold_the_kick_off(page)
    open_the_partner(page)


def hold_the_kick_off(page: Page) -> None:
    page.get_by_role("link", name="Kick-off", exact=True).click()
    soon = timezone.localtime(clock.now() + timedelta(hours=2))
    page.get_by_label("Begins").fill(soon.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Zoe Lind").check()
    page.get_by_role("button", name="Invite").click()
    said(page, "The invitations are on their way.")
    KickOff.objects.update(starts_at=clock.now() - timedelta(hours=1), ends_at=clock.now())  # it passes
    page.reload()
    page.get_by_role("link", name="It was held").click()
    page.get_by_label("Minutes*").fill("Two people are trained in June.")
    page.get_by_role("button", name="Save the minutes").click()
    said(page, "counts as evidence")


def open_the_portal(page: Page, theirs: Page) -> None:
    page.get_by_role("link", name="Zoe Lind", exact=True).click()
    page.get_by_role("link", name="Passes").click()
    page.get_by_role("button", name="Give a pass").click()
    theirs.goto(urlsplit(page.get_by_label("Address of the pass").input_value()).path)
    open_the_partner(page)


def train(theirs: Page) -> None:
    theirs.get_by_role("link", name="Learn").click()
    theirs.get_by_role("link", name="Selling", exact=True).click()
    theirs.get_by_label("2", exact=True).check()
    theirs.get_by_role("button", name="Hand it in").click()
    expect(theirs.get_by_text("passed", exact=True)).to_be_visible()
    theirs.get_by_role("link", name="Fabrikam").first.click()


def grow(page: Page, partner: Partner) -> None:
    """One certificate is evidence; whether that is all the training the plan asks for, Alice says."""
    page.reload()
    expect(page.get_by_role("region", name="Evidence")).to_contain_text("Selling, Zoe Lind")
    page.get_by_role("button", name="Done: Train two people").click()
    expect(page.get_by_role("button", name="Open again: Train two people")).to_be_visible()
    advance(page, Stage.GROWTH.label)
    assert not Task.objects.filter(partner=partner, is_required=True).open().exists()


def register_the_first_deal(theirs: Page) -> None:
    theirs.get_by_role("link", name="Deal registrations").click()
    register(theirs, "Warehouse roll-out")


def let_it_be_theirs(page: Page, theirs: Page) -> None:
    to_decide(page).get_by_role("button", name=re.compile("^Yes.*Fabrikam")).click()
    said(page, "Who asked is told.")
    theirs.reload()


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
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="To decide").click()
    expect(page.get_by_role("heading", name="To decide", level=1)).to_be_visible()
    return page.get_by_role("main")


# --- a registration that meets an older one -------------------------------------------------------------


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
