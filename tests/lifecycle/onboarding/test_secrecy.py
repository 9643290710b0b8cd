"""What looks like a secret is refused with the field's name; words about secrets pass."""

from __future__ import annotations

import pytest
from django.utils import translation

from lifecycle.onboarding.integrating import secrecy

# put together here, so that no scanner takes the table for a leak
AWS, GITHUB, SLACK = "AKIA" + "IOSFODNN7EXAMPLE", "ghp_" + "a1B2" * 9, "xoxb" + "-12345678901-abcdef"
JWT = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NSJ9" + ".c2lnbmF0dXJl"
STRIPE, GITLAB = "sk_live" + "_4eC39HqLyjWDarjtT1", "glpat-" + "x" * 20

SECRET = [
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "a private key"),
    ("-----BEGIN PRIVATE KEY-----", "a private key"),
    ("https://ops:hunter2@sandbox.example/api", "a password in an address"),
    ("postgres://app:s3cret@db.example:5432/x", "a password in an address"),
    ("https://abc123@sandbox.example/", "a name or key in an address"),
    ("https://api.example/v1?token=abc", "a password or token in an address"),
    ("https://api.example/v1?a=1&access_token=9f8e", "a password or token in an address"),
    ("https://api.example/v1?client_secret=q1", "a password or token in an address"),
    ("https://api.example/v1?key=AbCdEf123456", "a key in an address"),
    ("https://blob.example/f?sv=2026&sig=aB%2Fcdefgh", "a key in an address"),
    (f"Use {AWS} for the bucket", "a key of a cloud"),
    (f"clone with {GITHUB}", "a token of a code host"),
    (GITLAB, "a token of a code host"),
    (f"the bot has {SLACK}", "a token of a chat"),
    (f"pays with {STRIPE}", "a key for payments"),
    (JWT, "a signed token"),
    ("Authorization: Bearer 9a8b7c6d5e4f3a2b1c", "credentials"),
    ("password: hunter2", "a password"),
    ("Password = Tr0ub4dor&3", "a password"),
    ("user ops, pwd:summer2026!", "a password"),
    ("Passwort: Sommer", "a password"),
    ("login ops\npassword: swordfish\nport 22", "a password"),
    ("The password is hunter2.", "a password"),
    ("Das Kennwort lautet Sommer26", "a password"),
    ("api_key: 9f8e7d6c5b4a", "a key or token"),
    ("Client secret = Zx9Yw8Vu7Ts6", "a key or token"),
]

PLAIN = [
    "",
    "The password is rotated every 90 days.",
    "Password: see the vault of Northwind.",
    "Password: required",
    "Passwords: 12 characters at least, kept in your safe",
    "They lost the password and ask for a new one.",
    "The token is OAuth2 based and lasts 24 hours.",
    "Token: 24h, renewed by the client",
    "API key: sent by Nora over the safe line on 3 June",
    "API key: x-api-key header",
    "We use basic authentication behind the gateway.",
    "bearer tokens are refused with 401",
    "https://sandbox.example:8443/api/v2",
    "https://docs.example/auth?page=2&sort_key=name",
    "https://docs.example/?token={token}",
    "https://social.example/@northwind",
    "git@github.com:northwind/connector.git",
    "Mail nora@northwind.example",
    "-----BEGIN PUBLIC KEY-----",
    "Commit 3f2a9c1d4e5b6a7f8091a2b3c4d5e6f708192a3b breaks the import",
    "Secret management is theirs; ours is in the safe.",
    "Region eu-central-1, version 2.4.1",
]


@pytest.mark.parametrize(("text", "what"), SECRET)
def test_what_looks_like_a_secret(text: str, what: str) -> None:
    assert secrecy.found(text) == what


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_prose_passes(text: str) -> None:
    assert secrecy.found(text) == ""


def test_the_refusal_names_the_field_and_the_way_out() -> None:
    with translation.override("en"), pytest.raises(secrecy.SecretRefused) as refusal:
        secrecy.keep_out(name="Sandbox", address="https://ops:hunter2@sandbox.example/")
    assert str(refusal.value).startswith("Address: this looks like a password in an address.")
    assert "where your company keeps its secrets" in str(refusal.value)


def test_long_text_is_read_at_once() -> None:
    assert secrecy.found("password " * 20_000 + "a" * 100_000 + "?" * 50_000) == ""
