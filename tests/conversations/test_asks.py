"""Asks: a colleague without an account is asked by mail, answers under a link, and is reminded once."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from conversations import asks, commitments, messages
from conversations.commitments import Promise
from conversations.models import Ask, Wait
from partners.models import Contact, Event, Partner
from prm import clock, outbox, sweeper
from team.models import Company, Notice, User
from tests.conftest import MONDAY
from tests.sink import Sink

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THURSDAY = (MONDAY + 3 * DAY).date()
EIGHT = MONDAY - HOUR  # MONDAY is at nine in Berlin, where Alice is


@pytest.fixture
def wait(northwind: Partner, nora: Contact) -> Wait:
    messages.receive(northwind, "email", "May we resell?", at=MONDAY, contact=nora, subject="Resale")
    return Wait.objects.get()


@pytest.fixture
def ask(wait: Wait, alice: User) -> Ask:
    return asks.make(wait, "Legal", "legal@acme.example", "May they resell?", THURSDAY, by=alice, at=MONDAY)


def swept(days: int, hours: int = 0) -> None:
    at = EIGHT + timedelta(days=days, hours=hours)
    sweeper.run(at, only="asks")
    outbox.deliver(at)


# --- asking --------------------------------------------------------------------------------------------


def test_the_mail_holds_the_question_and_where_to_answer(ask: Ask, sink: Sink) -> None:
    outbox.deliver(MONDAY)
    (mail,) = sink.mails
    text = mail.get_payload(decode=True).decode()
    assert mail["To"] == "legal@acme.example"
    assert mail["Reply-To"] == "alice@acme.example"
    assert "May they resell?" in text
    assert reverse("conversations:answer_ask", args=[asks.token(ask)]) in text


def test_the_clock_of_the_partner_runs_on(ask: Ask, wait: Wait) -> None:
    before = wait.due_at
    wait.refresh_from_db()
    assert (wait.due_at, wait.state) == (before, Wait.State.OPEN)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "  "}, "Say whom you ask"),
        ({"question": "\0"}, "Say whom you ask"),
        ({"question": "x" * 5001}, "too long"),
        ({"email": "nowhere"}, "no e-mail address"),
        ({"wanted_by": (MONDAY - DAY).date()}, "has passed"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    wait: Wait, alice: User, change: dict[str, object], said: str
) -> None:
    typed = {"name": "Legal", "email": "l@acme.example", "question": "May we?", "wanted_by": THURSDAY}
    with pytest.raises(asks.AskRefused, match=said):
        asks.make(wait, **{**typed, **change}, by=alice, at=MONDAY)  # type: ignore[arg-type]
    assert not Ask.objects.exists()


def test_nothing_holds_up_what_is_done(wait: Wait, alice: User) -> None:
    messages.reply(wait.conversation, "Yes.", by=alice, at=MONDAY)
    wait.refresh_from_db()
    with pytest.raises(asks.AskRefused, match="not open any more"):
        asks.make(wait, "Legal", "l@acme.example", "May we?", THURSDAY, by=alice, at=MONDAY)


# --- answering -------------------------------------------------------------------------------------------


def test_looking_records_nothing_and_the_first_answer_counts(ask: Ask, alice: User) -> None:
    visitor, address = Client(), reverse("conversations:answer_ask", args=[asks.token(ask)])
    with clock.fixed(MONDAY + HOUR):
        for _ in range(3):
            assert "May they resell?" in visitor.get(address).content.decode()
        assert Ask.objects.open().count() == 1
        assert "Thank you" in visitor.post(address, {"answer": "Yes, within the EU."}).content.decode()
        again = visitor.post(address, {"answer": "No."})
    assert again.status_code == 410
    assert "Yes, within the EU." in again.content.decode()
    ask.refresh_from_db()
    assert (ask.answer, ask.answered_at) == ("Yes, within the EU.", MONDAY + HOUR)
    assert Notice.objects.get(kind="ask_answered").person == alice
    assert Event.objects.filter(kind="ask_answered", by_system="Legal").count() == 1


def test_an_empty_answer_is_refused(ask: Ask) -> None:
    answer = Client().post(reverse("conversations:answer_ask", args=[asks.token(ask)]), {"answer": " "})
    assert answer.status_code == 422
    assert Ask.objects.open().exists()


@given(st.text(max_size=80))
def test_a_made_up_address_is_nobodys(token: str) -> None:
    assert ":" in token or asks.behind(token) is None


def test_another_key_is_not_signed_for(ask: Ask, wait: Wait, alice: User) -> None:
    other = asks.make(wait, "Finance", "f@acme.example", "How much?", THURSDAY, by=alice, at=MONDAY)
    _, signature = asks.token(ask).split(":")
    assert asks.behind(f"{other.key.hex}:{signature}") is None


def test_one_that_was_taken_back_cannot_be_answered(ask: Ask, alice: User) -> None:
    asks.withdraw(ask, by=alice, at=MONDAY)
    with pytest.raises(asks.AskRefused):
        asks.answer(ask, "Yes.", at=MONDAY)
    assert Client().get(reverse("conversations:answer_ask", args=[asks.token(ask)])).status_code == 410


# --- reminders -------------------------------------------------------------------------------------------


def test_it_is_reminded_once_on_its_morning_and_the_asker_told_the_next(
    ask: Ask, alice: User, sink: Sink
) -> None:
    outbox.deliver(MONDAY)
    swept(days=2, hours=23)
    assert len(sink.mails) == 1
    for hours in (0, 1, 5):
        swept(days=3, hours=hours)
    assert [mail["Subject"] for mail in sink.mails][1:] == ["Today, please: Alice asks about Northwind"]
    assert not Notice.objects.filter(kind="ask_overdue").exists()
    for hours in (0, 1):
        swept(days=4, hours=hours)
    told = Notice.objects.get(kind="ask_overdue")
    assert (told.person, told.text) == (alice, "No answer from Legal about Northwind, wanted by 4 June")
    assert Event.objects.filter(kind="ask_overdue").count() == 1


def test_an_answered_one_is_not_reminded(ask: Ask, sink: Sink) -> None:
    outbox.deliver(MONDAY)
    asks.answer(ask, "Yes.", at=MONDAY + HOUR)
    swept(days=3)
    swept(days=4)
    assert len(sink.mails) == 1
    assert not Notice.objects.filter(kind="ask_overdue").exists()


def test_after_downtime_the_asker_is_told_without_a_late_reminder(ask: Ask, sink: Sink) -> None:
    outbox.deliver(MONDAY)
    swept(days=9)
    assert len(sink.mails) == 1
    assert Notice.objects.filter(kind="ask_overdue").count() == 1


# --- on the pages ----------------------------------------------------------------------------------------


def test_what_it_holds_up_says_so_until_it_is_answered(client: Client, wait: Wait, alice: User) -> None:
    client.force_login(alice)
    typed = {"name": "Legal", "email": "legal@acme.example", "question": "May they?", "wanted_by": THURSDAY}
    with clock.fixed(MONDAY + HOUR):
        answer = client.post(reverse("conversations:ask_for_wait", args=[wait.pk]), typed, follow=True)
        assert re.search(r"waiting for Legal since\s*<time", answer.content.decode())
        asks.answer(Ask.objects.get(), "Yes.", at=MONDAY + HOUR)
        assert "waiting for Legal" not in client.get(wait.conversation.get_absolute_url()).content.decode()


def test_a_promise_waits_for_a_colleague_as_well(client: Client, northwind: Partner, alice: User) -> None:
    promise = commitments.make(northwind, Promise("Send terms", THURSDAY), by=alice, at=MONDAY)
    client.force_login(alice)
    typed = {"name": "Legal", "email": "legal@acme.example", "question": "Terms?", "wanted_by": THURSDAY}
    with clock.fixed(MONDAY):
        page = client.post(reverse("conversations:ask_for_promise", args=[promise.pk]), typed, follow=True)
    assert "waiting for Legal" in page.content.decode()


def test_a_fault_is_said_by_the_field_and_what_was_typed_stays(
    client: Client, wait: Wait, alice: User
) -> None:
    client.force_login(alice)
    typed = {"name": "Legal", "email": "nowhere", "question": "May they?", "wanted_by": "2026-06-04"}
    with clock.fixed(MONDAY):
        answer = client.post(reverse("conversations:ask_for_wait", args=[wait.pk]), typed)
    assert answer.status_code == 422
    assert "Enter a valid email address." in answer.content.decode()
    assert "May they?" in answer.content.decode()


def test_who_may_not_see_the_partner_finds_no_ask(client: Client, ask: Ask, bob: User) -> None:
    Company.objects.update(reading=Company.Reading.OWN)
    client.force_login(bob)
    assert client.get(ask.get_absolute_url()).status_code == 404
