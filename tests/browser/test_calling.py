"""A press on a number opens the app and leaves a log in the page, by keyboard and on a phone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from conversations.models import Message
from partners.models import Contact

PHONE = {"width": 390, "height": 844}


def test_one_press_opens_the_app_and_leaves_a_log_that_another_throws_away(page: Page, nora: Contact) -> None:
    page.context.route("https://teams.microsoft.com/**", lambda route: route.fulfill(body="Teams"))
    page.set_viewport_size(PHONE)
    page.goto(f"/contacts/{nora.pk}/")
    link = page.get_by_role("link", name="Chat in Teams")
    link.focus()
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")
    assert "users=Nora%40northwind.co.uk" in opened.value.url
    page.bring_to_front()
    log = page.get_by_role("region", name="Log what happened with Northwind")
    expect(log.get_by_label("What happened?")).to_be_focused()
    expect(log.get_by_label("With")).to_have_value(str(nora.pk))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    log.get_by_role("link", name="Throw it away").click()
    expect(log).to_have_count(0)
    expect(link).to_be_focused()
    assert not Message.objects.exists()

    with page.expect_popup():
        page.keyboard.press("Enter")
    page.bring_to_front()
    page.get_by_label("What happened?").fill("Asked for the price list")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Chat logged with Northwind.")).to_be_visible()
    said = Message.objects.get()
    assert (said.channel, said.contact) == ("chat", nora)
