"""The editor of the profile: a slider beside each weight, and what the weights add to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from partners import fits, profiles, ratings
from partners.models import Partner, Profile
from partners.scoring import Thresholds
from team.models import User
from tests.conftest import MONDAY
from tests.partners.test_fits import publish
from tests.partners.test_profile_pages import SKILL, draft_of


@pytest.fixture
def draft(ravi: User) -> Profile:
    return draft_of(ravi, replace(SKILL, weight=60), replace(SKILL, key="size", name="Size", weight=40))


@pytest.fixture
def editor(page: Page, ravi: User, sign_in: Callable[[User], None], draft: Profile) -> Page:
    sign_in(ravi)
    page.goto(reverse("partners:profile_edit", args=[draft.pk]))
    return page


def weight(page: Page, name: str) -> tuple[Locator, Locator]:
    """The slider and the number of a criterion."""
    group = page.get_by_role("group", name=name)
    return group.get_by_role("slider", name="Weight"), group.get_by_role("spinbutton", name="Weight")


def test_slider_and_number_follow_each_other(
    editor: Page, draft: Profile, accessible: Callable[[Page], None]
) -> None:
    slider, number = weight(editor, "Skill")
    expect(slider).to_have_value("60")
    expect(editor.get_by_text("weights add to 100")).to_be_visible()
    slider.press("ArrowRight")
    expect(number).to_have_value("61")
    expect(editor.get_by_text("weights add to 101; shares are worked out from it")).to_be_visible()
    number.fill("250")
    expect(slider).to_have_value("250")
    slider.press("ArrowLeft")
    expect(number).to_have_value("249")
    slider.press("End")
    expect(number).to_have_value("250")
    expect(editor.get_by_text("86 % of all weight")).to_be_visible()
    number.fill("10")
    expect(slider).to_have_value("10")
    expect(editor.get_by_text("20 % of all weight")).to_be_visible()
    accessible(editor)
    slider.press("Home")
    expect(number).to_have_value("1")
    editor.get_by_role("button", name="Save draft").click()
    expect(editor.get_by_text("is saved")).to_be_visible()
    assert draft.criteria.get(key="skill").weight == 1
    assert editor.complaints == []  # type: ignore[attr-defined]


def test_a_weight_beyond_a_hundred_is_saved_and_shown_by_its_slider(editor: Page, draft: Profile) -> None:
    slider, number = weight(editor, "Skill")
    number.fill("300")
    editor.get_by_role("button", name="Save draft").click()
    expect(editor.get_by_text("is saved")).to_be_visible()
    slider, number = weight(editor, "Skill")
    expect(slider).to_have_value("300")
    expect(slider).to_have_attribute("max", "300")
    expect(weight(editor, "Size")[0]).to_have_attribute("max", "100")
    slider.press("Home")
    expect(number).to_have_value("1")
    slider.press("End")
    expect(number).to_have_value("300")


def test_who_was_overtaken_sees_both_and_chooses(
    editor: Page, draft: Profile, ravi: User, accessible: Callable[[Page], None]
) -> None:
    profiles.edit(draft, [replace(SKILL, weight=90)], Thresholds(), "We learnt", by=ravi, at=MONDAY)
    _slider, number = weight(editor, "Skill")
    number.fill("10")
    editor.get_by_role("button", name="Save draft").click()
    expect(editor.get_by_role("alert")).to_contain_text("Skill: weight 60 → 90")
    expect(number).to_have_value("10")
    expect(editor.get_by_text("nothing saved yet")).to_be_visible()  # the effect is of what is typed
    accessible(editor)
    with editor.expect_popup() as beside:
        editor.get_by_role("link", name="See it as it stands").click()
    expect(beside.value.get_by_role("cell", name="90", exact=True)).to_be_visible()
    editor.get_by_role("button", name="Save mine in its place").click()
    expect(editor.get_by_text("is saved")).to_be_visible()
    assert {each.key: each.weight for each in draft.criteria.all()} == {"skill": 10, "size": 40}


def test_back_draws_the_effect_of_what_was_typed(editor: Page) -> None:
    _slider, number = weight(editor, "Skill")
    expect(editor.get_by_role("heading", name="What v1 would change")).to_be_visible()
    editor.wait_for_load_state("networkidle")
    expect(editor.get_by_text("nothing saved yet")).to_have_count(0)
    number.fill("10")
    expect(editor.get_by_text("20 % of all weight")).to_be_visible()
    editor.get_by_role("link", name="Compare").click()
    expect(editor.get_by_role("heading", name="The only version")).to_be_visible()
    editor.go_back()
    expect(number).to_have_value("10")
    expect(editor.get_by_text("20 % of all weight")).to_be_visible()
    expect(editor.get_by_text("nothing saved yet")).to_be_visible()


def test_the_effect_of_what_is_typed_is_said_to_who_cannot_see_it(
    page: Page, ravi: User, northwind: Partner, sign_in: Callable[[User], None]
) -> None:
    publish(ravi, SKILL, replace(SKILL, key="size", name="Size"))
    for key, value in {"skill": 5, "size": 1}.items():
        ratings.rate(northwind, key, value, "", by=ravi, at=MONDAY)
    fits.refresh(northwind, MONDAY)
    draft = profiles.start_draft(None, by=ravi, at=MONDAY)
    sign_in(ravi)
    page.goto(reverse("partners:profile_edit", args=[draft.pk]))
    expect(page.get_by_role("heading", name="What v2 would change")).to_be_visible()
    said = page.get_by_role("complementary").get_by_role("status")
    expect(said).to_be_empty()
    place = said.element_handle()
    _slider, number = weight(page, "Skill")
    number.fill("1000")
    expect(said).to_have_text("Move up: 1. Move down: 0. Stay: 0. Nothing is saved yet.")
    number.fill("-1")
    expect(said).to_have_text("What is written cannot be read yet.")
    assert place.evaluate("place => place.isConnected")  # one that is put anew is not read out


def test_without_script_there_is_the_number_alone(browser: Browser, base_url: str, editor: Page) -> None:
    plain = browser.new_context(java_script_enabled=False, base_url=base_url)
    plain.add_cookies(editor.context.cookies())  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto(editor.url)
    slider, number = weight(page, "Skill")
    expect(number).to_have_value("60")
    expect(slider).to_have_count(0)
    expect(page.get_by_text("weights add to 100")).to_be_visible()
    page.get_by_role("link", name="see what it would change").click()
    expect(page.get_by_role("heading", name="What v1 would change")).to_be_visible()
    plain.close()
