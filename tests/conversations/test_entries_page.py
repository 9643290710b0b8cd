"""Entries on the conversation's page: corrected, withdrawn, confirmed, their clock started."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conversations import messages
from conversations.messages import Happening
from conversations.models import Message, Wait
from partners.models import Contact, Partner
from prm import clock
from team.models import User
from tests.conftest import BERLIN

NOW = datetime(2026, 6, 3, 12, 0, 30, tzinfo=BERLIN)


@pytest.fixture
def wait(nora: Contact) -> Wait:
    at = NOW - timedelta(days=9)
    return messages.receive(
        nora.partner, "email", "?", at, contact=nora, subject="Dates"
    ).conversation.waits.get()


def post(client: Client, by: User, name: str, message: Message, **typed: object):  # type: ignore[no-untyped-def]
    client.force_login(by)
    with clock.fixed(NOW + timedelta(minutes=5)):
        return client.post(reverse(f"conversations:{name}", args=[message.pk]), typed)


def page(client: Client, by: User, message: Message) -> str:
    client.force_login(by)
    return client.get(message.conversation.get_absolute_url()).content.decode()


def test_what_is_mine_is_not_to_be_taken_over(client: Client, wait: Wait, alice: User, bob: User) -> None:
    assert "Take over" not in page(client, alice, wait.opened_by)
    assert "Take over" in page(client, bob, wait.opened_by)


def test_a_late_report_is_confirmed_by_the_head(
    client: Client, wait: Wait, northwind: Partner, alice: User, erin: User
) -> None:
    call = messages.log(
        northwind,
        Happening("call", "Told her", NOW - timedelta(days=8, hours=12)),
        alice,
        NOW,
        answers=[wait],
    )
    assert "reply reported, not confirmed" in page(client, alice, call)
    assert post(client, alice, "confirm", call).status_code == 403
    assert "Confirm</button>" in page(client, erin, call)
    assert post(client, erin, "confirm", call).status_code == 303
    wait.refresh_from_db()
    assert wait.state == "met"
    assert "not confirmed" not in page(client, erin, call)


def test_a_copied_mail_gets_its_clock(client: Client, nora: Contact, bob: User) -> None:
    copied = messages.receive(nora.partner, "email", "FYI", NOW, contact=nora, is_copy=True)
    assert "Start the clock</button>" in page(client, bob, copied)
    assert post(client, bob, "start_clock", copied).status_code == 303
    assert copied.conversation.waits.get().opened_at == NOW
    assert "There is no" not in page(client, bob, copied)


def test_an_entry_is_corrected_and_keeps_its_seconds(client: Client, northwind: Partner, bob: User) -> None:
    call = messages.log(northwind, Happening("call", "Told hre", minutes=5), bob, NOW)
    client.force_login(bob)
    assert 'value="2026-06-03T12:00"' in client.get(reverse("conversations:correct", args=[call.pk])).text
    typed = {"body": "Told her", "occurred_at": "2026-06-03T12:00", "minutes": 5}
    assert post(client, bob, "correct", call, **typed).status_code == 303
    fresh = Message.objects.get(corrects=call)
    assert (fresh.body, fresh.occurred_at, fresh.minutes) == ("Told her", NOW, 5)


def test_nothing_changed_and_what_lies_ahead_are_refused_in_words(
    client: Client, northwind: Partner, bob: User
) -> None:
    call = messages.log(northwind, Happening("call", "Told her"), bob, NOW)
    same = post(client, bob, "correct", call, body="Told her", occurred_at="2026-06-03T12:00")
    assert same.status_code == 422
    assert "Nothing was changed" in same.content.decode()
    ahead = post(client, bob, "correct", call, body="Told him", occurred_at="2026-06-04T12:00")
    assert ahead.status_code == 422
    assert "lies ahead" in ahead.content.decode()
    assert "Told him" in ahead.content.decode()


def test_a_colleagues_entry_is_mended_by_who_looks_after_the_partner(
    client: Client, northwind: Partner, alice: User, bob: User
) -> None:
    mine = messages.log(northwind, Happening("call", "Told her"), alice, NOW)
    assert post(client, bob, "correct", mine, body="x", occurred_at="2026-06-03T12:00").status_code == 403
    assert post(client, bob, "withdraw", mine, reason="x").status_code == 403
    his = messages.log(northwind, Happening("call", "Told her"), bob, NOW)
    assert "Withdraw</a>" in page(client, alice, his)
    assert post(client, alice, "withdraw", his, reason="Wrong partner").status_code == 303


def test_strangers_and_the_wrong_method(client: Client, northwind: Partner, bob: User) -> None:
    call = messages.log(northwind, Happening("call", "Told her"), bob, NOW)
    stranger = User.objects.create_user("rolf@acme.example", name="Rolf")
    for name in ("correct", "confirm", "start_clock"):
        assert post(client, stranger, name, call).status_code == 404
    client.force_login(bob)
    for name in ("confirm", "start_clock"):
        assert client.get(reverse(f"conversations:{name}", args=[call.pk])).status_code == 405


@pytest.mark.parametrize("many", [3, 30])
def test_older_messages_follow_by_their_time(
    client: Client, northwind: Partner, nora: Contact, bob: User, many: int
) -> None:
    thread = messages.receive(northwind, "email", "Question 00", NOW, contact=nora).conversation
    for n in range(1, many):
        at = NOW + timedelta(minutes=n)
        messages.receive(northwind, "email", f"Question {n:02}", at, thread, contact=nora)
    client.force_login(bob)
    shown = client.get(thread.get_absolute_url()).content.decode()
    assert shown.index("Question 00") < shown.index(f"Question {many - 1:02}")
