"""The shell around every page."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from team.models import Notice, User
from tests.conftest import MONDAY

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
PAGE = "/accounts/password/change/"  # the plainest page inside the shell


@pytest.mark.parametrize(("theme", "drawn"), [("light", "light"), ("dark", "dark"), ("system", "light")])
def test_the_theme_is_in_the_page_before_any_script_runs(
    client: Client, alice: User, theme: str, drawn: str
) -> None:
    User.objects.filter(pk=alice.pk).update(theme=theme)
    client.force_login(alice)
    page = client.get(PAGE).content.decode()
    assert f'data-choice="{theme}" data-bs-theme="{drawn}"' in page


def test_single_keys_can_be_switched_off(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert 'data-shortcuts="off"' not in client.get(PAGE).content.decode()
    User.objects.filter(pk=alice.pk).update(shortcuts=False)
    assert 'data-shortcuts="off"' in client.get(PAGE).content.decode()


def test_the_shell_says_who_is_signed_in_and_signs_out(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = client.get(PAGE).content.decode()
    assert "Alice" in page
    assert "Full lifecycle" in page
    response = client.post("/accounts/logout/")
    assert response["Location"] == "/accounts/login/"
    assert client.get(PAGE).status_code == 302


INLINE = re.compile(r"""<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*["']|javascript:""", re.I)


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda p: str(p.relative_to(TEMPLATES))
)
def test_no_template_has_inline_script_or_style(path: Path) -> None:
    assert INLINE.findall(path.read_text()) == []


def test_the_policy_forbids_inline_script_and_style(client: Client, company: object) -> None:
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_place_is_absent_for_whoever_cannot_use_it(client: Client, alice: User, ravi: User) -> None:
    client.force_login(alice)
    assert 'href="/settings/"' not in client.get(PAGE).content.decode()
    client.force_login(ravi)
    page = client.get("/settings/").content.decode()
    assert re.search(r'href="/settings/"[^>]*aria-current="page"', page)


def test_the_bell_tells_how_many_notices_are_new(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert 'aria-label="Notices"' in client.get(PAGE).content.decode()
    for number in range(3):
        Notice.objects.create(
            person=alice,
            kind="late",
            cause_kind="wait",
            cause_id=number,
            due_at=MONDAY,
            created_at=MONDAY,
            text="x",
        )
    assert 'aria-label="Notices, 3 new"' in client.get(PAGE).content.decode()


def test_the_shell_asks_two_questions_however_much_there_is(
    client: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(alice)
    client.get(PAGE)  # the first page of a process also looks whether we are set up
    with django_assert_num_queries(2):  # session; person with its roles, company and unread notices
        client.get(PAGE)
