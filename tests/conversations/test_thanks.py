"""Short thanks: told by a table, in a group of their own, put away with one press, counted apart."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.test import Client

from conversations import figures, incoming, messages, thanks, waits
from conversations.models import Thanks, Wait
from conversations.waits import WaitRefused
from dashboards import queue
from partners import history
from partners.models import Contact, Event
from prm import clock
from team.models import User
from tests.conftest import MONDAY
from tests.conversations.agreement import assert_agreement
from tests.conversations.letters import raw
from tests.programs import program

HOUR = timedelta(hours=1)
PHRASES = [tuple(thanks.words_of(phrase)) for phrase in thanks.STARTERS]
NAMES = {"alice", "nora", "berg"}


@pytest.fixture(autouse=True)
def table(db: None) -> None:
    thanks.seed()


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "THANK YOU SO MUCH 🙏",
        "Many thanks, Alice.",
        "Hi Alice,\n\nperfect, thanks a lot!\n\nBest regards\nNora Berg",
        "Vielen Dank für die schnelle Antwort! Schönes Wochenende",
        "Dankeschön!!! :-)",
        "Alles klar, danke.\n\nMit freundlichen Grüßen\nNora Berg\nNorthwind GmbH",
        "Ok, got it. Thx\n\nOn 1 June 2026 Alice <alice@acme.example> wrote:\n> When is the launch?\n> Soon?",
        "Thanks\n-- \nNora Berg\nHead of alliances, what about +44 20 7946 0000?",
    ],
)
def test_what_only_says_thanks(text: str) -> None:
    assert thanks.says_only(text, PHRASES, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "Thanks, but when?",
        "Thanks. Please send the pack",
        "Thanks for nothing",
        "Danke, aber der Preis stimmt nicht",
        "Alice",
        "Nora Berg",
        "Thanks, Bob",  # nobody of that name is known here
        "Thanks " * 31,
        "No thanks",
        "Great. We sign tomorrow.",
        "> Thanks",
    ],
)
def test_what_says_more_or_nothing(text: str) -> None:
    assert not thanks.says_only(text, PHRASES, NAMES)


@pytest.mark.parametrize(
    "text", ["thanks " * 500_000, "a" * 3_000_000, "\n" * 1_000_000, ">" * 100_000, "ok ok " * 50]
)
def test_no_text_takes_long(text: str) -> None:
    began = time.perf_counter()
    thanks.is_thanks(text, None)
    assert time.perf_counter() - began < 1


def test_a_phrase_that_is_retired_says_thanks_no_more(nora: Contact) -> None:
    assert thanks.is_thanks("Cheers!", nora)
    Thanks.objects.filter(name="cheers").update(retired_at=MONDAY)
    assert not thanks.is_thanks("Cheers!", nora)


def thank(nora: Contact, alice: User, words: str = "Many thanks, Alice!") -> Wait:
    """Nora asked, Alice answered in time, Nora thanks: the wait of that."""
    at = clock.now() - 10 * HOUR
    asked = messages.receive(nora.partner, "email", "When is the launch?", at, contact=nora, subject="Launch")
    messages.reply(asked.conversation, "In May.", by=alice, at=at + HOUR)
    messages.receive(nora.partner, "email", words, at + 2 * HOUR, asked.conversation, contact=nora)
    return asked.conversation.waits.open().get()


def test_thanks_open_a_wait_that_stands_in_a_group_of_its_own(nora: Contact, alice: User) -> None:
    wait = thank(nora, alice)
    assert wait.only_thanks
    shown = queue.read(alice, "mine", clock.now())
    assert (shown.count, shown.rows) == (0, [])
    assert [(each.key, each.words) for each in shown.thanks] == [(str(wait.pk), "Many thanks, Alice!")]


def test_a_question_behind_the_thanks_takes_it_out_of_the_group(nora: Contact, alice: User) -> None:
    wait = thank(nora, alice)
    messages.receive(nora.partner, "email", "And the price?", clock.now(), wait.conversation, contact=nora)
    wait.refresh_from_db()
    assert not wait.only_thanks
    shown = queue.read(alice, "mine", clock.now())
    assert (len(shown.rows), shown.thanks) == (1, ())
    with pytest.raises(WaitRefused):
        thanks.clear([wait], by=alice, at=clock.now())
    assert_agreement(wait.conversation)


def test_one_press_puts_all_of_them_away_and_one_undo_brings_them_back(
    client: Client, nora: Contact, omar: Contact, alice: User
) -> None:
    found = [thank(nora, alice), thank(omar, alice, "Danke!")]
    client.force_login(alice)
    page = client.get("/?queue=team").text
    assert all(f'name="wait" value="{wait.pk}"' in page for wait in found)
    client.post("/waits/thanks/clear/", {"wait": [wait.pk for wait in found]})
    assert set(Wait.objects.filter(cleared=True).values_list("state", "cancelled_reason")) == {
        ("cancelled", "Only thanks")
    }
    assert Wait.objects.filter(cleared=True).count() == 2
    assert_agreement(*(wait.conversation for wait in found))
    history.undo(Event.objects.get(kind="thanks_cleared"), by=alice, at=clock.now())
    opened = {wait.pk: wait.opened_at for wait in found}
    assert dict(Wait.objects.open().values_list("pk", "opened_at")) == opened
    assert not Wait.objects.filter(cleared=True).exists()


def test_nobody_puts_away_what_does_not_only_say_thanks(client: Client, nora: Contact, alice: User) -> None:
    asked = messages.receive(nora.partner, "email", "When?", clock.now(), contact=nora)
    wait = asked.conversation.waits.get()
    client.force_login(alice)
    client.post("/waits/thanks/clear/", {"wait": [wait.pk, "x", "9" * 30]})
    wait.refresh_from_db()
    assert wait.is_open


def test_they_are_counted_apart_from_what_somebody_judged(nora: Contact, omar: Contact, alice: User) -> None:
    thanked, judged = thank(nora, alice), thank(omar, alice)
    thanks.clear([thanked], by=alice, at=clock.now())
    waits.cancel(judged, "They ring me anyway", by=alice, at=clock.now())
    asked = figures.Asked(clock.now() - timedelta(days=9), clock.now() + timedelta(days=9))
    assert list(figures.THANKS.counted(asked)) == [thanked]
    assert list(figures.EXCLUDED.counted(asked)) == [judged]
    assert not figures.IN_TIME.rows(asked).filter(pk__in=[thanked.pk, judged.pk]).exists()


def test_thanks_are_no_asking_again_but_a_question_behind_them_is(nora: Contact, alice: User) -> None:
    wait = thank(nora, alice)
    first = wait.conversation.waits.exclude(pk=wait.pk).get()
    assert not first.asked_again
    messages.receive(nora.partner, "email", "And the price?", clock.now(), wait.conversation, contact=nora)
    first.refresh_from_db()
    assert first.asked_again


def test_a_mail_with_a_file_says_more_than_thanks(nora: Contact) -> None:
    at = clock.now()
    mail = raw("nora@northwind.co.uk", body="Thanks!", id="<1@x>", at=at, files={"order.pdf": b"%PDF-1.4"})
    assert incoming.accept(mail, at).message.is_thanks is False  # type: ignore[union-attr]
    mail = raw("nora@northwind.co.uk", body="Thanks!\n", id="<2@x>", at=at)
    assert incoming.accept(mail, at).message.is_thanks is True  # type: ignore[union-attr]


def test_a_program_puts_them_away(nora: Contact, alice: User) -> None:
    here = f"/api/v1/waits/{thank(nora, alice).pk}/clear-thanks/"
    assert program(alice).send(here).json()["state"] == "cancelled"
    assert Wait.objects.filter(cleared=True).count() == 1
    assert program(alice).send(here).status_code == 409
