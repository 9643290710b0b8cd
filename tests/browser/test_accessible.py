"""Every page in a real browser: axe in both themes and at both widths, no complaint of the console
(the content policy among them), no sideways scroll at 320 px. The addresses are the table's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from conversations import private_threads
from partners.models import Contact
from prm import clock, standstill
from prm.models import Heartbeat
from team.models import User
from tests.partners.test_fits import SIZE, SKILL, publish
from tests.scene import Scene
from tests.test_permissions import IN, TABLE

NO_PAGES = {  # files, and pieces that a page fetches
    "partners:csv",
    "partners:import_rejected",
    "lifecycle:deals_import_rejected",
    "lifecycle:results_import_rejected",
    "reviews:feed",
    "lifecycle:evidence_file",
    "lifecycle:task_file",
    "portal:task_file",
    "lifecycle:lesson_file",
    "portal:lesson_file",
    "lifecycle:agreement_file",
    "lifecycle:agreement_signed_file",
    "lifecycle:sign_file",
    "lifecycle:deals_csv",
    "lifecycle:announcement_csv",
    "lifecycle:announcement_file",
    "portal:announcement_file",
    "team:rates_csv",
    "partners:wanted_csv",
    "partners:profile_movers",
    "dashboards:coverage_csv",
    "reviews:survey_file",
    "reviews:pdf",
    "conversations:original",
    "conversations:attachment",
    "conversations:unknown_original",
    "dashboards:due_preview",
    "dashboards:insights_csv",
    "dashboards:coverage_card",
    "dashboards:behind_csv",
    "conversations:writing_now",
    "team:colleagues",
}
PARTS = 4


def pages(person: str) -> dict[str, tuple[str, ...]]:
    """The pages this person can open, with what their addresses hold."""
    return {
        name: address.of
        for name, address in TABLE.items()
        if address.method == "get" and address.expect[person] == IN and not is_for_programs(name)
    }


def is_for_programs(name: str) -> bool:
    """Whether it answers with a file, a piece of a page or JSON."""
    return name in NO_PAGES or ":api_" in name or name in {"api_index", "api_schema"}


def faults(page: Page, accessible: Callable[[Page], None]) -> list[str]:
    """What is wrong with the page that is open."""
    found: list[str] = []
    try:
        accessible(page)
    except AssertionError as error:
        found += str(error).splitlines()
    found += page.complaints  # type: ignore[attr-defined]
    page.complaints.clear()  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page(
    part: int, page: Page, scene: Scene, sign_in: Callable[[User], None], accessible: Callable[[Page], None]
) -> None:
    wrong = {}
    by_ravi, by_alice = pages("ravi"), pages("alice")
    withheld = {name: of for name, of in by_alice.items() if name not in by_ravi}
    for person, opened in {"ravi": by_ravi, "alice": withheld}.items():
        sign_in(scene.people[person])
        for name, of in sorted(opened.items())[part::PARTS]:
            page.goto(reverse(name, args=[scene.of(thing) for thing in of]))
            if found := faults(page, accessible):
                wrong[name] = found
    assert not wrong, "\n".join(f"{name}: {fault}" for name, faults in wrong.items() for fault in faults)


def test_what_opens_on_a_press(page: Page, scene: Scene, accessible: Callable[[Page], None]) -> None:
    wrong = {}

    def look(name: str) -> None:
        if found := faults(page, accessible):
            wrong[name] = found

    page.goto("/")
    page.get_by_role("link", name="Reply to Northwind").first.click()
    page.get_by_label("Reply to Northwind").wait_for()
    look("the open reply")
    page.get_by_role("button", name="Use a template").click()
    page.get_by_label("Words of a template").wait_for()
    look("the templates to choose from")
    page.keyboard.press("Escape")
    page.goto("/settings/me/")
    page.keyboard.press("l")
    page.get_by_label("In one line").wait_for()
    look("the open log")
    page.goto(f"/partners/{scene.of('partner')}/")
    page.keyboard.press("l")
    page.get_by_role("dialog").get_by_label("What happened?").wait_for()
    look("the open log of a partner")
    page.get_by_role("dialog").get_by_label("What happened?").press_sequentially("I'll call by Friday.")
    page.get_by_role("dialog").get_by_role("button", name="Promise: Call by").wait_for()
    look("a promise that is offered")
    page.goto("/log/?line=call+northwind+20m+tier+worry,+promise+prep+pack+fri")
    look("the log filled in from a line")
    page.goto("/log/?line=call+nobody+20m")
    look("a line that names no partner")
    thread = scene.things["conversation"]
    private_threads.make_private(thread, by=scene.people["alice"], at=clock.now())
    page.goto(thread.get_absolute_url())
    page.get_by_text("Private since").wait_for()
    look("a private conversation")
    page.goto(f"/partners/{scene.of('partner')}/chat/")
    page.get_by_label("The chat").fill("[01.06.26, 09:00] Nora: When?\n[01.06.26, 09:10] Alice: On Friday")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Change").first.click()
    page.get_by_label("Words, of line 1").wait_for()
    look("a line of a chat that is changed")
    page.goto("/partners/board/")
    page.get_by_role("button", name="Move Northwind").click()
    look("the open menu of a card")
    page.goto("/partners/add/")
    page.get_by_role("main").locator("form").evaluate(
        "form => { form.noValidate = true; form.requestSubmit() }"
    )
    page.locator(".invalid-feedback, [role=alert]").first.wait_for()
    page.complaints.clear()  # type: ignore[attr-defined]
    look("a form with faults")
    assert not wrong, "\n".join(f"{name}: {fault}" for name, faults in wrong.items() for fault in faults)


def test_what_warns(
    page: Page,
    scene: Scene,
    sign_in: Callable[[User], None],
    accessible: Callable[[Page], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hour_ago = clock.now() - timedelta(hours=1)
    monkeypatch.setattr(standstill, "_started_at", hour_ago)
    Heartbeat.objects.filter(name="sweep").update(ended_at=hour_ago)
    sign_in(scene.people["ravi"])
    page.goto("/partners/")
    page.get_by_text("Reminders and mail stand still since").wait_for()
    wrong = {"workers that stand still": faults(page, accessible)}
    page.goto(f"/partners/{scene.of('partner')}/contacts/add/")
    page.get_by_label("Name*").fill("Nils")
    page.get_by_label("E-mail").fill(Contact.objects.current().exclude(email="").latest("pk").email)
    page.get_by_role("button", name="Add contact").click()
    page.get_by_text("Somebody has this address already.").wait_for()
    page.complaints.clear()  # type: ignore[attr-defined]
    wrong["a known address"] = faults(page, accessible)
    assert not any(wrong.values()), wrong


def test_two_versions_of_a_profile_side_by_side(
    page: Page, ravi: User, sign_in: Callable[[User], None], accessible: Callable[[Page], None]
) -> None:
    wide = replace(SKILL, name="Openness and follow-through over years", must_have=True)
    publish(ravi, wide)
    second = publish(ravi, SIZE, wide)
    sign_in(ravi)
    page.goto(reverse("partners:profile_compare", args=[second.pk]))
    page.get_by_text("must-have").first.wait_for()
    assert faults(page, accessible) == []


def test_signed_out(visitor: Page, scene: Scene, accessible: Callable[[Page], None]) -> None:
    wrong = {}
    for name, of in sorted(pages("nobody").items()):
        visitor.goto(reverse(name, args=[scene.of(thing) for thing in of]))
        if found := faults(visitor, accessible):
            wrong[name] = found
    assert not wrong, "\n".join(f"{name}: {fault}" for name, faults in wrong.items() for fault in faults)
