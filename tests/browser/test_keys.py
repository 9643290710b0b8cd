"""The keys of Today: J and K walk, R answers the row selected, Ctrl+Enter sends, L logs, Z takes back;
where one types, or with the keys switched off, they are letters."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from conversations import messages
from conversations.models import Message
from partners import organisations
from partners.models import Partner, Step
from prm import clock
from team.models import User


@pytest.fixture
def waiting(alice: User) -> list[Partner]:
    at = clock.now()
    partners = [organisations.add(name, by=alice, at=at, owner=alice) for name in ("Ash", "Birch", "Cedar")]
    for partner in partners:
        messages.receive(partner, "email", "When?", at=clock.now(), subject=f"From {partner}")
    return partners


def test_walk_answer_and_send(page: Page, waiting: list[Partner]) -> None:
    page.goto("/")
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
    page.keyboard.press("r")
    reply = page.get_by_label("Reply to Birch")
    expect(reply).to_be_focused()
    page.keyboard.type("jkrlaz? On Monday.")
    expect(reply).to_have_value("jkrlaz? On Monday.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    with page.expect_response("**/answer/"):
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("link", name="Reply to Birch")).to_have_count(0)
    expect(page.get_by_role("link", name="Reply to Ash")).to_be_visible()
    assert Message.objects.get(direction="out").partner == waiting[1]


def test_keys_pressed_before_the_scripts_are_there_are_taken_up(page: Page, waiting: list[Partner]) -> None:
    held: list[Route] = []
    page.route("**/dist/app.js", lambda route: held.append(route))
    page.goto("/", wait_until="commit")
    page.locator("[data-row]").first.wait_for()
    for key in ("j", "j", "r"):
        page.keyboard.press(key)
    expect(page.get_by_label("Reply to Birch")).to_have_count(0)
    held[0].continue_()
    expect(page.get_by_label("Reply to Birch")).to_be_focused()


def test_advance_and_take_back(page: Page, alice: User) -> None:
    partner = organisations.add("Kestrel", by=alice, at=clock.now(), owner=alice, step=Step.CONTACTED)
    page.goto(partner.get_absolute_url())
    page.keyboard.press("a")
    expect(page.get_by_role("status").filter(has_text="moved to Qualified")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="Advance to Qualified")).to_be_visible()
    assert Partner.objects.get(pk=partner.pk).step == Step.CONTACTED


def test_switched_off_they_do_nothing(page: Page, alice: User, waiting: list[Partner]) -> None:
    User.objects.filter(pk=alice.pk).update(shortcuts=False)
    page.goto("/")
    for key in ("l", "j", "r"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Reply to Ash")).to_have_count(0)
    expect(page.locator("[data-row].sel")).to_have_count(0)


def test_z_takes_back_what_was_just_logged(page: Page, waiting: list[Partner]) -> None:
    page.goto(waiting[0].get_absolute_url())
    page.locator("#composer textarea[name=body]").fill("We talked.")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("Note logged with Ash.")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("withdrawn: Undone")).to_be_visible()
    assert Message.objects.get(channel="note").withdrawn_at is not None
