"""Promises caught while one types: offered after a pause, added by a press, saved by the form's own."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from conversations import messages
from conversations.models import Commitment, Conversation
from partners.models import Contact, Partner
from prm import clock


@pytest.fixture
def asked(northwind: Partner, nora: Contact) -> Conversation:
    message = messages.receive(northwind, "email", "When?", at=clock.now(), contact=nora, subject="Dates")
    return message.conversation


def test_one_press_fills_the_promise_and_another_saves_it(page: Page, asked: Conversation) -> None:
    page.goto("/")
    page.get_by_role("link", name="Reply to Northwind").click()
    reply = page.get_by_label("Reply to Northwind")
    expect(reply).to_be_focused()
    page.keyboard.type("I'll send the pack by tomorrow.")
    offer = page.get_by_role("button", name=re.compile("^Promise: Send the pack by .* —.Add$"))
    expect(offer).to_be_visible()
    expect(reply).to_be_focused()
    assert not Commitment.objects.exists()
    page.keyboard.press("Tab")
    expect(offer).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Promise", exact=True)).to_have_value("Send the pack")
    expect(page.get_by_label("Promise", exact=True)).to_be_focused()
    expect(offer).to_have_count(0)
    assert not Commitment.objects.exists()
    reply.press("End")
    with page.expect_response("**/promises/caught/"):
        page.keyboard.type(" Thanks!")
    expect(offer).to_have_count(0)  # it stands in the form already
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nobody waits for you", exact=True)).to_be_visible()
    promise = Commitment.objects.get()
    assert (promise.text, promise.side) == ("Send the pack", "ours")
    assert promise.promised_for - clock.now().date() in {timedelta(days=1), timedelta(days=2)}


def test_several_are_added_one_press_each(page: Page, asked: Conversation) -> None:
    page.goto(asked.get_absolute_url())
    reply = page.get_by_label("Reply to Northwind")
    reply.fill("I'll send the pack by tomorrow. I will check the margins by Friday.")
    sends = page.get_by_role("button", name=re.compile("^Promise: Send the pack"))
    expect(sends).to_have_count(1)
    sends.click()
    expect(page.get_by_label("Promise", exact=True)).to_have_value("Send the pack")
    page.get_by_role("button", name=re.compile("^Promise: Check the margins")).click()
    second = page.get_by_role("textbox", name="Promise 2")
    expect(second).to_have_value("Check the margins")
    expect(second).to_be_focused()
    expect(page.locator(".offer")).to_have_count(0)
    page.get_by_label("who of us").nth(1).click()
    expect(page.locator("#colleagues option[value='alice@acme.example']")).to_have_count(1)
    page.get_by_role("button", name="Record my reply").click()
    expect(page.get_by_text("Northwind has its answer.")).to_be_visible()
    assert set(Commitment.objects.values_list("text", flat=True)) == {"Send the pack", "Check the margins"}
    assert page.complaints == []  # type: ignore[attr-defined]


def test_typing_goes_on_when_the_session_has_ended_or_the_network_is_gone(
    page: Page, asked: Conversation
) -> None:
    page.goto(asked.get_absolute_url())
    reply = page.get_by_label("Reply to Northwind")
    reply.fill("I'll send the pack")
    Session.objects.all().delete()
    with page.expect_response("**/accounts/login/**"):
        reply.press_sequentially(" by Friday.")
    expect(reply).to_have_value("I'll send the pack by Friday.")
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        reply.press_sequentially(" Thanks!")
    expect(reply).to_have_value("I'll send the pack by Friday. Thanks!")
    expect(page.locator("#said")).to_be_empty()
