"""What is typed is never lost: the browser crashes, the network is gone, the session ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, Route, expect

from conversations import messages
from conversations.models import Conversation, Draft, Message
from partners.models import Contact, Partner
from prm import clock
from team.models import User
from tests.browser.conftest import watched

KEPT = "**/draft/**"
HELD = "Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length"


@pytest.fixture
def asked(northwind: Partner, nora: Contact) -> Conversation:
    message = messages.receive(northwind, "email", "When?", at=clock.now(), contact=nora, subject="Dates")
    return message.conversation


def reply(page: Page) -> Any:
    return page.get_by_role("textbox", name=re.compile("^Reply"))


def test_closing_the_page_mid_typing_loses_nothing(
    page: Page, context: BrowserContext, asked: Conversation
) -> None:
    page.goto(asked.get_absolute_url())
    with page.expect_response(KEPT):
        reply(page).press_sequentially("We can do it by May.")
    expect(page.get_by_text("Draft of")).to_be_visible()
    reply(page).press_sequentially(" And June.")
    page.close()  # before the pause is over
    again = watched(context.new_page())
    again.goto(asked.get_absolute_url())
    expect(reply(again)).to_have_value("We can do it by May. And June.")
    expect(again.get_by_text("Draft of")).to_be_visible()
    expect(again.get_by_role("button", name="Keep as draft")).to_have_count(0)
    assert again.complaints == []  # type: ignore[attr-defined]


def test_what_is_typed_before_the_script_is_there_stands_once(page: Page, asked: Conversation) -> None:
    held_up: list[Route] = []
    page.route("**/writing.js", lambda route: held_up.append(route))
    page.goto(asked.get_absolute_url())
    reply(page).fill("By May.")
    expect(reply(page)).to_be_focused()
    with page.expect_response(KEPT):
        held_up[0].continue_()
    expect(page.get_by_text("Draft of")).to_be_visible()
    expect(reply(page)).to_have_value("By May.")
    assert page.evaluate(HELD) == 0


def test_what_is_typed_without_a_network_is_kept_when_it_is_back(page: Page, asked: Conversation) -> None:
    page.goto(asked.get_absolute_url())
    with page.expect_response(KEPT):
        reply(page).press_sequentially("By May.")
    page.context.set_offline(True)
    reply(page).press_sequentially(" Or June.")
    expect(page.get_by_text("Kept in this browser only, until the connection is back.")).to_be_visible()
    with page.expect_response(KEPT):
        page.context.set_offline(False)
    expect(page.get_by_text("Kept in this browser only")).to_have_count(0)
    assert Draft.objects.get().initial["body"] == "By May. Or June."
    assert page.evaluate(HELD) == 0


def test_what_is_typed_without_a_network_outlives_the_page(
    page: Page, context: BrowserContext, asked: Conversation
) -> None:
    page.goto(asked.get_absolute_url())
    reply(page).focus()
    page.wait_for_function("document.getElementById('writing')")
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    reply(page).press_sequentially("By May.")
    expect(page.get_by_text("Kept in this browser only")).to_be_visible()
    page.close()
    context.set_offline(False)
    again = watched(context.new_page())
    again.goto(asked.get_absolute_url())
    expect(reply(again)).to_have_value("By May.")
    expect(again.get_by_text("Draft of")).to_be_visible()
    assert Draft.objects.get().initial["body"] == "By May."
    assert again.evaluate(HELD) == 0


@pytest.mark.parametrize("where", ["thread", "today"])
def test_a_press_after_the_session_ended_brings_the_words_back_after_signing_in(
    page: Page, asked: Conversation, alice: User, where: str
) -> None:
    page.goto(asked.get_absolute_url() if where == "thread" else "/")
    if where == "today":
        page.get_by_role("link", name="Reply to Northwind").click()
    with page.expect_response(KEPT):
        reply(page).press_sequentially("By May.")
    Session.objects.all().delete()
    with page.expect_response(KEPT):  # refused, and held in the browser
        reply(page).press_sequentially(" Or June.")
    page.get_by_role("button", name="Record my reply").click()
    page.get_by_label("Email").fill(alice.email)
    page.get_by_label("Password").fill("a long enough phrase")
    page.get_by_role("button", name="Sign in").click()
    expect(reply(page)).to_have_value("By May. Or June.")
    assert not Message.objects.filter(direction="out").exists()
    page.get_by_role("button", name="Record my reply").click()
    expect(page.get_by_text("Northwind has its answer.")).to_be_visible()
    expect(reply(page)).to_have_value("")  # the thread's own form, empty again
    assert Message.objects.get(direction="out").body == "By May. Or June."
    assert page.evaluate(HELD) == 0
    assert not Draft.objects.exists()


def test_signing_out_leaves_nothing_in_the_browser(page: Page, asked: Conversation) -> None:
    page.goto(asked.get_absolute_url())
    with page.expect_response(KEPT):
        reply(page).press_sequentially("By May.")
    page.evaluate("localStorage.setItem('draft:0:/elsewhere/', 'body=Secret')")
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate(HELD) == 0


def test_another_person_in_the_same_browser_sees_nothing_of_it(
    page: Page,
    context: BrowserContext,
    asked: Conversation,
    bob: User,
    sign_in: Callable[[User], None],
) -> None:
    page.goto(asked.get_absolute_url())
    reply(page).focus()
    page.wait_for_function("document.getElementById('writing')")
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    reply(page).press_sequentially("By May.")
    Session.objects.all().delete()
    with page.expect_response(KEPT):  # refused, and held in the browser
        context.set_offline(False)
    sign_in(bob)
    page.goto(asked.get_absolute_url())
    page.wait_for_load_state("networkidle")
    expect(reply(page)).to_have_value("")
    assert not Draft.objects.filter(writer=bob).exists()


def test_a_log_from_anywhere_is_there_again(page: Page, northwind: Partner) -> None:
    page.goto("/partners/")
    page.keyboard.press("l")
    with page.expect_response(lambda answer: "talked." in (answer.request.post_data or "")):
        page.get_by_label("What happened?").press_sequentially("We talked.")
    page.goto("/partners/")
    page.keyboard.press("l")
    expect(page.get_by_label("What happened?")).to_have_value("We talked.")
    page.get_by_role("button", name="Throw away").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("What happened?")).to_have_value("We talked.")


# What the page does once a dialog has opened: from then on the focus is the person's own.
TYPED_AT_ONCE = """() => new Promise((done) => {
  const ends = [];
  const end = (name) => ends.push(name) === 2 && done(document.activeElement.id);
  addEventListener("htmx:afterSwap", () => setTimeout(() => {
    document.getElementById("log-body").focus();
    end("typed");
  }), { once: true });
  addEventListener("htmx:afterSettle", () => end("opened"), { once: true });
  document.querySelector("[data-key=l]").click();
})"""


def test_who_types_at_once_in_a_dialog_stays_where_they_type(page: Page, northwind: Partner) -> None:
    page.goto("/partners/")
    assert page.evaluate(TYPED_AT_ONCE) == "log-body"


def test_words_go_with_the_tab_when_it_is_changed_at_once(page: Page, northwind: Partner) -> None:
    page.goto(northwind.get_absolute_url())
    words = page.locator("#composer textarea[name=body]")
    with page.expect_response(KEPT):
        words.press_sequentially("We talked.")
    words.press_sequentially(" And more.")
    page.get_by_role("link", name="Call", exact=True).click()  # before the pause is over
    expect(page.get_by_role("button", name="Save call")).to_be_visible()
    expect(words).to_have_value("We talked. And more.")
    expect(page.get_by_role("link", name="Call", exact=True)).to_be_focused()
    page.get_by_role("button", name="Save call").click()
    expect(page.get_by_text("Call logged with Northwind.")).to_be_visible()
    expect(words).to_have_value("")
    assert Message.objects.get().body == "We talked. And more."
    assert not Draft.objects.exists()
    assert page.evaluate(HELD) == 0


def test_what_a_line_filled_in_is_kept_as_if_it_were_typed(page: Page, northwind: Partner) -> None:
    page.goto(northwind.get_absolute_url())
    page.keyboard.press("l")
    with page.expect_response(KEPT):
        page.get_by_label("In one line").fill("call Northwind tier worry")
        page.keyboard.press("Enter")
    page.goto(northwind.get_absolute_url())
    expect(page.locator("#composer textarea[name=body]")).to_have_value(re.compile("tier worry"))
