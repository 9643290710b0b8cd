"""Undo of what was just sent: beside the answer for ten seconds, then gone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from conversations import messages
from conversations.models import Conversation, Message
from partners.models import Contact, Partner
from prm import clock


@pytest.fixture
def asked(northwind: Partner, nora: Contact) -> Conversation:
    message = messages.receive(northwind, "email", "When?", at=clock.now(), contact=nora, subject="Dates")
    return message.conversation


def test_one_press_brings_the_words_back(page: Page, asked: Conversation) -> None:
    page.goto("/")
    page.get_by_role("link", name="Reply to Northwind").click()
    page.get_by_label("Reply to Northwind").fill("By May.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nobody waits for you", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back. Your words are here as a draft.")).to_be_visible()
    expect(page.get_by_role("textbox", name=re.compile("^Reply"))).to_have_value("By May.")
    assert not Message.objects.filter(direction="out").exists()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_the_button_stays_for_its_time_and_no_longer(page: Page, asked: Conversation) -> None:
    page.clock.install()
    page.goto(asked.get_absolute_url())
    page.get_by_label("Reply to Northwind").fill("By May.")
    page.get_by_role("button", name="Record my reply").click()
    undo = page.locator("#said").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    page.clock.run_for(9_000)
    expect(undo).to_be_visible()
    page.clock.run_for(2_000)
    expect(undo).to_have_count(0)
