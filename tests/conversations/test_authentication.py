"""What our own mail server says of a sender (DMARC), and what nobody but it may say."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from conversations import incoming, messages
from conversations.mail import reading
from conversations.models import Message, RawMail
from partners.models import Contact
from prm import clock
from team.models import Notice, User
from tests.conversations.letters import raw

OURS = "mx.acme.example"
FAILED = f"{OURS}; dkim=none; dmarc=fail (p=reject; dis=none) header.from=northwind.co.uk"


def result(header: str, **more: str) -> str:
    return reading.read(raw(Authentication_Results=header, **more)).dmarc


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (FAILED, "fail"),
        (f"{OURS}; dmarc=pass header.from=northwind.co.uk", "pass"),
        ("MX.Acme.Example 1; spf=fail; DMARC = fail", "fail"),
        (f"{OURS}; spf=fail smtp.mailfrom=x", ""),
        (f"{OURS} (dmarc=fail); none", ""),
        ("mx.elsewhere.example; dmarc=fail", ""),
        (f"evil{OURS}; dmarc=fail", ""),
        (f"{OURS}; x-dmarc=fail", ""),
        ("", ""),
        ("(" * 4000 + ";", ""),
    ],
)
def test_only_what_our_server_says_counts(settings: Any, header: str, said: str) -> None:
    settings.AUTHSERV_ID = OURS
    assert result(header) == said


def test_only_the_topmost_header_is_looked_at(settings: Any) -> None:
    settings.AUTHSERV_ID = OURS
    mail = raw()
    forged = f"Authentication-Results: {OURS}; dmarc=pass\n".encode()
    ours = f"Authentication-Results: {FAILED}\n".encode()
    assert reading.read(ours + forged + mail).dmarc == "fail"


def test_without_the_servers_name_nothing_is_believed(settings: Any) -> None:
    settings.AUTHSERV_ID = ""
    assert result(FAILED) == ""


def test_a_mail_that_fails_goes_to_unknown_senders_and_says_why(
    settings: Any, client: Client, nora: Contact, alice: User
) -> None:
    settings.AUTHSERV_ID = OURS
    at = clock.now()
    asked = messages.receive(nora.partner, "email", "When?", at, contact=nora, external_id="<q@x>")
    forged = raw(
        "nora@northwind.co.uk", id="<f@x>", at=at, In_Reply_To="<q@x>", Authentication_Results=FAILED
    )
    assert incoming.accept(forged, at).message is None
    held = RawMail.objects.unknown().get()
    assert (held.claims, "DMARC" in held.doubt) == (asked.conversation, True)
    assert Message.objects.filter(conversation=asked.conversation).count() == 1
    assert "may be forged" in Notice.objects.get(kind="unknown_sender", person=alice).text
    client.force_login(alice)
    assert "sender not confirmed" in client.get("/mail/unknown/").text
    assert "DMARC" in client.get(held.get_absolute_url()).text


def test_a_mail_that_passes_comes_in_as_ever(settings: Any, nora: Contact) -> None:
    settings.AUTHSERV_ID = OURS
    mail = raw("nora@northwind.co.uk", Authentication_Results=f"{OURS}; dmarc=pass", at=clock.now())
    assert incoming.accept(mail, clock.now()).message is not None
