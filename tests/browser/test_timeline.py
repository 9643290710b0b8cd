"""The timeline of a partner: what is shown of it stands in the address, and the focus goes along."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from conversations import messages
from conversations.messages import Happening
from partners.models import Partner
from prm import clock
from team.models import User


def test_a_tab_stands_in_the_address_and_back_leads_back(page: Page, northwind: Partner) -> None:
    page.goto(northwind.get_absolute_url())
    page.get_by_role("link", name="Road and fit").press("Enter")
    expect(page.get_by_role("link", name="Road and fit")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("link", name="Road and fit")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?show=road$"))
    page.reload()
    expect(page.get_by_role("link", name="Road and fit")).to_have_attribute("aria-current", "true")
    page.go_back()
    timeline = page.locator("#timeline")
    expect(timeline.get_by_role("link", name="All", exact=True)).to_have_attribute("aria-current", "true")


def test_older_goes_on_at_its_first_entry_and_there_is_a_way_back(
    page: Page, northwind: Partner, alice: User
) -> None:
    for n in range(30):
        at = clock.now() - timedelta(days=n)
        messages.log(northwind, Happening("note", f"note {n:02d}."), by=alice, at=at)
    page.goto(northwind.get_absolute_url())
    page.get_by_role("link", name="Older").press("Enter")
    expect(page.get_by_text("note 15.")).to_be_visible()
    expect(page.locator("#timeline h3").first).to_be_focused()
    expect(page).to_have_url(re.compile("before="))
    page.get_by_role("link", name="Newest").click()
    expect(page.get_by_text("note 00.")).to_be_visible()
    expect(page.get_by_role("link", name="Newest")).to_have_count(0)
