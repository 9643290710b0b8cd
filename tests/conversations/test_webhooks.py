"""A mail provider posts mails that came in, and what became of ours: signed as it signs, or refused."""

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory

from conversations import incoming, messages, senders
from conversations.mail import reply_address
from conversations.models import Attachment, Message, RawMail, Wait
from conversations.views import webhooks
from partners.models import Contact
from prm import outbox
from prm.models import BouncedAddress, OutboxItem
from team.models import Company, User
from tests.conversations.letters import NOW, raw
from tests.sink import Sink

KEY = "the key that Mailgun signs with"
SECRET = "postmark:a long enough phrase"
MAILGUN, POSTMARK = "/mail/hooks/mailgun/", "/mail/hooks/postmark/"
BASIC = {"HTTP_AUTHORIZATION": f"Basic {b64encode(SECRET.encode()).decode()}"}


@pytest.fixture(autouse=True)
def _open(settings: Any) -> None:
    settings.EMAIL_WEBHOOKS = ["mailgun", "postmark"]
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


@pytest.fixture
def secret(settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


def signed(key: str = KEY) -> dict[str, str]:
    told = {"timestamp": str(int(NOW.timestamp())), "token": "a" * 50}
    mark = hmac.new(key.encode(), "".join(told.values()).encode(), hashlib.sha256).hexdigest()
    return {**told, "signature": mark}


def mailgun(mail: bytes, key: str = KEY, **more: Any) -> HttpResponse:
    data = {"body-mime": mail.decode(), "recipient": "partners@localhost", **signed(key), **more}
    return Client().post(f"{MAILGUN}inbound/", data)  # type: ignore[return-value]


def mailgun_says(event: str, of: str, key: str = KEY, **more: Any) -> HttpResponse:
    told = {
        "event": event,
        "timestamp": NOW.timestamp(),
        "recipient": "nora@northwind.co.uk",
        "message": {"headers": {"message-id": of.strip("<>")}},
        **more,
    }
    return posted(f"{MAILGUN}tracking/", {"signature": signed(key), "event-data": told})


def posted(path: str, data: Any, **headers: str) -> HttpResponse:
    return Client().post(path, json.dumps(data), content_type="application/json", **headers)  # type: ignore[arg-type, return-value]


def postmark(**more: Any) -> dict[str, Any]:
    """A mail as Postmark posts it: in fields."""
    return {
        "FromFull": {"Email": "nora@northwind.co.uk", "Name": "Nora Bérg"},
        "ToFull": [{"Email": "partners@localhost", "Name": ""}],
        "OriginalRecipient": "partners@localhost",
        "Subject": "Margins für Gold",
        "MessageID": "22c74902-a0c1-4511-804f-341342852c90",
        "Date": "Wed, 3 Jun 2026 12:00:00 +0200",
        "TextBody": "What about the margins? Grüße",
        "HtmlBody": "<p>What about the margins? Grüße</p>",
        "Headers": [{"Name": "Message-ID", "Value": "<one@northwind.co.uk>"}],
        "Attachments": [],
        **more,
    }


# --- mails that come in -------------------------------------------------------------------------------


def test_a_raw_mail_that_mailgun_posts_is_taken_in_once(nora: Contact) -> None:
    mail = raw(body="What about the margins? Grüße")
    assert mailgun(mail).status_code == mailgun(mail).status_code == 200
    message = Message.objects.get()
    assert (message.contact, message.external_id) == (nora, "<one@northwind.co.uk>")
    assert message.body == "What about the margins? Grüße"
    assert Wait.objects.get().opened_by == message
    assert senders.content(message.raw) == b"Delivered-To: partners@localhost\n" + mail


def test_a_mail_in_fields_is_built_again_with_its_files(nora: Contact) -> None:
    headers = [
        ["From", "Nora <nora@northwind.co.uk>"],
        ["Subject", "The plan"],
        ["Message-Id", "<plan@x>"],
    ]
    form = {
        "message-headers": json.dumps(headers),
        "body-plain": "Here it is.",
        "attachment-count": "1",
        "attachment-1": SimpleUploadedFile("plan.pdf", b"%PDF-1.7" + b"x" * 3_000_000, "application/pdf"),
    }
    assert Client().post(f"{MAILGUN}inbound/", {**form, **signed()}).status_code == 200
    message = Message.objects.get(external_id="<plan@x>")
    assert (message.subject, message.body.strip()) == ("The plan", "Here it is.")
    assert Attachment.objects.get().size == 3_000_008


def test_a_mail_that_postmark_posts_is_taken_in_once(nora: Contact, secret: None) -> None:
    for _ in range(2):
        assert posted(f"{POSTMARK}inbound/", postmark(), **BASIC).status_code == 200
    message = Message.objects.get()
    assert (message.contact, message.subject) == (nora, "Margins für Gold")
    assert message.body.strip() == "What about the margins? Grüße"
    assert message.occurred_at == NOW
    assert RawMail.objects.get().sender_name == "Nora Bérg"


def test_a_mail_without_an_id_is_known_when_it_is_posted_again(nora: Contact, secret: None) -> None:
    for number in range(2):
        posted(f"{POSTMARK}inbound/", postmark(Headers=[], MessageID=str(number)), **BASIC)
    assert Message.objects.count() == 1


def test_a_large_mail_comes_in_though_pages_take_less(nora: Contact, secret: None, settings: Any) -> None:
    plan = {
        "Name": "plan.pdf",
        "ContentType": "application/pdf",
        "Content": b64encode(b"%PDF-1.7" + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE).decode(),
    }
    assert posted(f"{POSTMARK}inbound/", postmark(Attachments=[plan]), **BASIC).status_code == 200
    assert not Attachment.objects.get().refused


def test_the_same_mail_by_another_way_is_one_message(nora: Contact) -> None:
    incoming.accept(raw(), NOW)
    mailgun(raw())
    assert Message.objects.count() == RawMail.objects.count() == 1


def test_an_answer_finds_its_thread_by_the_address_in_the_envelope(nora: Contact) -> None:
    question = incoming.accept(raw(), NOW).message
    assert question is not None
    answers = reply_address.of(question.conversation_id)
    mailgun(raw(id="<two@x>", subject="Else", To="list@northwind.co.uk"), recipient=answers)
    assert Message.objects.get(external_id="<two@x>").conversation == question.conversation


def test_an_unknown_sender_is_kept_aside(nora: Contact) -> None:
    mailgun(raw("stranger@nowhere.example"))
    assert RawMail.objects.unknown().get().sender == "stranger@nowhere.example"


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "another key"},
        {"signature": ""},
        {"signature": "Grüße"},
        {"token": "Grüße"},
        {"timestamp": "0"},
    ],
)
def test_a_mail_that_mailgun_did_not_sign_is_refused(nora: Contact, changed: dict[str, str]) -> None:
    assert mailgun(raw(), **changed).status_code == 400
    assert not RawMail.objects.exists()


@pytest.mark.parametrize("signature", [None, [], "x", {}, {"token": 1, "timestamp": 2, "signature": 3}])
def test_an_event_that_mailgun_did_not_sign_is_refused(nora: Contact, signature: object) -> None:
    answer = posted(f"{MAILGUN}tracking/", {"signature": signature, "event-data": {"event": "failed"}})
    assert answer.status_code == 400


@pytest.mark.parametrize("authorization", ["", "Basic", "Basic eDp5", "Basic %%%", "Bearer x"])
@pytest.mark.parametrize("kind", ["inbound", "tracking"])
def test_who_does_not_know_the_password_is_refused(
    nora: Contact, secret: None, kind: str, authorization: str
) -> None:
    answer = posted(f"{POSTMARK}{kind}/", postmark(), HTTP_AUTHORIZATION=authorization)
    assert answer.status_code == 400
    assert not RawMail.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff", b'{"RecordType": []}'])
@pytest.mark.parametrize("kind", ["inbound", "tracking"])
def test_what_cannot_be_read_is_refused(secret: None, company: Company, kind: str, body: bytes) -> None:
    answer = Client().post(f"{POSTMARK}{kind}/", body, content_type="application/json", **BASIC)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert not RawMail.objects.exists()


def test_what_is_too_large_is_refused_before_it_is_read(secret: None) -> None:
    request = RequestFactory().post(f"{POSTMARK}inbound/", b"{}", content_type="application/json")
    request.META["CONTENT_LENGTH"] = str(webhooks.LARGEST + 1)
    assert webhooks.postmark_inbound(request).status_code == 413


def test_the_door_is_shut_unless_the_provider_is_named(nora: Contact, settings: Any) -> None:
    settings.EMAIL_WEBHOOKS = ["postmark"]
    assert mailgun(raw()).status_code == 404
    assert not RawMail.objects.exists()


# --- mails of ours that did not arrive ----------------------------------------------------------------


@pytest.fixture
def answered(nora: Contact, alice: User, sink: Sink) -> Message:
    """A reply of ours that went out."""
    question = incoming.accept(raw(), NOW).message
    assert question is not None
    reply = messages.reply(question.conversation, "They stay.", alice, NOW + timedelta(hours=1))
    outbox.deliver(NOW + timedelta(hours=2))
    return reply


def waits() -> list[str]:
    return list(Wait.objects.filter(metric="first").values_list("state", flat=True))


@pytest.mark.parametrize("event", ["failed", "complained", "rejected"])
def test_a_reply_that_did_not_arrive_answers_nobody(answered: Message, event: str) -> None:
    assert waits() == ["met"]
    for _ in range(2):
        assert mailgun_says(event, answered.external_id, severity="permanent").status_code == 200
    answered.refresh_from_db()
    assert answered.bounced_at is not None
    assert waits() == ["open"]
    assert OutboxItem.objects.get(pk=answered.outbox_id).state == "bounced"
    assert BouncedAddress.objects.get().bounces == 1


@pytest.mark.parametrize(
    ("event", "more"), [("delivered", {}), ("opened", {}), ("failed", {"severity": "temporary"})]
)
def test_what_may_still_arrive_changes_nothing(answered: Message, event: str, more: dict[str, str]) -> None:
    assert mailgun_says(event, answered.external_id, **more).status_code == 200
    answered.refresh_from_db()
    assert answered.bounced_at is None


def test_a_bounce_that_nobody_signed_changes_nothing(answered: Message) -> None:
    assert mailgun_says("failed", answered.external_id, key="another").status_code == 400
    answered.refresh_from_db()
    assert answered.bounced_at is None


def test_postmark_names_the_mail_by_what_we_sent_along(answered: Message, sink: Sink, secret: None) -> None:
    sent = sink.mails[0]
    assert (sent["Message-ID"], sent["X-PM-KeepID"]) == (answered.external_id, "true")
    bounce = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 42,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Email": "nora@northwind.co.uk",
        "BouncedAt": "2026-06-03T12:00:00Z",
        "Metadata": {"message-id": sent["X-PM-Metadata-message-id"]},
    }
    assert posted(f"{POSTMARK}tracking/", bounce, **BASIC).status_code == 200
    answered.refresh_from_db()
    assert answered.bounced_at is not None
    assert waits() == ["open"]


def test_other_providers_get_no_header_of_postmark(
    nora: Contact, alice: User, sink: Sink, settings: Any
) -> None:
    settings.EMAIL_WEBHOOKS = []
    messages.start(nora.partner, "Margins", "They stay.", alice, NOW, to=nora)
    outbox.deliver(NOW + timedelta(hours=1))
    assert not [name for name in sink.mails[0].keys() if name.startswith("X-PM-")]  # noqa: SIM118
