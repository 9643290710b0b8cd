"""The shell in a real browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from team.models import User

PAGE = "/accounts/password/change/"


def test_signing_in(visitor: Page, alice: User, accessible: Callable[[Page], None]) -> None:
    visitor.goto("/accounts/login/")
    accessible(visitor)
    visitor.get_by_label("Email").fill("alice@acme.example")
    visitor.get_by_label("Password").fill("wrong")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_text("not correct")).to_be_visible()
    expect(visitor.get_by_label("Email")).to_have_value("alice@acme.example")
    accessible(visitor)


def test_the_shell_is_accessible(page: Page, accessible: Callable[[Page], None]) -> None:
    page.goto(PAGE)
    accessible(page)
    assert page.complaints == []  # type: ignore[attr-defined]
