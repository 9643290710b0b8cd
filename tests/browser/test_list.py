"""The list of partners in a real browser: its bar and its filters open on a press, and without script."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from lifecycle.models import Task
from partners import organisations
from partners.models import Partner
from prm import clock
from team.models import Company, User

LIST = "/partners/"


@pytest.fixture
def kestrel(alice: User, bob: User) -> Partner:
    organisations.add("Pelican Apps", by=alice, at=clock.now(), owner=bob)
    return organisations.add("Kestrel Data", by=alice, at=clock.now(), owner=alice)


@pytest.fixture
def plain(browser: Browser, base_url: str, page: Page) -> Iterator[Page]:
    """Alice's browser without script."""
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    context.add_cookies(page.context.cookies())
    yield context.new_page()
    context.close()


def test_the_bar_fetches_the_people_at_the_first_tick(page: Page, kestrel: Partner, bob: User) -> None:
    page.goto(LIST)
    expect(page.get_by_label("Give to")).to_have_count(0)
    page.get_by_role("checkbox", name="Tick Kestrel Data").check()
    page.get_by_label("Give to").select_option(label="Bob")
    page.get_by_role("button", name="The ticked ones · 1").click()
    expect(page.get_by_role("status").filter(has_text="1 partner went to Bob.")).to_be_visible()
    assert Partner.objects.get(pk=kestrel.pk).owner == bob
    assert page.complaints == []  # type: ignore[attr-defined]


def test_without_script_a_page_asks_whom_to_give_to(plain: Page, kestrel: Partner, bob: User) -> None:
    plain.goto(f"{LIST}?q=kestrel")
    plain.get_by_role("checkbox", name="Tick Kestrel Data").check()
    plain.get_by_role("button", name="The ticked ones").click()
    plain.get_by_label("Give to").select_option(label="Bob")
    plain.get_by_role("button", name="Give them away").click()
    expect(plain.get_by_text("1 partner went to Bob.")).to_be_visible()
    assert plain.url.endswith(f"{LIST}?q=kestrel")
    assert Partner.objects.get(pk=kestrel.pk).owner == bob


def test_filters_open_on_a_press_and_narrow_the_list_at_once(page: Page, kestrel: Partner, bob: User) -> None:
    page.goto(f"{LIST}?status=prospect")
    expect(page.get_by_role("checkbox", name="Me", exact=True)).to_have_count(0)
    page.get_by_label("Name, domain, contact or e-mail").fill("a")
    page.wait_for_url("**/partners/?q=a&status=prospect")
    page.get_by_role("link", name="Filters").click()
    expect(page.get_by_role("checkbox", name="Prospect")).to_be_checked()
    expect(page.locator("summary", has_text="Filters")).to_be_focused()
    page.get_by_role("checkbox", name="Me", exact=True).check()
    page.wait_for_url("**/partners/?q=a&status=prospect&owner=me")
    expect(page.get_by_role("link", name="Pelican Apps")).to_have_count(0)
    expect(page.get_by_role("link", name="Without Owner: Me")).to_be_visible()
    page.get_by_role("checkbox", name="Prospect").uncheck()
    page.wait_for_url("**/partners/?q=a&owner=me")
    page.locator("summary", has_text="Filters").click()
    expect(page.get_by_role("checkbox", name="Me", exact=True)).to_be_hidden()
    page.go_back()
    page.wait_for_url("**/partners/?q=a&status=prospect&owner=me")
    expect(page.get_by_role("link", name="Kestrel Data")).to_be_visible()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_without_script_the_filters_are_a_page(plain: Page, kestrel: Partner) -> None:
    plain.goto(f"{LIST}?q=a&sort=-name")
    plain.get_by_role("link", name="Filters").click()
    expect(plain.get_by_label("Name, domain, contact or e-mail")).to_have_value("a")
    plain.get_by_role("checkbox", name="Me", exact=True).check()
    plain.get_by_role("button", name="Apply").click()
    expect(plain.get_by_role("link", name="Kestrel Data")).to_be_visible()
    expect(plain.get_by_role("link", name="Pelican Apps")).to_have_count(0)
    assert plain.url.endswith("/partners/?sort=-name&q=a&owner=me&came_from=&came_until=")


@pytest.fixture
def many(company: Company) -> list[User]:
    """Sixty more colleagues."""
    return User.objects.bulk_create(
        User(email=f"berg{n}@acme.example", name=f"Ada Berg {n:03}", password="!") for n in range(60)
    )


def test_an_owner_among_many_is_called_by_keyboard(
    page: Page, kestrel: Partner, bob: User, many: list[User]
) -> None:
    page.goto(LIST)
    page.get_by_role("link", name="Filters").press("Enter")
    owner = page.get_by_role("combobox", name="Owner: name or e-mail of a colleague")
    expect(page.get_by_role("checkbox", name="Ada Berg")).to_have_count(0)
    owner.focus()
    page.keyboard.type("bo")
    expect(page.locator("#owner-colleagues option")).to_have_count(1)
    page.keyboard.type("b")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/partners/?q=&owner={bob.pk}&owner=")
    expect(page.get_by_role("link", name="Pelican Apps")).to_be_visible()
    expect(page.get_by_role("link", name="Kestrel Data")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="Bob")).to_be_checked()
    expect(owner).to_be_focused()
    expect(owner).to_have_value("")
    page.keyboard.type("Nobody so")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Owner: no colleague is called “Nobody so”.")
    expect(owner).to_have_value("Nobody so")
    owner.fill("ada berg 00")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("10 colleagues are called like “ada berg 00”")
    owner.fill("Alice")
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="Alice")).to_be_checked()
    expect(page.get_by_role("link", name="Kestrel Data")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert page.complaints == []  # type: ignore[attr-defined]


def test_without_script_an_owner_among_many_is_called_too(
    plain: Page, kestrel: Partner, alice: User, many: list[User]
) -> None:
    plain.goto(f"{LIST}narrow/")
    plain.get_by_label("Owner: name or e-mail of a colleague").fill("ada berg 05")
    plain.get_by_role("button", name="Apply").click()
    expect(plain.get_by_role("alert")).to_contain_text("11 colleagues are called like “ada berg 05”")
    plain.get_by_role("link", name="Filters").click()
    owner = plain.get_by_label("Owner: name or e-mail of a colleague")
    expect(owner).to_have_value("ada berg 05")
    owner.fill("alice")
    plain.get_by_role("button", name="Apply").click()
    expect(plain.get_by_role("link", name="Without Owner: Alice")).to_be_visible()
    expect(plain.get_by_role("link", name="Pelican Apps")).to_have_count(0)
    plain.goto("/plans/")
    plain.get_by_label("Owner: name or e-mail of a colleague").fill("ALICE@acme.example")
    plain.get_by_role("button", name="Search").click()
    assert plain.url.endswith(f"/plans/?q=&template=&owner={alice.pk}")
    expect(plain.get_by_label("Owner", exact=True)).to_have_value(str(alice.pk))


def test_of_many_the_one_partners_are_given_to_is_called_by_keyboard(
    page: Page, kestrel: Partner, alice: User, many: list[User], accessible: Callable[[Page], None]
) -> None:
    erika = User.objects.create(email="lund@acme.example", name="Erika Lund")
    User.objects.create(email="erika@acme.example", name="Érika Nordmann")
    page.goto(LIST)
    page.get_by_role("checkbox", name="Tick Kestrel Data").check()
    to = page.get_by_label("Give to")
    to.focus()
    page.keyboard.type("erika")
    expect(page.locator("#to-colleagues option")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Which colleague is “erika”?")).to_be_visible()
    expect(to).to_have_value("erika")
    accessible(page)
    page.get_by_role("radio", name="Erika Lund").check()
    page.get_by_role("button", name="Give them away").click()
    expect(page.get_by_role("status").filter(has_text="1 partner went to Erika Lund.")).to_be_visible()
    assert Partner.objects.get(pk=kestrel.pk).owner == erika


def test_of_many_several_are_called_one_after_another(page: Page, kestrel: Partner, many: list[User]) -> None:
    User.objects.create(email="erika@acme.example", name="Érika Nordmann")
    page.goto(f"/partners/{kestrel.pk}/kick-off/plan/")
    asked = page.get_by_label("Name or e-mail, with commas between several")
    asked.focus()
    page.keyboard.type("ada berg 007")
    expect(page.locator("datalist option")).to_have_text(["Ada Berg 007"])
    page.keyboard.type(", erika")
    expect(page.locator("datalist option")).to_have_text(["Érika Nordmann"])
    expect(page.locator("datalist option")).to_have_attribute("value", "ada berg 007, erika@acme.example")
    assert page.complaints == []  # type: ignore[attr-defined]


def test_without_script_a_task_goes_to_one_of_many(plain: Page, kestrel: Partner, many: list[User]) -> None:
    plain.goto(f"/partners/{kestrel.pk}/tasks/add/")
    plain.get_by_label("Task").fill("Send the pack")
    plain.get_by_label("Owner").fill("ada berg 05")
    plain.get_by_role("button", name="Add task").click()
    expect(plain.get_by_text("11 colleagues are called like “ada berg 05”")).to_be_visible()
    expect(plain.get_by_label("Task")).to_have_value("Send the pack")
    plain.get_by_label("Owner").fill("ada berg 059")
    plain.get_by_role("button", name="Add task").click()
    expect(plain.get_by_role("heading", name="Kestrel Data")).to_be_visible()
    assert str(Task.objects.get().owner) == "Ada Berg 059"
