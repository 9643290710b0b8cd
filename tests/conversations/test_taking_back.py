"""A person takes back what its own mailbox brought in: the words go, the fact stays, the rest stays out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from conversations import incoming, messages, searching, sent, sweeping, taking_back
from conversations.models import Attachment, Conversation, Mailbox, Message, RawMail, Wait
from conversations.taking_back import TakingBackRefused
from partners.models import Contact, Event
from prm import clock
from team.models import Notice, User
from tests.conversations.letters import raw
from tests.programs import program

WORD = "xylophone"
FIRST = "<first@northwind.co.uk>"


@pytest.fixture
def mailbox(alice: User) -> Mailbox:
    at = clock.now()
    return Mailbox.objects.create(
        name="Alice",
        address="alice@acme.example",
        person=alice,
        host="imap.acme.example",
        username="alice",
        next_check_at=at,
        created_at=at,
    )


@pytest.fixture
def thread(mailbox: Mailbox, nora: Contact) -> Conversation:
    at = clock.now() - timedelta(days=2)
    mail = raw(
        "nora@northwind.co.uk",
        subject=WORD,
        body=WORD,
        id=FIRST,
        at=at,
        files={f"{WORD}.pdf": b"%PDF-1.4"},
        To="alice@acme.example",
    )
    message = incoming.accept(mail, at, mailbox).message
    assert message is not None
    return message.conversation


def test_its_words_files_and_raw_mails_are_deleted(thread: Conversation, alice: User, nora: Contact) -> None:
    sweeping.sweep_waits(clock.now())
    assert Notice.objects.filter(text__contains=WORD).exists()
    taking_back.take_back(thread, "It is about my contract", by=alice, at=clock.now())
    message, kept = Message.objects.get(), RawMail.objects.get()
    thread.refresh_from_db()
    assert (message.body, message.subject, thread.subject) == ("", "", "Taken back")
    assert (kept.subject, kept.text, kept.sender, bool(kept.file)) == ("", "", "", False)
    assert not Attachment.objects.exists()
    assert not Notice.objects.filter(text__contains=WORD).exists()
    assert searching.search(alice, WORD).messages == []


def test_its_files_are_gone_from_the_disk(
    thread: Conversation, alice: User, django_capture_on_commit_callbacks: object
) -> None:
    files = [Path(Attachment.objects.get().file.path), Path(RawMail.objects.get().file.path)]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        taking_back.take_back(thread, "Mine", by=alice, at=clock.now())
    assert not any(file.exists() for file in files)


def test_that_it_was_there_stays_on_record(thread: Conversation, alice: User, nora: Contact) -> None:
    before = Message.objects.get()
    taking_back.take_back(thread, "It is about my contract", by=alice, at=clock.now())
    message = Message.objects.get()
    assert (message.contact, message.occurred_at, message.partner) == (nora, before.occurred_at, nora.partner)
    assert (message.withdrawn_by, message.external_id) == (alice, FIRST)
    event = Event.objects.get(kind="conversation_taken_back")
    assert (event.by_user, event.partner, event.note) == (alice, nora.partner, "It is about my contract")


def test_what_it_asked_waits_no_more_and_says_why(thread: Conversation, alice: User) -> None:
    taking_back.take_back(thread, "Mine alone", by=alice, at=clock.now())
    wait = Wait.objects.get()
    assert (wait.state, wait.cancelled_reason) == ("cancelled", "Taken back by Alice: Mine alone")
    assert wait.next_check_at is None


def test_later_mails_stay_out_as_far_as_they_come_from_that_mailbox(
    thread: Conversation, mailbox: Mailbox, alice: User
) -> None:
    taking_back.take_back(thread, "Mine", by=alice, at=clock.now())
    at = clock.now()

    def answers(id: str, to: str) -> bytes:
        return raw("nora@northwind.co.uk", id=id, at=at, body=WORD, In_Reply_To=to, To="alice@acme.example")

    assert incoming.accept(raw("nora@northwind.co.uk", id=FIRST), at, mailbox).is_new is False
    assert incoming.accept(answers("<2@x>", FIRST), at, mailbox).message is None
    assert incoming.accept(answers("<3@x>", "<2@x>"), at, mailbox).message is None
    mine = raw("alice@acme.example", id="<4@x>", at=at, To="nora@northwind.co.uk", In_Reply_To="<3@x>")
    assert not sent.accept(mine, mailbox, at)
    assert Message.objects.count() == 1
    assert incoming.accept(answers("<5@x>", "<4@x>"), at).message is not None  # by another way


def test_a_colleagues_reply_stays(thread: Conversation, alice: User, bob: User) -> None:
    reply = messages.reply(thread, "From Bob", by=bob, at=clock.now())
    taking_back.take_back(thread, "Mine", by=alice, at=clock.now())
    reply.refresh_from_db()
    assert (reply.body, reply.withdrawn_at) == ("From Bob", None)


def test_nobody_takes_back_what_anothers_mailbox_brought(
    thread: Conversation, bob: User, alice: User
) -> None:
    with pytest.raises(TakingBackRefused):
        taking_back.take_back(thread, "Mine", by=bob, at=clock.now())
    assert Message.objects.get().body == WORD


def test_the_page_asks_why_and_then_does_it(
    client: Client, thread: Conversation, alice: User, bob: User
) -> None:
    url = f"/conversations/{thread.pk}/take-back/"
    client.force_login(bob)
    assert "Take back" not in client.get(thread.get_absolute_url()).text
    assert client.post(url, {"reason": "Mine"}).status_code == 422
    client.force_login(alice)
    assert "Take back" in client.get(thread.get_absolute_url()).text
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Mine"}).status_code == 303
    assert WORD not in client.get(thread.get_absolute_url()).text
    assert WORD not in client.get(thread.partner.get_absolute_url()).text


def test_a_program_takes_back_what_the_own_mailbox_of_its_person_brought(
    thread: Conversation, alice: User, bob: User
) -> None:
    url = f"/api/v1/conversations/{thread.pk}/take-back/"
    refused = program(bob).send(url, {"reason": "Mine"})
    assert (refused.status_code, bool(refused.json()["detail"])) == (409, True)
    unsaid = program(alice).send(url)
    assert (unsaid.status_code, set(unsaid.json())) == (400, {"reason"})
    assert Message.objects.get().body == WORD
    told = program(alice).send(url, {"reason": "It is about my contract"})
    assert (told.status_code, told.json()["subject"]) == (200, "Taken back")
    assert Message.objects.get().body == ""
