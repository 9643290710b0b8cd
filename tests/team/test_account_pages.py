"""Signing in and setting a new password, as a person meets it."""

from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from team.models import User

PHRASE = "a long enough phrase"


@pytest.fixture(autouse=True)
def _fresh_limits(db: None) -> None:
    cache.clear()


def sign_in(client: Client, password: str, **more: str) -> HttpResponse:
    response: HttpResponse = client.post(
        "/accounts/login/", {"login": "alice@acme.example", "password": password, **more}
    )
    return response


def test_the_right_phrase_leads_to_where_one_wanted_to_go(client: Client, alice: User) -> None:
    response = sign_in(client, PHRASE, next="/accounts/password/change/")
    assert response["Location"] == "/accounts/password/change/"
    assert b"Successfully" not in client.get("/accounts/password/change/").content


def test_too_many_tries_from_one_place_get_their_own_page(client: Client, alice: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    for _ in range(3):
        response = sign_in(client, "wrong")
    assert response.status_code == 429
    assert "Wait a few minutes" in response.content.decode()


@pytest.mark.parametrize("page", ["signup/", "email/", "reauthenticate/", "confirm-email/", "password/set/"])
def test_pages_we_do_not_have_are_not_there(client: Client, alice: User, page: str) -> None:
    assert client.get(f"/accounts/{page}").status_code == 404
    client.force_login(alice)
    assert client.get(f"/accounts/{page}").status_code == 404


def test_signing_out_asks_first_when_it_is_a_link(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "Stay" in client.get("/accounts/logout/").content.decode()
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_changing_the_password_by_hand(client: Client, alice: User) -> None:
    client.force_login(alice)
    fields = {"oldpassword": PHRASE, "password1": "another long phrase", "password2": "another long phrase"}
    response = client.post("/accounts/password/change/", {**fields, "oldpassword": "wrong"})
    assert "Please type your current password." in response.content.decode()
    assert client.post("/accounts/password/change/", fields).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("another long phrase")
