"""Drafts from one's own programs: kept, sent and thrown away as on the pages, seen by nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from conversations import drafts, messages, private_threads
from conversations.models import Commitment, Conversation, Draft, Message
from partners.models import Contact, Partner
from prm import clock
from team.models import User
from tests.programs import Program, program

API = "/api/v1"


@pytest.fixture
def alices(alice: User) -> Program:
    return program(alice)


@pytest.fixture
def thread(northwind: Partner, nora: Contact) -> Conversation:
    return messages.receive(
        northwind, "email", "When?", at=clock.now(), contact=nora, subject="Dates"
    ).conversation


def kept(them: Program, **sent: Any) -> Any:
    made = them.send(f"{API}/drafts/", sent)
    assert made.status_code == 201, made.content
    return made.json()


def day(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def test_a_draft_stands_in_the_form_of_its_writer_alone(
    client: Client, alices: Program, alice: User, bob: User, thread: Conversation
) -> None:
    told = kept(alices, kind="reply", conversation=thread.pk, body="We can do", typed={"holding": ["on"]})
    assert (told["body"], told["typed"], told["partner"]) == ("We can do", {"holding": ["on"]}, None)
    here = f"{API}/drafts/{told['id']}/"
    changed = alices.send(here, {"body": "We can do it by May."}, "patch").json()
    assert (changed["id"], changed["body"], changed["typed"]) == (
        told["id"],
        "We can do it by May.",
        {"holding": ["on"]},
    )
    client.force_login(alice)
    page = client.get(drafts.reply_in(thread.pk).address).content.decode()
    assert "We can do it by May." in page
    bobs = program(bob)
    assert bobs.get(f"{API}/drafts/").json()["results"] == []
    assert (bobs.get(here).status_code, bobs.send(f"{here}send/").status_code) == (404, 404)
    again = alices.send(f"{API}/drafts/", {"kind": "reply", "conversation": thread.pk, "body": "Other"})
    assert (again.status_code, str(told["id"]) in again.json()["detail"]) == (409, True)
    assert alices.send(here, {"body": " "}, "patch").status_code == 409
    assert Draft.objects.get().typed["body"] == ["We can do it by May."]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "reply"}, "conversation"),
        ({"kind": "mail"}, "partner"),
        ({"kind": "log", "typed": {"subject": ["Hm"]}}, "typed"),
        ({"kind": "log", "typed": {"wanted_by": ["2027-01-01"]}}, "typed"),
        ({"kind": "log", "typed": {"minutes": "5"}}, "typed"),
    ],
)
def test_what_has_no_place_is_named(alices: Program, sent: dict[str, Any], field: str) -> None:
    refused = alices.send(f"{API}/drafts/", {"body": "Hm", **sent})
    assert (refused.status_code, list(refused.json())) == (400, [field])


def test_a_reply_is_sent_with_its_promise_and_taken_back(
    alices: Program, alice: User, thread: Conversation
) -> None:
    promise = {"promise": ["Send the pack"], "promised_for": ["soon"]}
    told = kept(alices, kind="reply", conversation=thread.pk, body="It is the 3rd.", typed=promise)
    here = f"{API}/drafts/{told['id']}/"
    unread = alices.send(f"{here}send/")
    assert (unread.status_code, list(unread.json())) == (400, ["promised_for"])
    alices.send(here, {"typed": {"promised_for": [day(9)]}}, "patch")
    sent = alices.send(f"{here}send/")
    assert sent.status_code == 200, sent.content
    message = Message.objects.get(pk=sent.json()["id"])
    assert (message.body, message.author, message.conversation) == ("It is the 3rd.", alice, thread)
    assert Commitment.objects.get(made_in=message).text == "Send the pack"
    assert thread.waits.get().answer == message
    assert alices.send(f"{here}send/").status_code == 404
    back = alices.send(f"{API}/messages/{message.pk}/unsend/").json()
    assert (back["kind"], back["body"], back["typed"]["promise"]) == (
        "reply",
        "It is the 3rd.",
        ["Send the pack"],
    )
    assert not Message.objects.filter(pk=message.pk).exists()
    assert alices.send(f"{API}/messages/{thread.messages.get().pk}/unsend/").status_code == 409


def test_what_a_colleague_answered_meanwhile_is_read_first(
    alices: Program, bob: User, thread: Conversation
) -> None:
    told = kept(alices, kind="reply", conversation=thread.pk, body="It is the 3rd.")
    here = f"{API}/drafts/{told['id']}/"
    messages.reply(thread, "It is the 4th.", by=bob, at=clock.now() + timedelta(seconds=1))
    refused = alices.send(f"{here}send/")
    assert (refused.status_code, "answered at" in refused.json()["detail"]) == (409, True)
    Message.objects.filter(author=bob).update(recorded_at=clock.now() - timedelta(minutes=1))
    alices.send(here, {"body": "As Bob says."}, "patch")
    assert alices.send(f"{here}send/").status_code == 200


def test_a_mail_and_a_log_are_sent(alices: Program, bob: User, northwind: Partner, nora: Contact) -> None:
    words = {"subject": "Training", "body": "Shall we?"}
    mail = kept(alices, kind="mail", partner=northwind.pk, **words)
    assert list(alices.send(f"{API}/drafts/{mail['id']}/send/").json()) == ["contact"]
    alices.send(f"{API}/drafts/{mail['id']}/", {"typed": {"contact": [str(nora.pk)]}}, "patch")
    sent = alices.send(f"{API}/drafts/{mail['id']}/send/").json()
    assert (sent["subject"], sent["contact"], sent["channel"]) == ("Training", nora.pk, "email")
    typed = {"channel": ["meeting"], "minutes": ["40"]}
    log = kept(alices, kind="log", partner=northwind.pk, body="We met.", typed=typed)
    logged = alices.send(f"{API}/drafts/{log['id']}/send/").json()
    assert (logged["channel"], logged["minutes"], logged["body"]) == ("meeting", 40, "We met.")
    nobody = kept(alices, kind="log", body="Who was it?")
    assert alices.send(f"{API}/drafts/{nobody['id']}/send/").status_code == 409
    assert [row["body"] for row in alices.get(f"{API}/drafts/").json()["results"]] == ["Who was it?"]


def test_what_is_thrown_away_is_brought_back(alices: Program, northwind: Partner) -> None:
    told = kept(alices, kind="log", partner=northwind.pk, body="We met.")
    here = f"{API}/drafts/{told['id']}/"
    assert alices.send(here, method="delete").status_code == 204
    assert alices.get(here).status_code == 404
    assert alices.send(f"{here}bring-back/").json()["thrown_at"] is None
    assert alices.get(here).json()["body"] == "We met."


def test_a_draft_of_what_is_hidden_now_is_gone(
    alices: Program, alice: User, bob: User, thread: Conversation
) -> None:
    bobs = program(bob)
    told = kept(bobs, kind="reply", conversation=thread.pk, body="Let me.")
    messages.reply(thread, "It is the 3rd.", by=alice, at=clock.now())
    private_threads.make_private(thread, by=alice, at=clock.now())
    assert bobs.get(f"{API}/drafts/").json()["results"] == []
    assert bobs.send(f"{API}/drafts/{told['id']}/send/").status_code == 404
