"""The shell around every page."""

import re
from pathlib import Path

import pytest
from django.test import Client

from team.models import User

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
