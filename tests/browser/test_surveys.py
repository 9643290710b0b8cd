"""Answering a survey in a browser: what it sends along with a form is the browser's, not ours."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

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
