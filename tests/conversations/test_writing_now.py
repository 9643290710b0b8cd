"""Two who answer at once: each sees the other write, and reads what was answered before answering, too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conversations import corrections, drafts, messages
from conversations.models import Conversation, Draft, Message
from partners.models import Contact, Partner
from prm import clock
from team.models import User
from tests.conftest import MONDAY
from tests.dashboards.test_today import HOUR

NOW = MONDAY + HOUR
IS_WRITING = "Bob is writing a reply."


@pytest.fixture
def thread(northwind: Partner, nora: Contact) -> Conversation:
    asked = messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    return asked.conversation


def begins(writer: User, thread: Conversation) -> None:
    drafts.keep(drafts.reply_in(thread.pk), {"body": ["By"]}, by=writer, at=NOW)


def test_whoever_opens_the_thread_sees_who_writes(
    client: Client, alice: User, bob: User, thread: Conversation
) -> None:
    begins(bob, thread)
    client.force_login(alice)
    with clock.fixed(NOW + timedelta(seconds=90)):
        assert IS_WRITING in client.get(thread.get_absolute_url()).content.decode()
        assert IS_WRITING in client.get("/", {"reply": thread.waits.get().pk}).content.decode()
    with clock.fixed(NOW + timedelta(minutes=3)):
        assert IS_WRITING not in client.get(thread.get_absolute_url()).content.decode()
    client.force_login(bob)
    with clock.fixed(NOW):
        assert IS_WRITING not in client.get(thread.get_absolute_url()).content.decode()


def test_whoever_has_it_open_is_told_quietly(
    client: Client, alice: User, bob: User, thread: Conversation
) -> None:
    client.force_login(alice)
    with clock.fixed(NOW):
        seen = client.get(thread.get_absolute_url()).context["writing"].now.seen
        asks = reverse("conversations:writing_now", args=[thread.pk])
        assert IS_WRITING not in client.get(asks, {"seen": seen}).content.decode()
        begins(bob, thread)
        assert IS_WRITING in client.get(asks, {"seen": seen}).content.decode()
        messages.reply(thread, "By May.", by=bob, at=NOW)
        drafts.sent(drafts.reply_in(thread.pk), bob)
        told = client.get(asks, {"seen": seen}).content.decode()
    assert IS_WRITING not in told
    assert "Bob answered" in told
    assert "By May." in told


def test_what_was_answered_meanwhile_is_read_first(
    client: Client, alice: User, bob: User, thread: Conversation
) -> None:
    client.force_login(alice)
    sends = reverse("conversations:reply", args=[thread.pk])
    seen = client.get(thread.get_absolute_url()).context["writing"].now.seen
    messages.reply(thread, "By May.", by=bob, at=NOW)
    with clock.fixed(NOW + timedelta(minutes=1)):
        answer = client.post(sends, {"body": "By June.", "seen": seen})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Bob answered at 10:00. Read it, then send anyway." in page
        assert ">\nBy June.</textarea>" in page
        assert "By May." in page
        assert Message.objects.filter(author=alice).count() == 0
        client.post(sends, {"body": "By June.", "seen": answer.context["writing"].now.seen})
    assert Message.objects.get(author=alice).body == "By June."


def test_on_today_the_words_go_along_to_the_conversation(
    client: Client, alice: User, bob: User, thread: Conversation
) -> None:
    client.force_login(alice)
    wait = thread.waits.get()
    seen = client.get("/", {"reply": wait.pk}).context["writing"].now.seen
    messages.reply(thread, "By May.", by=bob, at=NOW)
    typed = {"body": "By June.", "seen": seen}
    answer = client.post(reverse("dashboards:answer", args=[wait.pk]), typed, follow=True)
    page = answer.content.decode()
    assert "Bob answered at 10:00. Read it, then send anyway." in page
    assert ">\nBy June.</textarea>" in page
    assert Draft.objects.get().writer == alice


def test_a_note_a_withdrawn_reply_and_my_own_hold_nothing_up(
    client: Client, alice: User, bob: User, thread: Conversation
) -> None:
    client.force_login(alice)
    seen = client.get(thread.get_absolute_url()).context["writing"].now.seen
    messages.log(thread.partner, messages.Happening("note", "Hm", conversation=thread), bob, NOW)
    wrong = messages.reply(thread, "Wrong.", by=bob, at=NOW)
    corrections.withdraw(wrong, "Wrong thread", bob, NOW)
    messages.reply(thread, "One moment.", by=alice, at=NOW)
    client.post(reverse("conversations:reply", args=[thread.pk]), {"body": "By June.", "seen": seen})
    assert Message.objects.filter(author=alice).count() == 2
