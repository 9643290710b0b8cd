"""A template is chosen with the keyboard, and goes on with what was typed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from conversations import messages, reply_templates
from conversations.models import Conversation, Draft, Message
from partners.models import Contact, Partner
from prm import clock
from team.models import User


@pytest.fixture
def asked(northwind: Partner, nora: Contact) -> Conversation:
    message = messages.receive(northwind, "email", "When?", at=clock.now(), contact=nora, subject="Dates")
    return message.conversation


def test_a_template_is_found_and_chosen_by_keys_and_its_first_mark_is_ready_to_be_typed(
    page: Page, asked: Conversation, alice: User
) -> None:
    reply_templates.seed()
    page.goto(asked.get_absolute_url())
    words = page.get_by_role("textbox", name=re.compile("^Reply"))
    words.fill("Typed before.")
    page.get_by_role("button", name="Use a template").press("Enter")
    look_for = page.get_by_label("Words of a template")
    expect(look_for).to_be_focused()
    look_for.press_sequentially("hard farewell")
    expect(page.get_by_role("button", name="Use Hard: a no")).to_have_count(0)
    look_for.press("Enter")
    page.get_by_role("button", name="Use Hard: a farewell").press("Enter")
    expect(words).to_have_value(re.compile("^Typed before.\n\nHello Nora,.*⟦by when⟧", re.DOTALL))
    expect(words).to_be_focused()
    with page.expect_response(lambda answer: "in+May" in (answer.request.post_data or "")):
        page.keyboard.insert_text("All ends in May")
    expect(words).to_have_value(re.compile("comes to its end: All ends in May.\n"))
    expect(look_for).to_have_count(0)
    assert not Message.objects.filter(direction="out").exists()
    assert "All ends in May" in Draft.objects.get().initial["body"]
