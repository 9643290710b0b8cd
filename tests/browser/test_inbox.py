"""The keys of the inbox: J and K walk, Enter opens, R replies, E is done, S starts a clock, Z takes back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from conversations import messages
from conversations.models import Conversation, Wait
from partners import organisations
from prm import clock
from team.models import User


@pytest.fixture
def talks(alice: User) -> list[Conversation]:
    """Three, the newest first; the one in the middle is answered."""
    at = clock.now() - timedelta(hours=1)
    made = []
    for n, name in enumerate(("Ash", "Birch", "Cedar")):
        partner = organisations.add(name, by=alice, at=at, owner=alice)
        asked = messages.receive(
            partner, "email", "When?", at - n * timedelta(minutes=9), subject=f"Of {name}"
        )
        made.append(asked.conversation)
    messages.reply(made[1], "On Monday.", by=alice, at=at - timedelta(minutes=5))
    return made


def test_walk_and_open(page: Page, talks: list[Conversation]) -> None:
    page.goto("/inbox/")
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator("[data-row].sel")).to_contain_text("Birch")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/conversations/{talks[1].pk}/\?in=mine$"))


def test_reply_to_the_selected_one(page: Page, talks: list[Conversation]) -> None:
    page.goto("/inbox/")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile(rf"/conversations/{talks[0].pk}/\?in=mine&reply=1$"))
    expect(page.get_by_label("Reply to Ash")).to_be_focused()


def test_done_and_taken_back(page: Page, talks: list[Conversation]) -> None:
    page.goto("/inbox/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.get_by_role("status").filter(has_text="“Of Birch” is done.")).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.wait_for_load_state()
    page.keyboard.press("z")
    expect(page.locator("[data-row]")).to_have_count(3)
    expect(page).to_have_url(re.compile(r"/inbox/\?view=mine$"))


def test_one_key_starts_the_clock_of_a_copy(page: Page, alice: User) -> None:
    at = clock.now() - timedelta(hours=2)
    partner = organisations.add("Ash", by=alice, at=at, owner=alice)
    messages.receive(partner, "email", "For all.", at, subject="FYI", is_copy=True)
    page.goto("/inbox/?view=copied")
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.get_by_text("Nothing to look through")).to_be_visible()
    assert Wait.objects.get().opened_at == at
