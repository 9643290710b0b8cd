"""A conversation with its partner beside it: what is shown, who has it, and the way on in the inbox."""

from datetime import date, timedelta

import pytest
from django.test import Client

from conversations import commitments, messages, threads
from conversations.commitments import Promise
from conversations.models import Conversation, Message
from partners.models import Contact, Partner
from prm import clock
from team.models import Notice, User
from tests.conftest import MONDAY

HOUR = timedelta(hours=1)


@pytest.fixture
def talk(nora: Contact) -> Conversation:
    asked = messages.receive(nora.partner, "email", "When?", MONDAY, contact=nora, subject="Dates")
    return asked.conversation


@pytest.fixture
def nobodys(omar: Contact) -> Conversation:
    return messages.receive(omar.partner, "email", "Hello?", MONDAY, contact=omar).conversation


def shown(client: Client, conversation: Conversation, query: str = "") -> str:
    answer = client.get(f"{conversation.get_absolute_url()}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_partner_stands_beside_it(client: Client, talk: Conversation, alice: User) -> None:
    partner = talk.partner
    Partner.objects.filter(pk=partner.pk).update(zone="America/New_York", next_step_on=date(2026, 6, 9))
    messages.receive(partner, "email", "And the price?", MONDAY, subject="Prices")
    commitments.make(partner, Promise("Send the pack", date(2030, 1, 4)), by=alice, at=MONDAY)
    client.force_login(alice)
    card = shown(client, talk).partition("<aside")[2]
    for words in ("Identified", "Alice", "There", "9 Jun", "Prices", "Send the pack", "Nora Berg"):
        assert words in card, words
    assert ">Dates<" not in card  # what is open here waits here, not besides


def test_of_two_hundred_messages_the_newest_are_shown(
    client: Client, talk: Conversation, alice: User
) -> None:
    Message.objects.bulk_create(
        Message(
            conversation=talk,
            partner=talk.partner,
            direction="out",
            channel="note",
            occurred_at=MONDAY + n * HOUR,
            recorded_at=MONDAY + n * HOUR,
            body=f"Note number {n}.",
            author=alice,
            visible_to_partner=False,
        )
        for n in range(1, 201)
    )
    client.force_login(alice)
    page = client.get(f"{talk.get_absolute_url()}?in=mine")
    assert [entry.message.body for entry in page.context["messages_shown"]] == [
        f"Note number {n}." for n in range(181, 201)
    ]
    older = client.get(page.context["older_url"])
    assert [entry.message.body for entry in older.context["messages_shown"]] == [
        f"Note number {n}." for n in range(161, 181)
    ]
    assert "in=mine" in older.context["older_url"]
    assert older.context["newest_url"] == f"{talk.get_absolute_url()}?in=mine"


def test_from_the_inbox_one_walks_on(client: Client, talk: Conversation, alice: User) -> None:
    newer = messages.receive(talk.partner, "email", "And?", MONDAY + HOUR, subject="Prices").conversation
    client.force_login(alice)
    assert f'href="{newer.get_absolute_url()}?in=mine" data-key="["' in shown(client, talk, "?in=mine")
    assert f'href="{talk.get_absolute_url()}?in=mine" data-key="]"' in shown(client, newer, "?in=mine")
    assert 'data-key="["' not in shown(client, talk)
    assert 'data-key="["' not in shown(client, talk, "?in=nonsense")


# --- who has it ----------------------------------------------------------------------------------------


def test_who_replies_to_what_is_nobodys_has_it(client: Client, nobodys: Conversation, bob: User) -> None:
    client.force_login(bob)
    assert "with your reply it is yours" in shown(client, nobodys)
    messages.reply(nobodys, "Hello!", by=bob, at=clock.now())
    nobodys.refresh_from_db()
    assert (nobodys.taken_by, nobodys.responsible) == (bob, bob)


def test_a_reply_to_what_is_somebodys_leaves_it_there(
    client: Client, talk: Conversation, alice: User, bob: User
) -> None:
    client.force_login(bob)
    assert "Alice has it. Your reply counts, and Alice stays responsible" in shown(client, talk)
    messages.reply(talk, "On Monday.", by=bob, at=MONDAY + HOUR)
    talk.refresh_from_db()
    assert (talk.taken_by, talk.responsible) == (None, alice)
    assert talk.waits.get().answered_by == bob


def test_it_is_handed_over_with_a_note(client: Client, talk: Conversation, alice: User, bob: User) -> None:
    client.force_login(alice)
    address = f"{talk.get_absolute_url()}hand-over/"
    client.post(address, {"to": bob.pk, "note": "They are in a hurry.\nCall first."})
    talk.refresh_from_db()
    note = talk.messages.get(channel="note")
    assert (talk.responsible, note.author, note.visible_to_partner) == (bob, alice, False)
    told = Notice.objects.get(person=bob, kind=threads.GIVEN)
    assert told.text.endswith("with Northwind: They are in a hurry. Call first.")
    assert talk.waits.get().is_open  # a note answers nothing


def test_a_refused_hand_over_writes_no_note(
    client: Client, talk: Conversation, alice: User, bob: User
) -> None:
    threads.hand_over(talk, to=bob, by=alice, at=MONDAY)
    client.force_login(alice)
    answer = client.post(f"{talk.get_absolute_url()}hand-over/", {"to": bob.pk, "note": "Once more."})
    assert answer.status_code == 422
    assert "Once more." in answer.content.decode()
    assert not talk.messages.filter(channel="note").exists()
