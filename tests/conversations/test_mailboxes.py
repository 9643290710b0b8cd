"""Mailboxes, read at a real IMAP server: once each, in order, and what fails is told and tried again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.urls import reverse

from conversations import messages, outgoing
from conversations.mail import fetching, imap
from conversations.models import Mailbox, Message, RawMail, Wait
from partners.models import Contact
from prm import clock, jobs, outbox
from prm.models import Job
from team.models import User
from tests import dovecot
from tests.conversations.letters import raw
from tests.dovecot import PASSWORD, Dovecot
from tests.sink import Sink

NOW = datetime.now(UTC).replace(microsecond=0)
BEFORE, LATER = NOW - timedelta(hours=1), NOW + timedelta(minutes=10)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot.running() as server:
        yield server


@pytest.fixture(autouse=True)
def _empty(server: Dovecot) -> None:
    for user in ("partners", "alice"):
        with server.client(user) as client:
            for folder in ("INBOX", "Sent"):
                client.folder.set(folder)
                if uids := client.uids():
                    client.delete(uids)


def mailbox(server: Dovecot, person: User | None = None, **more: Any) -> Mailbox:
    box = Mailbox(
        name="Alice's" if person else "Partners",
        address=person.email if person else "partners@acme.example",
        person=person,
        host="127.0.0.1",
        port=server.port,
        security="none",
        username="alice" if person else "partners",
        next_check_at=NOW,
        created_at=BEFORE,
        **more,
    )
    box.secret = PASSWORD
    box.save()
    return box


def letter(**more: Any) -> bytes:
    return raw(at=more.pop("at", BEFORE), **more)


def look(box: Mailbox, at: datetime = NOW) -> str:
    return fetching.look(Mailbox.objects.get(pk=box.pk), at)


# --- incoming ---------------------------------------------------------------------------------------


def test_a_mail_is_taken_in_once_however_often_one_looks(server: Dovecot, nora: Contact) -> None:
    box = mailbox(server)
    server.put(letter(To="partners@acme.example"))
    assert look(box) == "1 new mails."
    assert look(box) == "0 new mails."
    server.put(letter(id="<two@x>"))
    assert look(box) == "1 new mails."
    assert list(Message.objects.values_list("external_id", flat=True)) == [
        "<one@northwind.co.uk>",
        "<two@x>",
    ]
    assert Wait.objects.earliest("pk").opened_at == BEFORE
    box.refresh_from_db()
    assert (box.read_at, box.next_check_at) == (NOW, NOW + fetching.EVERY)


def test_it_stays_unread_there(server: Dovecot, nora: Contact) -> None:
    server.put(letter())
    look(mailbox(server))
    with server.client() as client:
        client.folder.set("INBOX")
        assert len(client.uids("UNSEEN")) == 1


def test_a_server_that_numbers_anew_brings_nothing_twice(server: Dovecot, nora: Contact) -> None:
    box = mailbox(server)
    server.put(letter())
    look(box)
    folder = box.folders.get(name="INBOX")
    box.folders.update(uid_validity=folder.uid_validity + 1)
    server.put(letter(id="<two@x>"))
    assert look(box) == "1 new mails."
    assert Message.objects.count() == 2
    folder.refresh_from_db()
    assert folder.last_uid >= 2


def test_what_came_before_the_mailbox_was_added_stays_out(server: Dovecot, nora: Contact) -> None:
    server.put(letter())
    box = mailbox(server)
    Mailbox.objects.update(created_at=NOW + timedelta(hours=2))
    assert look(box) == "0 new mails."


def test_strangers_are_kept_from_a_shared_mailbox(server: Dovecot, nora: Contact) -> None:
    box = mailbox(server)
    server.put(letter(sender="who@nowhere.example"))
    look(box)
    assert RawMail.objects.unknown().get().mailbox == box


def test_of_a_persons_own_mailbox_only_mail_with_partners_is_kept(
    server: Dovecot, nora: Contact, alice: User
) -> None:
    box = mailbox(server, alice)
    server.put(letter(sender="mum@home.example", id="<private@x>"), "alice")
    server.put(letter(To="alice@acme.example", Cc="partners@localhost"), "alice")
    server.put(letter(sender="friend@home.example", id="<tomum@x>", To="mum@home.example"), "alice", "Sent")
    look(box)
    assert list(RawMail.objects.values_list("external_id", flat=True)) == ["<one@northwind.co.uk>"]
    assert not Message.objects.get().is_copy


def test_a_mail_that_cannot_be_taken_stops_no_other(server: Dovecot, nora: Contact) -> None:
    box = mailbox(server)
    server.put(b"\r\nno headers at all\r\n")
    server.put(letter())
    assert look(box) == "1 new mails."
    assert Message.objects.count() == 1


def test_of_a_huge_mail_the_beginning_is_fetched(
    server: Dovecot, nora: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conversations.incoming.LARGEST", 2_000_000)
    box = mailbox(server)
    server.put(letter(body="word " * 600_000))
    look(box)
    kept = RawMail.objects.get()
    assert kept.size == imap.reading.BEGINNING
    assert kept.messages.exists()


# --- sent from elsewhere ------------------------------------------------------------------------------


def test_an_answer_sent_from_a_phone_counts(server: Dovecot, nora: Contact, alice: User) -> None:
    box = mailbox(server, alice)
    server.put(letter(), "alice")
    look(box)
    answer = raw(
        "Alice <ALICE@acme.example>", id="<phone@x>", at=NOW, To="nora@northwind.co.uk",
        In_Reply_To="<one@northwind.co.uk>", body="They stay.",
    )  # fmt: skip
    server.put(answer, "alice", "Sent")
    assert look(box, LATER) == "1 new mails."
    sent = Message.objects.get(direction="out")
    assert (sent.author, sent.contact, sent.occurred_at, sent.outbox) == (alice, nora, NOW, None)
    wait = Wait.objects.get()
    assert (wait.state, wait.answered_at, wait.answered_by) == ("met", NOW, alice)


def test_an_answer_from_a_shared_mailbox_counts_whoever_wrote_it(
    server: Dovecot, nora: Contact, bob: User
) -> None:
    box = mailbox(server)
    server.put(letter())
    look(box)
    answer = {"at": NOW, "To": "nora@northwind.co.uk", "In_Reply_To": "<one@northwind.co.uk>"}
    server.put(raw("partners@acme.example", id="<shared@x>", **answer), folder="Sent")
    look(box, LATER)
    wait = Wait.objects.get()
    assert (wait.state, wait.answered_by) == ("met", None)
    server.put(raw("bob@acme.example", id="<bobs@x>", **answer), folder="Sent")
    look(box, LATER)
    assert Message.objects.get(external_id="<bobs@x>").author == bob


def test_one_mail_to_two_partners_answers_both(
    server: Dovecot, nora: Contact, omar: Contact, alice: User
) -> None:
    box = mailbox(server, alice)
    for sender, id in (("nora@northwind.co.uk", "<n@x>"), ("omar@contoso.com", "<o@x>")):
        server.put(letter(sender=sender, id=id, To="alice@acme.example"), "alice")
    look(box)
    answer = raw(
        "Alice <alice@acme.example>", id="<both@x>", at=NOW, To="nora@northwind.co.uk, omar@contoso.com",
        In_Reply_To="<o@x> <n@x>", body="They stay.",
    )  # fmt: skip
    server.put(answer, "alice", "Sent")
    assert look(box, LATER) == "1 new mails."
    met = Wait.objects.filter(state="met").values_list("partner__name", "answer__partner__name")
    assert sorted(met) == [("Contoso", "Contoso"), ("Northwind", "Northwind")]


def test_what_a_machine_sent_answers_nothing(server: Dovecot, nora: Contact, alice: User) -> None:
    box = mailbox(server, alice)
    server.put(letter(), "alice")
    away = raw(
        "alice@acme.example", id="<away@x>", at=NOW, To="nora@northwind.co.uk", Auto_Submitted="auto-replied"
    )
    server.put(away, "alice", "Sent")
    look(box, LATER)
    assert Wait.objects.get().state == "open"


def test_our_own_replies_come_back_from_sent_as_what_they_are(
    server: Dovecot, nora: Contact, alice: User, sink: Sink
) -> None:
    box = mailbox(server)
    server.put(letter())
    look(box)
    messages.reply(Message.objects.get().conversation, "They stay.", alice, NOW)
    outbox.deliver(NOW + outgoing.UNDO_FOR)
    server.put(sink.mails[0].as_bytes(), folder="Sent")
    assert look(box, LATER) == "0 new mails."
    assert Message.objects.filter(direction="out").count() == 1


# --- what goes wrong ------------------------------------------------------------------------------------


def test_a_failing_mailbox_is_told_once_and_tried_again(server: Dovecot, ravi: User, nora: Contact) -> None:
    box = mailbox(server)
    box.secret = "wrong"
    box.save()
    pauses = []
    for n in range(4):
        assert "refuses to sign partners in" in look(box, NOW + n * timedelta(hours=1))
        box.refresh_from_db()
        pauses.append(box.next_check_at - (NOW + n * timedelta(hours=1)))  # type: ignore[operator]
    assert pauses == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8), timedelta(minutes=16)]
    assert (box.failing_since, box.failures) == (NOW, 4)
    notice = ravi.notices.get(kind="mailbox_failing")
    assert "Partners cannot be read" in notice.text
    server.put(letter())
    box.secret = PASSWORD
    box.save()
    assert look(box) == "1 new mails."
    box.refresh_from_db()
    assert (box.failures, box.failing_since, box.last_error) == (0, None, "")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"port": 1}, "127.0.0.1"),
        ({"sent": "Gesendet"}, "There is no folder “Gesendet”. There are: INBOX, Sent."),
        ({"security": "tls"}, "speaks no TLS"),
        ({"security": "none", "host": "imap.example"}, "Without TLS only this machine"),
        ({"host": "no-such-host.invalid", "security": "tls"}, "no-such-host.invalid"),
    ],
)
def test_trying_says_what_is_wrong(
    server: Dovecot, company: object, change: dict[str, Any], words: str
) -> None:
    box = mailbox(server)
    assert "It works" in fetching.try_it(box)
    for name, value in change.items():
        setattr(box, name, value)
    with pytest.raises(imap.MailboxFault, match=words.replace(".", r"\.")):
        fetching.try_it(box)


def test_the_sweep_hands_each_due_mailbox_to_a_job(server: Dovecot, nora: Contact) -> None:
    box = mailbox(server)
    server.put(letter())
    with clock.fixed(NOW):
        assert fetching.sweep(NOW) == 1
        assert fetching.sweep(NOW) == 0
        assert jobs.run_due(NOW) == 1
    assert Message.objects.count() == 1
    assert Job.objects.get().says == "1 new mails."
    Mailbox.objects.filter(pk=box.pk).update(is_active=False)
    assert fetching.sweep(LATER + timedelta(days=1)) == 0
    assert not Job.objects.exists()


# --- OAuth ----------------------------------------------------------------------------------------------


class Provider(BaseHTTPRequestHandler):
    """Gives tokens for the refresh token, and tells the mail server whose a token is."""

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if asked.get("refresh_token") == ["kept"]:
            self._answer(200, {"access_token": "for-an-hour"})
        elif asked.get("token") == ["for-an-hour"]:
            self._answer(200, {"active": True, "username": "partners"})
        else:
            self._answer(400, {"error": "invalid_grant"})

    def _answer(self, status: int, what: dict[str, Any]) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Provider) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/token"
        monkeypatch.setitem(imap.TOKENS, "google", address)
        yield address
        server.shutdown()


def test_signing_in_by_oauth(provider: str, nora: Contact) -> None:
    with dovecot.running(introspection=provider) as server:
        box = mailbox(server, sign_in="google", client_id="ours")
        box.secret = json.dumps({"client_secret": "s", "refresh_token": "kept"})
        box.save()
        server.put(letter())
        assert look(box) == "1 new mails."
        box.secret = json.dumps({"client_secret": "s", "refresh_token": "withdrawn"})
        with pytest.raises(imap.MailboxFault, match="gives no token"):
            fetching.try_it(box)


# --- the pages ------------------------------------------------------------------------------------------


def typed(server: Dovecot, **more: object) -> dict[str, object]:
    return {
        "name": "Partners",
        "address": "partners@acme.example",
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "sign_in": "password",
        "username": "partners",
        "secret": PASSWORD,
        "inbox": "INBOX",
        "sent": "Sent",
        "is_active": "on",
        **more,
    }


def test_the_admin_tries_saves_and_removes_a_mailbox(client: Client, server: Dovecot, ravi: User) -> None:
    client.force_login(ravi)
    add = reverse("conversations:mailbox_add")
    tried = client.post(add, typed(server, **{"try": "1"}))
    assert "It works" in tried.content.decode()
    assert not Mailbox.objects.exists()
    wrong = client.post(add, typed(server, secret="wrong", **{"try": "1"}))
    assert wrong.status_code == 422
    assert "refuses to sign partners in" in wrong.content.decode()
    assert client.post(add, typed(server)).status_code == 303
    box = Mailbox.objects.get()
    assert box.secret == PASSWORD
    assert PASSWORD not in box.sealed
    page = client.get(box.get_absolute_url()).content.decode()
    assert "secret &" not in page
    assert "secret &amp;" not in page
    assert box.sealed not in page
    assert client.post(box.get_absolute_url(), typed(server, secret="", name="Desk")).status_code == 303
    box.refresh_from_db()
    assert (box.name, box.secret) == ("Desk", PASSWORD)
    client.post(reverse("conversations:mailbox_remove", args=[box.pk]))
    assert not Mailbox.objects.exists()


def test_a_secret_goes_to_no_other_server(client: Client, server: Dovecot, ravi: User) -> None:
    box = mailbox(server)
    client.force_login(ravi)
    answer = client.post(box.get_absolute_url(), typed(server, secret="", host="localhost"))
    assert answer.status_code == 422
    assert "it belongs to this server" in answer.content.decode()


def test_a_person_adds_its_own_mailbox_and_sees_no_other(
    client: Client, server: Dovecot, alice: User, bob: User
) -> None:
    shared = mailbox(server)
    client.force_login(alice)
    own = reverse("conversations:own_mailbox")
    answer = client.post(own, typed(server, username="alice", address=alice.email))
    assert "Use 993 (TLS) or 143 (STARTTLS)." in answer.content.decode()
    away = typed(server, username="alice", host="imap.acme.example", port=993, security="tls")
    assert client.post(own, away).status_code == 303
    mine = Mailbox.objects.get(person=alice)
    client.force_login(bob)
    for box in (shared, mine):
        assert client.post(reverse("conversations:mailbox_remove", args=[box.pk])).status_code == 404
    assert Mailbox.objects.count() == 2
