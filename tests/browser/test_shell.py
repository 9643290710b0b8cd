"""The shell in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from team.models import User
from tests.browser import gallery


@pytest.fixture(autouse=True)
def _gallery(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.browser.gallery"
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], Path(__file__).parent / "templates"]}]
    gallery.sent.clear()


def test_signing_in(visitor: Page, alice: User, accessible: Callable[[Page], None]) -> None:
    visitor.goto("/accounts/login/")
    accessible(visitor)
    visitor.get_by_label("Email").fill("alice@acme.example")
    visitor.get_by_label("Password").fill("wrong")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_text("do not go together")).to_be_visible()
    expect(visitor.get_by_label("Email")).to_have_value("alice@acme.example")
    visitor.goto("/accounts/login/?next=/gallery/")
    visitor.get_by_label("Email").fill("alice@acme.example")
    visitor.get_by_label("Password").fill("a long enough phrase")
    visitor.get_by_label("Password").press("Control+Enter")
    expect(visitor.get_by_role("heading", name="Every piece")).to_be_visible()


def test_every_piece_is_accessible(page: Page, accessible: Callable[[Page], None]) -> None:
    page.goto("/gallery/")
    accessible(page)
    assert page.complaints == []  # type: ignore[attr-defined]


def test_an_htmx_post_carries_the_token_and_says_what_it_did(page: Page) -> None:
    page.goto("/gallery/")
    page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(field => field.remove())")
    page.get_by_label("Words").fill("hello")
    with page.expect_response("**/gallery/say/") as answered:
        page.get_by_label("Words").press("Control+Enter")
    assert answered.value.status == 200
    assert answered.value.request.headers["x-csrftoken"]
    expect(page.locator("#sent")).to_contain_text("hello")
    expect(page.get_by_role("status")).to_contain_text("Said.")
    assert gallery.sent == ["hello"]
    page.locator("h1").click()
    page.keyboard.press("z")
    expect(page.get_by_role("status")).to_contain_text("Taken back.")
    assert gallery.sent == []


def test_a_refusal_is_swapped_in_and_what_was_typed_stays(page: Page) -> None:
    page.goto("/gallery/")
    page.locator("#say").evaluate("form => form.setAttribute('hx-target', 'this')")
    page.get_by_label("Words").fill("x" * 40)
    page.get_by_label("Words").evaluate(
        "field => { field.removeAttribute('maxlength'); field.value += 'yz' }"
    )
    with page.expect_response("**/gallery/say/") as answered:
        page.get_by_role("button", name="Send").click()
    assert answered.value.status == 422
    expect(page.locator(".invalid-feedback")).to_contain_text("at most 40")
    expect(page.get_by_label("Words")).to_have_value("x" * 40 + "yz")


def test_a_double_press_sends_once(page: Page) -> None:
    page.goto("/gallery/")
    page.get_by_label("Words").fill("once")
    page.get_by_role("button", name="Send").dblclick()
    expect(page.locator("#sent")).to_contain_text("once")
    page.wait_for_load_state("networkidle")
    assert gallery.sent == ["once"]
    again = "new MouseEvent('click', {bubbles: true, cancelable: true, detail: 2})"
    page.get_by_role("button", name="Send").evaluate(f"button => button.dispatchEvent({again})")
    page.wait_for_load_state("networkidle")
    assert gallery.sent == ["once"]
    page.get_by_label("Words").fill("again")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#sent")).to_contain_text("again")


def test_a_refused_press_is_said_in_the_refusals_words(page: Page) -> None:
    page.goto("/gallery/")
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("status")).to_have_text("Ask whoever looks after Northwind.")


def test_a_session_that_ended_leads_to_sign_in(page: Page) -> None:
    page.goto("/gallery/")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Refuse").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_a_fragment_opens_in_a_dialog_and_closes_when_done(
    page: Page, accessible: Callable[[Page], None]
) -> None:
    page.goto("/gallery/")
    page.locator("#say").evaluate("form => form.remove()")
    page.keyboard.press("o")
    dialog = page.get_by_role("dialog", name="Say it")
    expect(dialog.get_by_label("Words")).to_be_focused()
    accessible(page)
    dialog.get_by_label("Words").fill("in a dialog")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#sent")).to_contain_text("in a dialog")


def test_keys_walk_the_rows_and_press_in_the_one_selected(page: Page) -> None:
    page.goto("/gallery/")
    page.evaluate("addEventListener('click', e => { window.pressed = e.target.dataset.of })")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("r")
    assert page.evaluate("window.pressed") == "Meridian Systems"
    page.keyboard.press("k")
    page.keyboard.press("r")
    assert page.evaluate("window.pressed") == "Hallgren & Co"


def test_keys_are_letters_while_one_types(page: Page) -> None:
    page.goto("/gallery/")
    page.get_by_label("Words").press_sequentially("jklr?")
    expect(page.get_by_label("Words")).to_have_value("jklr?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_keys_can_be_listed_and_switched_off(page: Page, alice: User) -> None:
    page.goto("/gallery/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    User.objects.filter(pk=alice.pk).update(shortcuts=False)
    page.goto("/gallery/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_system_theme_is_followed_from_the_first_paint_on(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/gallery/")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_without_script_everything_is_links_and_forms(
    browser: Browser,
    browser_context_args: dict[str, Any],
    alice: User,
    live_server: Any,
    context: BrowserContext,
    sign_in: Callable[[User], None],
) -> None:
    sign_in(alice)
    bare = browser.new_context(
        **{**browser_context_args, "java_script_enabled": False, "base_url": live_server.url}
    )
    bare.add_cookies(context.cookies())
    page = bare.new_page()
    page.goto("/gallery/")
    page.get_by_label("Words").fill("plain")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#sent")).to_contain_text("plain")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back.")
    assert gallery.sent == []
    bare.close()


def test_the_theme_changes_at_once_and_is_kept(page: Page, alice: User) -> None:
    page.goto("/gallery/")
    page.get_by_label("Words").fill("half a sentence")
    page.get_by_role("button", name="Colour theme").click()
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_label("Words")).to_have_value("half a sentence")
    alice.refresh_from_db()
    assert alice.theme == "dark"
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_phone_has_everything_behind_more(page: Page, alice: User) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/gallery/")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
