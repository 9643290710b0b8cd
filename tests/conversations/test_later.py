"""Replies for later: sent once when their hour has come, or held back with the reason."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from conversations import drafts, hours, later, messages, moving, private_threads, threads, unsending
from conversations.commitments import Promise
from conversations.messages import Happening
from conversations.models import Commitment, Conversation, Draft, LaterFile, LaterReply, Message
from partners import contacts, history
from partners.models import Contact, Event, Partner
from portal import passes
from prm import clock, outbox, sweeper
from team import people
from team.models import Notice, User
from tests.conftest import BERLIN, MONDAY
from tests.conversations.test_sweep_race import at_once
from tests.dashboards.test_today import HOUR
from tests.sink import Sink

DAY = timedelta(days=1)
NOW, HOUR_SET = MONDAY + HOUR, MONDAY + 20 * HOUR


@pytest.fixture
def thread(northwind: Partner, nora: Contact) -> Conversation:
    asked = messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    return asked.conversation


@pytest.fixture
def waiting(thread: Conversation, alice: User) -> LaterReply:
    return later.schedule(thread, "By May.", HOUR_SET, by=alice, at=NOW)


# --- it goes out --------------------------------------------------------------------------------------


def test_it_is_sent_at_its_hour_with_all_it_carries(
    thread: Conversation, alice: User, sink: Sink, django_capture_on_commit_callbacks: Any
) -> None:
    promise = Promise("Send the plan", (NOW + 3 * DAY).date())
    file = SimpleUploadedFile("plan.pdf", b"%PDF-1.4\n%%EOF\n")
    reply = later.schedule(thread, "By May.", HOUR_SET, alice, NOW, promises=[promise], files=[file])
    kept = LaterFile.objects.get(reply=reply).file
    later.sweep(HOUR_SET - HOUR)
    assert thread.waits.get().is_open
    assert not Message.objects.filter(direction="out").exists()
    with django_capture_on_commit_callbacks(execute=True):
        later.sweep(HOUR_SET + HOUR / 60)
    assert not kept.storage.exists(kept.name)
    said = Message.objects.get(direction="out")
    assert (said.body, said.author, said.occurred_at) == ("By May.", alice, HOUR_SET + HOUR / 60)
    assert thread.waits.get().answered_at == said.occurred_at
    assert Commitment.objects.get().made_in == said
    assert said.attachments.get().file.read().startswith(b"%PDF")
    assert not LaterReply.objects.exists()
    outbox.deliver(HOUR_SET + 2 * HOUR)
    assert [mail["To"] for mail in sink.mails] == ["Nora Berg <Nora@northwind.co.uk>"]


def test_a_rollback_loses_nothing_and_a_second_sweep_sends_nothing(waiting: LaterReply) -> None:
    with transaction.atomic():
        later.sweep(HOUR_SET)
        transaction.set_rollback(True)
    assert not Message.objects.filter(direction="out").exists()
    later.sweep(HOUR_SET)
    later.sweep(HOUR_SET)
    assert Message.objects.filter(direction="out").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sweepers_at_once_with_rollbacks_send_each_once(nora: Contact, alice: User) -> None:
    for n in range(20):
        asked = messages.receive(nora.partner, "email", "?", MONDAY, contact=nora, subject=f"Question {n}")
        later.schedule(asked.conversation, f"Answer {n}", HOUR_SET, by=alice, at=NOW)
    rng = random.Random(5)

    def flaky(reply: LaterReply, at: datetime) -> None:
        later._go_out(reply, at)
        if rng.random() < 0.3:
            raise RuntimeError("injected, after all was written")

    due = LaterReply.objects.select_related(*later.RELATED)
    at_once(4, lambda n: sweeper.in_batches(due, HOUR_SET, flaky) and None)
    at_once(4, lambda n: later.sweep(HOUR_SET + 2 * HOUR) and None)
    said = Message.objects.filter(direction="out").values_list("body", flat=True)
    assert sorted(said) == sorted(f"Answer {n}" for n in range(20))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_they_write_while_it_goes_out_holds_it_back(waiting: LaterReply, nora: Contact) -> None:
    thread, written = waiting.conversation, threading.Event()

    def work(n: int) -> None:
        if n == 0:
            with transaction.atomic():
                messages.receive(thread.partner, "email", "Never mind.", HOUR_SET, thread, contact=nora)
                written.set()
                threading.Event().wait(1)  # the sweep begins meanwhile
        else:
            written.wait(10)
            later.sweep(HOUR_SET)

    at_once(2, work)
    assert not Message.objects.filter(direction="out").exists()
    assert Notice.objects.filter(kind="reply_held_back").exists()


def test_its_writer_sends_it_now_and_can_still_take_it_back(waiting: LaterReply, alice: User) -> None:
    message = later.send_now(waiting, by=alice, at=NOW + HOUR)
    with pytest.raises(later.Gone):
        later.send_now(waiting, by=alice, at=NOW + HOUR)
    unsending.unsend(message, by=alice, at=NOW + HOUR)
    assert Draft.objects.get().initial["body"] == "By May."


# --- it is held back ----------------------------------------------------------------------------------


def writes_again(thread: Conversation, nora: Contact, bob: User) -> str:
    messages.receive(thread.partner, "email", "Never mind.", NOW + HOUR, thread, contact=nora)
    return "Nora Berg wrote again, Mon 1 Jun 11:00."


def colleague_answers(thread: Conversation, nora: Contact, bob: User) -> str:
    messages.reply(thread, "In June.", bob, NOW + HOUR)
    return "Bob answered, Mon 1 Jun 11:00."


def colleague_calls(thread: Conversation, nora: Contact, bob: User) -> str:
    called = Happening("call", "Told her.", conversation=thread)
    messages.log(thread.partner, called, bob, NOW + HOUR, answers=[thread.waits.get()])
    return "Bob answered, Mon 1 Jun 11:00."


def contact_leaves(thread: Conversation, nora: Contact, bob: User) -> str:
    contacts.leave(nora, on=NOW.date(), by=bob, at=NOW + HOUR)
    return "Nora Berg is not there any more."


def address_goes(thread: Conversation, nora: Contact, bob: User) -> str:
    Contact.objects.filter(pk=nora.pk).update(email="")
    return "Nora Berg has no e-mail address any more."


def it_is_merged(thread: Conversation, nora: Contact, bob: User) -> str:
    other = messages.receive(thread.partner, "email", "?", MONDAY, contact=nora, subject="Prices")
    moving.merge(thread, other.conversation, bob, NOW + HOUR)
    return "“Dates” was merged into “Prices”."


def it_is_given(thread: Conversation, nora: Contact, bob: User) -> str:
    moving.give(thread, Partner.objects.get(name="Contoso"), bob, NOW + HOUR)
    return "“Dates” was moved from Northwind to Contoso."


def it_is_private(thread: Conversation, nora: Contact, bob: User) -> str:
    messages.log(thread.partner, Happening("note", "Mine.", conversation=thread), bob, NOW)
    private_threads.make_private(thread, by=bob, at=NOW)
    Conversation.objects.filter(pk=thread.pk).update(responsible=bob)
    thread.people.clear()
    return "Alice may not write in this conversation any more."


def colleague_closes(thread: Conversation, nora: Contact, bob: User) -> str:
    threads.resolve(thread, by=bob, at=NOW + HOUR, reason="We met them.")
    return "Bob marked the conversation as done: We met them."


@pytest.mark.parametrize(
    "happens",
    [
        writes_again,
        colleague_answers,
        colleague_calls,
        contact_leaves,
        address_goes,
        it_is_merged,
        it_is_given,
        it_is_private,
        colleague_closes,
    ],
)
def test_it_is_held_back(
    happens: Callable[[Conversation, Contact, User], str],
    waiting: LaterReply,
    thread: Conversation,
    nora: Contact,
    contoso: Partner,
    alice: User,
    bob: User,
    sink: Sink,
) -> None:
    why = happens(thread, nora, bob)
    later.sweep(HOUR_SET)
    later.sweep(HOUR_SET + HOUR)
    assert not Message.objects.filter(body="By May.").exists()
    told = Notice.objects.get(kind="reply_held_back")
    assert told.person == alice
    if happens is not it_is_private:
        assert why in told.text
    else:
        assert "private" in told.text
        assert "By May" not in told.text
    draft = drafts.find(drafts.place_of(Draft.objects.get()), alice)
    assert draft is not None
    assert draft.initial["body"] == "By May."
    assert Event.objects.get(kind="reply_held_back").note == why


def test_of_who_left_it_goes_to_who_answers_now(
    waiting: LaterReply, alice: User, erin: User, ravi: User
) -> None:
    thread = waiting.conversation
    people.deactivate(alice, by=ravi)
    Conversation.objects.filter(pk=thread.pk).update(responsible=erin)
    later.sweep(HOUR_SET)
    assert not Message.objects.filter(direction="out").exists()
    assert Draft.objects.get().writer == erin
    assert "A reply of Alice" in Notice.objects.get(kind="reply_held_back").text


def test_where_nobody_answers_now_either_it_goes_to_a_head(
    waiting: LaterReply, northwind: Partner, alice: User, erin: User, ravi: User
) -> None:
    people.deactivate(alice, by=ravi)
    Conversation.objects.filter(pk=waiting.conversation_id).update(responsible=None)
    later.sweep(HOUR_SET)
    assert Draft.objects.get().writer == erin
    assert Notice.objects.get(kind="reply_held_back").person == erin


def test_what_its_writer_sent_meanwhile_holds_nothing_back(
    waiting: LaterReply, thread: Conversation, alice: User
) -> None:
    messages.reply(thread, "Got it, the answer follows.", alice, NOW + HOUR, holding=True)
    later.sweep(HOUR_SET)
    assert Message.objects.filter(body="By May.").exists()


def test_a_promise_that_passed_meanwhile_holds_it_back(thread: Conversation, alice: User) -> None:
    promise = Promise("Send the plan", HOUR_SET.date())
    later.schedule(thread, "By May.", HOUR_SET, alice, NOW, promises=[promise])
    later.sweep(HOUR_SET + 3 * DAY)  # nobody swept for days
    assert "The day has passed" in Notice.objects.get(kind="reply_held_back").text
    assert Draft.objects.get().initial["promise"] == "Send the plan"


# --- it is changed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hour", "says"), [(NOW, "passed"), (NOW + 91 * DAY, "90 days ahead")])
def test_impossible_times_are_refused(thread: Conversation, alice: User, hour: datetime, says: str) -> None:
    with pytest.raises(later.TimeRefused, match=says):
        later.schedule(thread, "By May.", hour, by=alice, at=NOW)


def test_a_promise_before_it_goes_out_is_refused(thread: Conversation, alice: User) -> None:
    with pytest.raises(later.LaterRefused, match="Choose a later day"):
        later.schedule(
            thread, "Soon", NOW + 5 * DAY, alice, NOW, promises=[Promise("It", (NOW + DAY).date())]
        )


def test_only_its_writer_changes_it(waiting: LaterReply, alice: User, bob: User) -> None:
    for verb in (later.take_back, later.send_now):
        with pytest.raises(later.LaterRefused, match="Only Alice"):
            verb(waiting, by=bob, at=NOW)
    later.move(waiting, NOW + 3 * DAY, by=alice, at=NOW)
    later.sweep(HOUR_SET)
    assert not Message.objects.filter(direction="out").exists()


def test_the_history_takes_it_back(waiting: LaterReply, alice: User) -> None:
    history.undo(Event.objects.get(kind="reply_scheduled"), by=alice, at=NOW + HOUR)
    assert not LaterReply.objects.exists()
    assert Draft.objects.get().initial["body"] == "By May."


def test_hours_are_those_of_the_partners_desk() -> None:
    thursday = datetime(2026, 11, 26, 17, 0, tzinfo=BERLIN)
    here = [hours.words(at, "Europe/Berlin") for at in hours.suggested(thursday, "America/Chicago")]
    assert here == ["Thu 26 Nov 21:00", "Fri 27 Nov 16:00", "Mon 30 Nov 16:00"]
    monday = hours.suggested(datetime(2026, 11, 28, 12, 0, tzinfo=BERLIN), "America/Chicago")[0]
    assert hours.there(monday, "America/Chicago", "Europe/Berlin") == "09:00 in Chicago"
    assert hours.there(monday, "Europe/Paris", "Europe/Berlin") == ""


# --- the page -----------------------------------------------------------------------------------------


def test_the_page_sends_later(client: Client, thread: Conversation, alice: User, bob: User) -> None:
    Partner.objects.filter(pk=thread.partner_id).update(zone="America/Chicago")
    client.force_login(alice)
    url = reverse("conversations:reply", args=[thread.pk])
    with clock.fixed(NOW):
        page = client.get(thread.get_absolute_url()).content.decode()
        assert "Tue 2 Jun 16:00" in page
        assert "09:00 in Chicago" in page
        assert "after the promised time" in page
        ahead = datetime(2026, 6, 3, 9, 0, tzinfo=BERLIN)
        done = client.post(url, {"body": "By May.", "later": ahead.isoformat()}, follow=True).content.decode()
    assert "That is after the promised time, Tue 2 Jun 09:00." in done
    assert "Goes out Wed 3 Jun 09:00 (02:00 in Chicago)" in done
    assert "Take back" in done
    client.force_login(bob)
    seen = client.get(thread.get_absolute_url()).content.decode()
    assert "By May." in seen
    assert "Send now" not in seen
    with clock.fixed(NOW):
        assert "reply goes out" in client.get("/inbox/?view=team").content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"later": "typed"}, "Say when it goes out"),
        ({"later": "typed", "goes_out_at": "2026-05-01T09:00"}, "That time has passed"),
        ({"later": "typed", "goes_out_at": "2027-05-01T09:00"}, "90 days ahead"),
        ({"later": "nonsense"}, "Say when it goes out"),
        ({"goes_out_at": "2026-06-03T09:00"}, "Press “Record then”"),
    ],
)
def test_a_wrong_time_keeps_what_was_typed(
    client: Client, thread: Conversation, alice: User, typed: dict[str, str], says: str
) -> None:
    client.force_login(alice)
    with clock.fixed(NOW):
        url = reverse("conversations:reply", args=[thread.pk])
        again = client.post(url, {"body": "By May.", **typed})
    assert again.status_code == 422
    assert says in again.content.decode()
    assert "By May." in again.content.decode()
    assert not LaterReply.objects.exists()
    assert not Message.objects.filter(direction="out").exists()


def test_change_and_take_back_on_the_page(client: Client, waiting: LaterReply, alice: User) -> None:
    client.force_login(alice)
    change = reverse("conversations:later_change", args=[waiting.pk])
    with clock.fixed(NOW):
        assert client.post(change, {"goes_out_at": "2026-05-01T09:00"}).status_code == 422
        assert client.post(change, {"goes_out_at": "2026-06-04T09:00"}).status_code == 303
        assert LaterReply.objects.get().goes_out_at == datetime(2026, 6, 4, 9, 0, tzinfo=BERLIN)
        back = reverse("conversations:later_take_back", args=[waiting.pk])
        assert "By May." in client.post(back, follow=True).content.decode()
        assert client.post(back).status_code == 404


def test_the_partner_reads_no_word_of_it(
    client: Client, waiting: LaterReply, nora: Contact, alice: User
) -> None:
    given = passes.give(nora, 30, by=alice, at=NOW)
    address = reverse("portal:conversation", args=[passes.token(given), waiting.conversation_id])
    with clock.fixed(NOW + HOUR):
        assert b"By May." not in client.get(address).content
