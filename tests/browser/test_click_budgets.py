"""How many presses a task takes. A press is a click or a command key (a letter that acts, Enter, a
key with Ctrl); typing, and Tab from field to field, are free."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from conversations import commitments, messages
from conversations.commitments import Promise
from conversations.models import Commitment, Message, Wait
from lifecycle.growth import customers, deals, phases, registrations
from lifecycle.models import ApplicationForm, Course, Deal, Enrolment, KickOff, Plan, Referral, Registration
from lifecycle.onboarding import starters
from lifecycle.recruitment.applications import applying, editing
from partners import contacts, lists, organisations, profiles
from partners.models import Contact, Partner, Step
from partners.organisations import local_day
from portal import passes
from prm import clock, jobs, outbox
from reviews import scheduling
from reviews.health import formulas, snapshots
from reviews.models import Review
from team.models import User
from tests.lifecycle.conftest import onboarded
from tests.reviews.conftest import living
from tests.sink import Sink


class Hand:
    """Presses, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def click(self, what: Locator) -> None:
        self.presses += 1
        what.click()

    def command(self, keys: str) -> None:
        self.presses += 1
        self.page.wait_for_load_state()  # the scripts of a page just opened must hear it
        self.page.keyboard.press(keys)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)


@pytest.fixture
def hand(page: Page) -> Hand:
    return Hand(page)


@pytest.fixture
def candidate(alice: User) -> Partner:
    return organisations.add("Kestrel Data", by=alice, at=clock.now(), owner=alice, step=Step.CONTACTED)


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def test_log_an_interaction_from_anywhere(
    page: Page, hand: Hand, candidate: Partner, northwind: Partner
) -> None:
    page.goto("/settings/me/")
    hand.command("l")
    page.get_by_label("With which partner?").focus()
    hand.type("kestrel")
    picks = page.get_by_role("dialog").get_by_role("radio")
    expect(page.get_by_role("dialog").get_by_role("radio", name="Kestrel Data")).to_be_checked()
    expect(page.get_by_role("dialog").get_by_role("radio", name="Northwind")).to_have_count(0)
    assert picks.count() > 1
    page.get_by_label("What happened?").focus()
    hand.type("They ask for the deck.")
    hand.command("Control+Enter")
    said(page, "Call logged with Kestrel Data.")
    assert hand.presses <= 2
    assert Message.objects.get().partner == candidate


def test_log_in_one_line(page: Page, hand: Hand, candidate: Partner, northwind: Partner) -> None:
    page.goto("/settings/me/")
    hand.command("l")
    expect(page.get_by_label("In one line")).to_be_focused()
    hand.type("call kestrel 20m tier worry, promise prep pack fri")
    hand.command("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("What happened?")).to_have_value("tier worry")
    expect(dialog.get_by_role("button", name="Save")).to_be_focused()
    hand.command("Enter")
    said(page, "Call logged with Kestrel Data.")
    assert hand.presses <= 3
    message, promise = Message.objects.get(), Commitment.objects.get()
    assert (message.partner, message.minutes, promise.text) == (candidate, 20, "Prep pack")


def test_log_on_the_page_of_a_partner(page: Page, hand: Hand, candidate: Partner) -> None:
    page.goto(candidate.get_absolute_url())
    hand.command("l")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Kestrel Data")
    dialog.get_by_label("What happened?").focus()
    hand.type("They ask for the deck.")
    hand.command("Control+Enter")
    said(page, "Call logged with Kestrel Data.")
    assert hand.presses <= 2


def test_answer_a_waiting_partner(page: Page, hand: Hand, northwind: Partner, nora: Contact) -> None:
    messages.receive(northwind, "email", "When?", at=clock.now(), contact=nora, subject="Dates")
    page.goto("/")
    hand.command("r")
    expect(page.get_by_label("Reply to Northwind")).to_be_focused()
    hand.type("On Monday.")
    hand.command("Control+Enter")
    expect(page.get_by_text("Nobody waits for you", exact=True)).to_be_visible()
    assert hand.presses <= 2
    assert not Wait.objects.get().is_open


def test_see_why_a_partner_is_stalled(page: Page, hand: Hand, candidate: Partner, alice: User) -> None:
    long_ago = clock.now() - timedelta(days=200)
    organisations.add("Old Oak", by=alice, at=long_ago, owner=alice, step=Step.CONTACTED)
    page.goto("/settings/me/")
    hand.click(page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Today"))
    expect(page.get_by_role("complementary", name="Who drifts")).to_contain_text("Old Oak")
    expect(page.get_by_role("complementary", name="Who drifts")).to_contain_text("usual")
    assert hand.presses <= 1


def test_see_why_a_partner_is_at_risk(page: Page, hand: Hand, northwind: Partner, alice: User) -> None:
    partner, at = living(northwind), clock.now()
    due_on = (at - timedelta(days=5)).date()
    made = commitments.make(partner, Promise("The pack", due_on), by=alice, at=at - timedelta(days=9))
    commitments.break_(made, "It was not to be had.", by=alice, at=at)
    formulas.change({"ours": 1}, by=alice, at=at)
    formulas.publish("Promises alone.", by=alice, at=at)
    snapshots.sweep(at)
    jobs.run_due(at)
    page.goto(partner.get_absolute_url())
    hand.click(page.get_by_role("link", name="At risk · 0.0"))
    expect(page.get_by_role("row", name="We keep our promises")).to_contain_text("0.0 of 100.0")
    assert hand.presses <= 1


def test_advance_a_stage(page: Page, hand: Hand, candidate: Partner) -> None:
    page.goto("/partners/")
    hand.click(page.get_by_role("link", name="Kestrel Data"))
    expect(page.get_by_role("heading", name="Kestrel Data", level=1)).to_be_visible()
    hand.command("a")
    said(page, "Kestrel Data moved to Qualified.")
    assert hand.presses <= 2


def test_keep_a_promise(page: Page, hand: Hand, northwind: Partner, alice: User) -> None:
    at = clock.now()
    commitments.make(northwind, Promise("Send the pack", local_day(at, alice.zone)), by=alice, at=at)
    page.goto("/")
    hand.click(page.get_by_role("button", name="Done: Send the pack"))
    expect(page.get_by_text("No promise is due this week")).to_be_visible()
    assert hand.presses <= 1
    assert Commitment.objects.get().status == Commitment.Status.KEPT


def test_find_a_partner(page: Page, hand: Hand, candidate: Partner, northwind: Partner) -> None:
    page.goto("/settings/me/")
    hand.command("Control+k")
    hand.type("kestr")
    hand.command("Enter")
    expect(page.get_by_role("heading", name="Kestrel Data", level=1)).to_be_visible()
    assert hand.presses <= 2


def test_score_a_candidate(page: Page, hand: Hand, candidate: Partner, ravi: User) -> None:
    lists.seed()
    draft = profiles.start_draft(None, by=ravi, at=clock.now(), starter="general")
    profiles.publish(draft, by=ravi, at=clock.now())
    jobs.run_due(clock.now())
    page.goto("/partners/")
    hand.click(page.get_by_role("link", name="Kestrel Data"))
    hand.click(page.get_by_role("link", name="Rate"))
    page.get_by_label("Technical skill", exact=True).fill("4")
    hand.command("Control+Enter")
    said(page, "Kestrel Data scores")
    assert hand.presses <= 3


def test_prepare_a_review(page: Page, hand: Hand, northwind: Partner) -> None:
    signed_on = (clock.now() - timedelta(days=200)).date()
    scheduling.ensure_upcoming(clock.now(), [living(northwind, signed_on=signed_on).pk])
    page.goto("/")
    hand.click(page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Reviews"))
    hand.click(page.get_by_role("main").get_by_role("link", name="Northwind"))
    hand.click(page.get_by_role("button", name="Prepare it"))
    said(page, "You are preparing it")
    expect(page.get_by_role("heading", name="Our honest ask")).to_be_visible()
    assert hand.presses <= 3
    assert Review.objects.get(partner=northwind).state == Review.State.PREPARING


def test_tell_all_entitled_partners_the_same(
    page: Page, hand: Hand, alice: User, northwind: Partner, nora: Contact, omar: Contact, sink: Sink
) -> None:
    at = clock.now()
    living(northwind)
    living(omar.partner)
    contacts.change(omar, {"do_not_contact": True}, by=alice, at=at)
    pass_of_nora = passes.token(passes.give(nora, 30, by=alice, at=at))
    page.goto("/announcements/")
    hand.click(page.get_by_role("main").get_by_role("link", name="Announce").first)
    page.get_by_label("Title").fill("New prices")
    page.get_by_label("Words").fill("From **July** on.")
    hand.click(page.get_by_role("button", name="See who gets it"))
    expect(page.get_by_role("region", name="Who would be left out, and why")).to_have_text(
        re.compile("Asked not to be contacted.*Contoso", re.DOTALL)
    )
    hand.click(page.get_by_role("button", name="Send to 1 partner"))
    said(page, "It is on its way to 1 person.")
    assert hand.presses <= 3
    outbox.deliver(clock.now())
    assert [mail["To"] for mail in sink.mails] == [nora.email]
    page.goto(f"/p/{pass_of_nora}/")
    page.get_by_role("link", name="What we announced").click()
    page.get_by_role("link", name="New prices").click()
    expect(page.get_by_role("main")).to_contain_text("From July on.")


def test_hand_partners_over(page: Page, hand: Hand, candidate: Partner, bob: User) -> None:
    page.goto("/partners/")
    hand.click(page.get_by_role("checkbox", name="Tick Kestrel Data"))
    page.get_by_label("Give to").select_option(label="Bob")
    hand.click(page.get_by_role("button", name="The ticked ones"))
    said(page, "Bob")
    assert hand.presses <= 3
    assert Partner.objects.get(pk=candidate.pk).owner == bob


def test_from_a_figure_to_its_rows_then_the_file(
    page: Page, hand: Hand, candidate: Partner, northwind: Partner
) -> None:
    page.goto("/")
    hand.click(page.get_by_role("link", name="2 partners in your care"))
    expect(page.get_by_role("main").get_by_role("status")).to_have_text("2 partners")
    with page.expect_download() as file:
        hand.click(page.get_by_role("link", name="CSV"))
    assert len(file.value.path().read_text().splitlines()) == 3
    assert hand.presses <= 2


# --- the road: one signed-in browser, one task after the other ------------------------------------------


@pytest.fixture
def fabrikam(alice: User, ravi: User, erin: User) -> Partner:
    """A partner that is being onboarded, with a contact, an open deal and a registration to decide; beside
    it an application waits."""
    at = clock.now()
    lists.seed()
    phases.seed()
    starters.seed(at)
    Course.objects.create(title="Selling", published_at=at, created_at=at)
    partner = onboarded("Fabrikam", alice)
    zoe = contacts.add(partner, "Zoe Lind", by=alice, at=at, email="zoe@fabrikam.example")
    deals.start(partner, "Pilot", customers.found("Linden Bank", at), by=alice, at=at)
    registrations.ask(partner, "Roll-out", customers.found("Baker Foods", at), by=zoe, at=at, words="Met.")
    form: ApplicationForm = editing.add("Become a partner", "partner", alice, by=ravi, at=at)
    editing.switch(form, is_open=True, by=ravi, at=at)
    applying.send(form, "Kestrel Data", "Kay", "kay@kestrel.example", {}, at)
    applying.confirm(form.applications.get(), at)
    return partner


def test_the_road(
    page: Page, hand: Hand, fabrikam: Partner, erin: User, sign_in: Callable[[User], None]
) -> None:
    for task, most in (
        (decide_an_application, 1),
        (move_a_deal_one_phase, 1),
        (register_a_deal, 2),
        (start_a_plan, 2),
        (complete_a_task, 1),
        (plan_a_kick_off, 3),
        (enrol_a_person, 2),
        (pass_a_referral, 3),
    ):
        hand.presses = 0
        task(page, hand, fabrikam)
        assert hand.presses <= most, task.__name__
    sign_in(erin)  # who leads Alice
    hand.presses = 0
    decide_a_registration(page, hand)
    assert hand.presses <= 1


def test_from_a_figure_to_its_rows_and_a_file(
    page: Page, hand: Hand, candidate: Partner, alice: User
) -> None:
    at = clock.now()
    commitments.make(candidate, Promise("Prep pack", local_day(at, alice.zone), owner=alice), by=alice, at=at)
    page.goto("/insights/")
    hand.click(page.get_by_role("link", name="1 made"))
    expect(page.get_by_role("link", name="Prep pack")).to_be_visible()
    with page.expect_download() as file:
        hand.click(page.get_by_role("link", name="CSV"))
    assert "Prep pack,Kestrel Data" in file.value.path().read_text()
    assert hand.presses == 2


def decide_an_application(page: Page, hand: Hand, fabrikam: Partner) -> None:
    page.goto("/to-decide/")
    hand.click(page.get_by_role("button", name=re.compile("^Yes.*Kestrel Data")))
    said(page, "Who asked is told.")


def move_a_deal_one_phase(page: Page, hand: Hand, fabrikam: Partner) -> None:
    deal = Deal.objects.select_related("phase").get(name="Pilot")
    page.goto(deal.get_absolute_url())
    form = page.get_by_role("form", name="Move to")
    hand.click(form.get_by_role("button").first)
    expect(page.get_by_role("status").first).to_be_visible()
    assert Deal.objects.get(pk=deal.pk).phase != deal.phase


def register_a_deal(page: Page, hand: Hand, fabrikam: Partner) -> None:
    page.goto(fabrikam.get_absolute_url())
    hand.click(page.get_by_role("link", name="Register", exact=True))
    page.get_by_label("What it is about").fill("Stores")
    page.get_by_label("Customer*").fill("Tailspin Toys")
    page.get_by_label("What was done").fill("Two visits.")
    hand.click(page.get_by_role("main").locator("[data-primary]"))
    expect(page.get_by_role("status").first).to_be_visible()
    assert Registration.objects.filter(name="Stores").exists()


def start_a_plan(page: Page, hand: Hand, fabrikam: Partner) -> None:
    page.goto(fabrikam.get_absolute_url())
    hand.click(page.get_by_role("link", name="Make a plan from a template"))
    expect(page.get_by_text("Set up the sandbox")).to_be_visible()
    hand.click(page.get_by_role("button", name="Make the plan"))
    said(page, "The plan is made.")
    assert Plan.objects.filter(partner=fabrikam).exists()


def complete_a_task(page: Page, hand: Hand, fabrikam: Partner) -> None:
    page.goto(fabrikam.get_absolute_url())
    hand.click(page.get_by_role("button", name=re.compile("^Done: Name a sponsor")))
    expect(page.get_by_role("button", name=re.compile("^Open again: Name a sponsor"))).to_be_visible()


def plan_a_kick_off(page: Page, hand: Hand, fabrikam: Partner) -> None:
    page.goto(fabrikam.get_absolute_url())
    hand.click(page.get_by_role("link", name="plan it"))
    soon = timezone.localtime(clock.now() + timedelta(days=2))
    page.get_by_label("Begins").fill(soon.strftime("%Y-%m-%dT%H:%M"))
    hand.click(page.get_by_label("Zoe Lind"))
    hand.click(page.get_by_role("button", name="Invite"))
    said(page, "The invitations are on their way.")
    assert KickOff.objects.filter(partner=fabrikam).exists()


def enrol_a_person(page: Page, hand: Hand, fabrikam: Partner) -> None:
    page.goto(f"/contacts/{fabrikam.contacts.get().pk}/")
    hand.click(page.get_by_role("link", name="Enrol"))
    hand.click(page.get_by_role("button", name="Enrol"))
    said(page, "finds the course in the portal")
    assert Enrolment.objects.exists()


def pass_a_referral(page: Page, hand: Hand, fabrikam: Partner) -> None:
    page.goto("/referrals/")
    hand.click(page.get_by_role("link", name="Pass one on"))
    page.get_by_label("What it is about").fill("Two sites")
    page.get_by_label("Customer*").fill("Wingtip")
    hand.click(page.get_by_role("button", name="Find partners by this rule"))
    hand.click(page.get_by_role("button", name="Offer it"))
    said(page, "It is offered")
    assert Referral.objects.exists()


def decide_a_registration(page: Page, hand: Hand) -> None:
    page.goto("/to-decide/")
    hand.click(page.get_by_role("button", name=re.compile("^Yes.*Roll-out|^Yes.*Fabrikam")).first)
    said(page, "Who asked is told.")
