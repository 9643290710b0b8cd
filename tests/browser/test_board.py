"""The board in a real browser: keys, menu, drag, Undo, a refusal, and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lifecycle import transitions
from partners.models import Event, Partner, Step
from prm import clock
from team.models import User
from tests.lifecycle.conftest import give_fit, onboarded, prospect

BOARD = "/partners/board/"


@pytest.fixture
def kestrel(alice: User) -> Partner:
    partner = prospect("Kestrel Data", alice, at=clock.now(), step=Step.CONTACTED)
    give_fit(partner)
    prospect("Pelican Apps", alice, at=clock.now(), step=Step.QUALIFIED)
    onboarded("Contoso", alice, at=clock.now())
    return partner


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name=name)


def focused_on(page: Page, name: str) -> None:
    expect(page.get_by_role("link", name=name)).to_be_focused()


def step_of(partner: Partner) -> str:
    return Partner.objects.get(pk=partner.pk).step


def test_shift_and_an_arrow_move_and_z_takes_back(page: Page, kestrel: Partner) -> None:
    page.goto(BOARD)
    page.get_by_role("link", name="Kestrel Data").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("status")).to_contain_text("Kestrel Data moved to Qualified.")
    expect(column(page, "Qualified")).to_contain_text("Kestrel Data")
    expect(page.get_by_role("heading", name="Qualified")).to_contain_text("2")
    focused_on(page, "Kestrel Data")
    assert step_of(kestrel) == Step.QUALIFIED
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("status")).to_contain_text("moved to Negotiating")
    page.keyboard.press("z")
    expect(column(page, "Qualified")).to_contain_text("Kestrel Data")
    focused_on(page, "Kestrel Data")
    assert step_of(kestrel) == Step.QUALIFIED
    assert Event.objects.filter(partner=kestrel, kind__in=["moved", "taken_back"]).count() == 3
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_refused_move_says_why_and_returns(page: Page, kestrel: Partner) -> None:
    page.goto(BOARD)
    page.get_by_role("button", name="Move Kestrel Data").click()
    page.get_by_role("button", name="Onboarding", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Still missing: Agreement is signed.")
    expect(page.get_by_role("link", name="Override with a reason")).to_have_count(0)
    expect(column(page, "Contacted")).to_contain_text("Kestrel Data")
    expect(page.get_by_role("heading", name="Onboarding")).to_contain_text("1")


def test_the_menu_moves_and_offers_the_places_from_there(page: Page, kestrel: Partner) -> None:
    page.goto(BOARD)
    for place in ("Negotiating", "Contacted"):
        page.get_by_role("button", name="Move Kestrel Data").click()
        page.locator(":popover-open").get_by_role("button", name=place).click()
        expect(page.get_by_role("status")).to_contain_text(f"moved to {place}")
    assert step_of(kestrel) == Step.CONTACTED


def test_dragging(page: Page, kestrel: Partner) -> None:
    page.goto(BOARD)
    page.mouse.move(20, 20)
    page.mouse.move(40, 40)  # a pointer that comes
    expect(page.locator(".bd")).to_have_attribute("data-draggable", "")
    page.locator(f"#card-{kestrel.pk}").drag_to(column(page, "Identified"))
    expect(page.get_by_role("status")).to_contain_text("Kestrel Data moved to Identified.")
    assert step_of(kestrel) == Step.IDENTIFIED


def test_a_card_moved_elsewhere_meanwhile_returns(page: Page, kestrel: Partner, alice: User) -> None:
    page.goto(BOARD)
    transitions.advance(kestrel, to=Step.NEGOTIATING, by=alice, at=clock.now())
    page.get_by_role("link", name="Kestrel Data").focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_role("status")).to_contain_text("it stands in Negotiating now")
    expect(column(page, "Contacted")).to_contain_text("Kestrel Data")


def test_a_head_is_shown_the_way_to_override(
    page: Page, kestrel: Partner, erin: User, sign_in: Callable[[User], None]
) -> None:
    sign_in(erin)
    page.goto(BOARD)
    page.get_by_role("button", name="Move Kestrel Data").click()
    page.get_by_role("button", name="Onboarding", exact=True).click()
    page.get_by_role("link", name="Override with a reason").click()
    page.get_by_label("Override the gate to Onboarding: why?").fill("Signed on paper")
    page.get_by_role("button", name="Override and move").click()
    page.wait_for_url(f"**/partners/{kestrel.pk}/")
    assert Partner.objects.get(pk=kestrel.pk).stage == "onboarding"


def test_the_menu_is_walked_by_keys_and_gives_the_focus_back(page: Page, kestrel: Partner) -> None:
    page.goto(BOARD)
    opener = page.get_by_role("button", name="Move Kestrel Data")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator(":popover-open")).to_contain_text("Move Kestrel Data")
    expect(page.get_by_role("button", name="Identified", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(":popover-open")).to_have_count(0)
    expect(opener).to_be_focused()


def test_without_script_the_card_leads_to_its_road_and_back(
    browser: Browser, base_url: str, page: Page, kestrel: Partner
) -> None:
    plain = browser.new_context(java_script_enabled=False, base_url=base_url)
    plain.add_cookies(page.context.cookies())
    screen = plain.new_page()
    screen.goto(f"{BOARD}?owner=me")
    screen.get_by_role("button", name="Move Kestrel Data").click()
    expect(screen.get_by_role("heading", name="The road of Kestrel Data")).to_be_visible()
    screen.get_by_role("button", name="More moves").click()
    screen.get_by_role("button", name="Negotiating", exact=True).click()
    expect(screen.get_by_role("list", name="Negotiating")).to_contain_text("Kestrel Data")
    assert screen.url.endswith(f"{BOARD}?owner=me")
    plain.close()
    assert step_of(kestrel) == Step.NEGOTIATING


def test_it_is_accessible(page: Page, kestrel: Partner, accessible: Callable[[Page], None]) -> None:
    page.goto(BOARD)
    accessible(page)
    for address in ("road", "park", "decline", "evidence/add", "tasks/add"):
        page.goto(f"/partners/{kestrel.pk}/{address}/")
        accessible(page)
    assert page.complaints == []  # type: ignore[attr-defined]
