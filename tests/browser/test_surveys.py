"""Answering a survey in a browser: what it sends along with a form is the browser's, not ours."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, expect

from partners.models import Contact, Partner
from prm import clock
from reviews.models import Answer, Invitation, Survey
from reviews.surveying import addresses, surveys
from reviews.surveying.surveys import Outline
from team.models import User
from tests.reviews.conftest import living


@pytest.fixture
def invitation(northwind: Partner, nora: Contact, alice: User) -> Invitation:
    living(northwind)
    at = clock.now()
    survey = surveys.make(Outline("Spring", Survey.Kind.NPS, "One question."), alice, at)
    surveys.draw(survey, alice, at)
    return Invitation.objects.asked().get(contact=nora)


@pytest.mark.parametrize("script", [True, False])
def test_one_answers_with_and_without_script(
    browser: Browser, base_url: str, invitation: Invitation, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script, base_url=base_url)
    page = context.new_page()
    page.goto(addresses.path(invitation))
    page.get_by_label("9", exact=True).check()
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Thank you. We have your answer.")).to_be_visible()
    context.close()
    assert Answer.objects.get().marks.get().value == 9


@pytest.mark.parametrize("script", [True, False])
def test_one_answers_by_keys_alone(
    browser: Browser, base_url: str, northwind: Partner, nora: Contact, alice: User, script: bool
) -> None:
    """Every kind of question, by Tab, arrows, Space and Enter; nothing is pressed with a mouse."""
    living(northwind)
    own = [("How was it?", "five"), ("Would you again?", "ten"), ("What was late…", "words")]
    at = clock.now()
    survey = surveys.make(Outline("Spring", Survey.Kind.OWN, own=own), alice, at)
    surveys.draw(survey, alice, at)
    context = browser.new_context(java_script_enabled=script, base_url=base_url)
    page = context.new_page()
    page.goto(addresses.path(Invitation.objects.asked().get(contact=nora)))
    press, focused = page.keyboard.press, page.locator(":focus")

    def tab_to(target: Locator) -> None:
        for _ in range(20):
            press("Tab")
            if target.evaluate("each => each === document.activeElement"):
                return
        raise AssertionError(f"{target} is not reached by Tab")

    five, ten = (page.get_by_role("group", name=name) for name in ("How was it?", "Would you again?"))
    tab_to(five.get_by_label("1", exact=True))
    for _ in range(2):
        press("ArrowRight")
    expect(five.get_by_label("3", exact=True)).to_be_checked()
    press("Tab")
    expect(focused).to_have_attribute("name", ten.get_by_role("radio").first.get_attribute("name") or "")
    press("Space")
    press("ArrowLeft")  # round to the other end
    expect(ten.get_by_label("10", exact=True)).to_be_checked()
    press("Tab")
    page.keyboard.type("Two quotes")
    expect(page.get_by_label("What was late…")).to_have_value("Two quotes")
    press("Tab")
    page.keyboard.type("Please call.")
    press("Tab")
    expect(focused).to_have_text("Answer")
    press("Enter")
    expect(page.get_by_text("Thank you. We have your answer.")).to_be_visible()
    context.close()
    answer = Answer.objects.get()
    assert [str(mark) for mark in answer.marks.all()] == ["3", "10", "Two quotes"]
    assert answer.comment == "Please call."
