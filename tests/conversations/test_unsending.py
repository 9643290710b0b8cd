"""Undo of what was sent: for ten seconds, whole, and never of what has left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conversations import auditing, drafts, messages, sweeping, unsending
from conversations.commitments import Promise
from conversations.models import Attachment, Commitment, Conversation, Draft, Message, Wait
from conversations.records import MessageRefused
from partners.models import Contact, Event, Partner
from portal import seen
from prm import clock, outbox
from prm.models import OutboxItem
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.dashboards.test_today import HOUR
from tests.sink import Sink

NOW = MONDAY + HOUR
SECOND = timedelta(seconds=1)


@pytest.fixture
def thread(northwind: Partner, nora: Contact) -> Conversation:
    asked = messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    return asked.conversation


def everything(thread: Conversation) -> dict[str, object]:
    """All that a reply changes."""
    columns = Conversation.objects.filter(pk=thread.pk).values("state", "last_message_at")
    return {
        "waits": list(thread.waits.order_by("pk").values()),
        "messages": list(Message.objects.order_by("pk").values_list("pk")),
        "promises": list(Commitment.objects.values()),
        "thread": list(columns),
        "partner": Partner.objects.get(pk=thread.partner_id).last_touch_at,
        "contact": Contact.objects.get(partner=thread.partner_id).last_touch_at,
        "outbox": OutboxItem.objects.count(),
        "files": Attachment.objects.count(),
        "notices": Notice.objects.count(),
        "events": list(Event.objects.exclude(kind="message_unsent").values_list("kind", flat=True)),
    }


def test_it_is_taken_back_whole(thread: Conversation, alice: User, sink: Sink) -> None:
    before = everything(thread)
    promise = Promise("Send the plan", (NOW + timedelta(days=3)).date(), owner=None)
    files = [SimpleUploadedFile("plan.pdf", b"%PDF-1.4\n%%EOF\n")]
    said = messages.reply(thread, "By May.", alice, NOW, promises=[promise], files=files)
    assert thread.waits.get().state == "met"
    unsending.unsend(said, by=alice, at=NOW + 9 * SECOND)
    assert everything(thread) == before
    outbox.deliver(NOW + HOUR)
    assert sink.mails == []
    draft = Draft.objects.get().initial
    assert draft == {
        "body": "By May.",
        "promise": "Send the plan",
        "promised_for": "2026-06-04",
        "promise_side": "ours",
    }


def test_it_leaves_after_ten_seconds_and_not_before(thread: Conversation, alice: User, sink: Sink) -> None:
    messages.reply(thread, "By May.", alice, NOW)
    assert outbox.deliver(NOW + 9 * SECOND) == 0
    assert outbox.deliver(NOW + 10 * SECOND) == 1
    assert len(sink.mails) == 1
    wait = thread.waits.get()
    assert wait.answered_at == NOW  # the press


@pytest.mark.parametrize("left", [True, False])
def test_afterwards_it_is_refused_in_words(
    client: Client, thread: Conversation, alice: User, sink: Sink, left: bool
) -> None:
    said = messages.reply(thread, "By May.", alice, NOW)
    if left:
        outbox.deliver(NOW + 10 * SECOND)
    client.force_login(alice)
    with clock.fixed(NOW + (10 if left else 11) * SECOND):
        answer = client.post(reverse("conversations:unsend", args=[said.pk]), follow=True)
    words = "It has left already" if left else "Ten seconds are over"
    assert words in answer.content.decode()
    assert Message.objects.filter(pk=said.pk, withdrawn_at=None).exists()
    assert thread.waits.get().state == "met"


def test_a_relay_that_is_at_it_wins(thread: Conversation, alice: User, sink: Sink) -> None:
    said = messages.reply(thread, "By May.", alice, NOW)
    OutboxItem.objects.update(attempts=1)  # claimed
    with pytest.raises(unsending.TooLate):
        unsending.unsend(said, by=alice, at=NOW + SECOND)
    assert thread.waits.get().state == "met"


def test_twice_pressed_is_refused(thread: Conversation, alice: User) -> None:
    said = messages.reply(thread, "By May.", alice, NOW)
    unsending.unsend(said, by=alice, at=NOW + SECOND)
    with pytest.raises(MessageRefused, match="already"):
        unsending.unsend(said, by=alice, at=NOW + SECOND)


def test_only_who_wrote_it_takes_it_back(thread: Conversation, alice: User, bob: User) -> None:
    said = messages.reply(thread, "By May.", alice, NOW)
    with pytest.raises(MessageRefused, match="Only Alice"):
        unsending.unsend(said, by=bob, at=NOW + SECOND)


def test_what_was_logged_is_withdrawn_instead(thread: Conversation, alice: User) -> None:
    happened = messages.Happening("email", "Sent elsewhere.", conversation=thread, shared=True)
    said = messages.log(thread.partner, happened, alice, NOW)
    with pytest.raises(MessageRefused, match="Withdraw it instead"):
        unsending.unsend(said, by=alice, at=NOW + SECOND)


def test_a_late_answer_taken_back_is_found_late_by_the_sweep(thread: Conversation, alice: User) -> None:
    due = thread.waits.get().due_at
    said = messages.reply(thread, "Sorry.", alice, due + 30 * SECOND)
    assert thread.waits.get().state == "met_late"
    unsending.unsend(said, by=alice, at=due + 35 * SECOND)
    sweeping.sweep_waits(due + 60 * SECOND)
    wait = thread.waits.get()
    assert (wait.state, wait.breached_at) == ("late", due)
    assert Event.objects.filter(kind="wait_breached").count() == 1
    assert alice.notices.filter(kind="wait_breached").count() == 1


def test_the_nightly_audit_finds_nothing(thread: Conversation, alice: User) -> None:
    said = messages.reply(thread, "By May.", alice, NOW)
    unsending.unsend(said, by=alice, at=NOW + SECOND)
    assert list(auditing.differences(thread)) == []


def test_a_mail_that_began_a_conversation_leaves_none(
    client: Client, northwind: Partner, nora: Contact, alice: User, sink: Sink
) -> None:
    client.force_login(alice)
    typed = {"subject": "Plan", "contact": nora.pk, "body": "Here is the plan."}
    with clock.fixed(NOW):
        page = client.post(reverse("conversations:start", args=[northwind.pk]), typed, follow=True)
        undo = reverse("conversations:unsend", args=[Message.objects.get().pk])
        assert f'action="{undo}"' in page.content.decode()
        page = client.post(undo, follow=True)
    assert "Taken back. Your words are here as a draft." in page.content.decode()
    assert page.context["form"]["contact"].value() == str(nora.pk)
    assert 'value="Plan"' in page.content.decode()
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()


def test_what_was_begun_since_stays(thread: Conversation, alice: User) -> None:
    place = drafts.reply_in(thread.pk)
    said = messages.reply(thread, "By May.", alice, NOW)
    drafts.keep(place, {"body": ["And more."]}, by=alice, at=NOW + SECOND)
    unsending.unsend(said, by=alice, at=NOW + 2 * SECOND)
    assert Draft.objects.get().initial["body"] == "By May.\n\nAnd more."


def test_the_press_says_so_and_the_thread_has_a_link_without_a_script(
    client: Client, thread: Conversation, alice: User, sink: Sink
) -> None:
    client.force_login(alice)
    with clock.fixed(NOW):
        page = client.post(reverse("conversations:reply", args=[thread.pk]), {"body": "By May."}, follow=True)
        assert "Sent. Northwind has its answer." in page.content.decode()
        assert "Undo sending" in page.content.decode()
    with clock.fixed(NOW + 11 * SECOND):
        assert "Undo sending" not in client.get(thread.get_absolute_url()).content.decode()


def test_the_partner_sees_it_when_it_cannot_be_taken_back_any_more(
    thread: Conversation, nora: Contact, alice: User
) -> None:
    promise = Promise("Send the plan", (NOW + timedelta(days=3)).date(), owner=None)
    messages.reply(thread, "By May.", alice, NOW, promises=[promise])
    with clock.fixed(NOW + 5 * SECOND):
        assert [m.body for m in seen.messages(nora)] == ["When?"]
        assert not seen.promises(nora).exists()
    with clock.fixed(NOW + 11 * SECOND):
        assert seen.messages(nora).count() == 2
        assert seen.promises(nora).count() == 1


def test_on_today_the_undo_stands_beside(client: Client, thread: Conversation, alice: User) -> None:
    client.force_login(alice)
    wait = Wait.objects.get()
    with clock.fixed(NOW):
        sends = reverse("dashboards:answer", args=[wait.pk])
        said = client.post(sends, {"body": "By May."}, HTTP_HX_REQUEST="true").content.decode()
        undo = reverse("conversations:unsend", args=[Message.objects.get(direction="out").pk])
        assert f'action="{undo}"' in said
        client.post(undo)
    wait.refresh_from_db()
    assert wait.state == "open"
