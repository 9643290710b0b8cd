"""API tokens: told once, kept as a digest, revoked; by whom and for whom."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from partners.models import Partner
from prm import clock
from team import people, tokens
from team.models import ApiToken, User
from tests.conftest import MONDAY
from tests.programs import program

LIST = "/api/v1/partners/"


def asked(text: str) -> int:
    return Client(headers={"Authorization": f"Token {text}"}).get(LIST).status_code


def test_the_page_tells_a_new_token_once_and_keeps_only_its_digest(client: Client, alice: User) -> None:
    client.force_login(alice)
    made = client.post(reverse("team:tokens"), {"name": "Our CRM", "scope": "read"})
    (token,) = ApiToken.objects.all()
    text = made.context["text"]
    assert text in made.content.decode()
    assert asked(text) == 200
    assert text not in client.get(reverse("team:tokens")).content.decode()
    assert text not in str(ApiToken.objects.values().get())
    assert token.scope == "read"


def test_sent_twice_the_form_makes_one_token(client: Client, alice: User) -> None:
    client.force_login(alice)
    once = client.get(reverse("team:tokens")).context["form"]["once"].value()
    for _press in range(2):
        client.post(reverse("team:tokens"), {"name": "Our CRM", "scope": "read", "once": once})
    assert ApiToken.objects.count() == 1


def test_a_token_that_may_only_read_changes_nothing(alice: User, northwind: Partner) -> None:
    reader = program(alice, scope="read")
    assert reader.get(LIST).status_code == 200
    refused = reader.post(LIST, {"name": "Fabrikam"}, content_type="application/json")
    assert refused.status_code == 403
    assert "only read" in refused.json()["detail"]
    assert Partner.objects.count() == 1


def test_revoked_over_or_of_somebody_switched_off_it_lets_nobody_in(alice: User, ravi: User) -> None:
    now = clock.now()
    _kept, kept_text = tokens.make(alice, "Kept", now)
    revoked, revoked_text = tokens.make(alice, "Revoked", now)
    over, over_text = tokens.make(alice, "Over", now)
    tokens.revoke(revoked, by=alice, at=now)
    ApiToken.objects.filter(pk=over.pk).update(expires_at=now - timedelta(seconds=1))
    assert [asked(text) for text in (kept_text, revoked_text, over_text, "prm_guess", "")] == [
        200,
        401,
        401,
        401,
        401,
    ]
    people.deactivate(alice, by=ravi)
    assert asked(kept_text) == 401


def test_it_ends_with_its_last_day_where_its_person_is(alice: User) -> None:
    token, _text = tokens.make(alice, "For a while", MONDAY, until=date(2026, 6, 1))
    assert token.expires_at is not None
    assert token.expires_at.isoformat() == "2026-06-02T00:00:00+02:00"
    assert token.last_at is not None
    assert token.last_at.date().isoformat() == "2026-06-01"
    with pytest.raises(tokens.TokenRefused, match="last day has passed"):
        tokens.make(alice, "Late", MONDAY, until=date(2026, 5, 31))


def test_when_it_was_used_last_is_known_to_some_minutes(alice: User) -> None:
    token, text = tokens.make(alice, "Our CRM", clock.now())
    assert asked(text) == 200
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    assert asked(text) == 200
    token.refresh_from_db()
    assert token.last_used_at == first


def test_a_session_of_the_pages_opens_nothing(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get(LIST).status_code == 401


def test_an_admin_sees_and_revokes_everybodys(client: Client, alice: User, bob: User, ravi: User) -> None:
    token, _text = tokens.make(alice, "Our CRM", clock.now())
    revoke = reverse("team:revoke_token", args=[token.pk])
    client.force_login(bob)
    assert client.post(revoke).status_code == 404
    client.force_login(ravi)
    assert "Our CRM" in client.get(reverse("team:all_tokens")).content.decode()
    client.post(revoke)
    token.refresh_from_db()
    assert token.revoked_by == ravi


def test_the_command_prints_the_token_alone(alice: User) -> None:
    said = StringIO()
    call_command("api_token", "Alice@acme.example", stdout=said)
    text = said.getvalue().strip()
    assert text.startswith("prm_")
    assert asked(text) == 200
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("api_token", "who@acme.example")
    with pytest.raises(CommandError, match=r"“31\.12\.2027” is no day\. Write it like 2027-12-31\."):
        call_command("api_token", "Alice@acme.example", "--until", "31.12.2027")
