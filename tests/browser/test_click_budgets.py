"""How many presses a task takes. A press is a click or a command key (a letter that acts, Enter, a
key with Ctrl); typing, and Tab from field to field, are free."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from conversations import commitments, messages
from conversations.commitments import Promise
from conversations.models import Commitment, Message, Wait
from partners import lists, organisations, profiles
from partners.models import Contact, Partner, Step
from prm import clock, jobs
from team.models import User


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


def test_advance_a_stage(page: Page, hand: Hand, candidate: Partner) -> None:
    page.goto("/partners/")
    hand.click(page.get_by_role("link", name="Kestrel Data"))
    expect(page.get_by_role("heading", name="Kestrel Data", level=1)).to_be_visible()
    hand.command("a")
    said(page, "Kestrel Data moved to Qualified.")
    assert hand.presses <= 2


def test_keep_a_promise(page: Page, hand: Hand, northwind: Partner, alice: User) -> None:
    at = clock.now()
    commitments.make(northwind, Promise("Send the pack", at.date()), by=alice, at=at)
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
