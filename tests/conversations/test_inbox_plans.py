"""How PostgreSQL reads the inbox, a thread and the sweep: along indexes, however much was ever said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.faults import filling
from conversations import inbox, messages, sweeping
from conversations.models import Conversation, Wait
from partners.models import Contact
from prm import clock
from team.models import Leave, User
from tests.conftest import MONDAY

MANY = 12_000
LARGE = ("conversations_conversation", "conversations_message", "conversations_wait")

pytestmark = pytest.mark.postgres


@pytest.fixture
def thread(nora: Contact, alice: User, bob: User, erin: User) -> Conversation:
    """A conversation among 12,000 others, of which one in forty is open and waits, and as many messages."""
    filling.idle(MANY, MONDAY)
    asked = messages.receive(nora.partner, "email", "Terms?", MONDAY, contact=nora)
    messages.receive(nora.partner, "email", "A copy", MONDAY, asked.conversation, is_copy=True)
    last = messages.reply(asked.conversation, "They hold.", alice, MONDAY)
    thread = asked.conversation_id
    filling.copy(last, MANY, id=f"{last.pk} + n", conversation_id=f"{thread} - 1 - mod(n, {MANY - 1})")
    today = MONDAY.date()
    Leave.objects.create(user=bob, delegate=alice, starts_on=today, ends_on=today + timedelta(days=3))
    others = Conversation.objects.filter(pk__lt=thread)
    others.update(last_message_at=MONDAY)
    others.annotate(n=F("pk") % 40).exclude(n=0).update(state=Conversation.State.DONE)
    ended = {"state": Wait.State.MET, "answered_at": MONDAY, "next_check_at": None}
    Wait.objects.filter(conversation__in=others.filter(state=Conversation.State.DONE)).update(**ended)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(LARGE)}")
    return asked.conversation


def read_whole(asked: list[dict[str, Any]]) -> list[str]:
    """The questions for which a large table is read from end to end, with the plan."""
    found = []
    with connection.cursor() as cursor:
        for query in asked:
            if query["sql"].startswith(("SELECT", "WITH", "(SELECT")):
                cursor.execute(f"EXPLAIN {query['sql']}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                if any(f"Seq Scan on {table}" in plan for table in LARGE):
                    found.append(f"{query['sql']}\n{plan}")
    return found


def test_the_inbox_in_each_view_for_a_manager_and_a_head(
    thread: Conversation, alice: User, erin: User
) -> None:
    mark = inbox.Mark(MONDAY, thread.pk)
    with CaptureQueriesContext(connection) as asked:
        for person in (alice, erin):
            for view in inbox.VIEWS:
                inbox.read(person, view, MONDAY)
                inbox.read(person, view, MONDAY, before=mark)
                inbox.neighbours(person, view, thread, MONDAY)
    found = read_whole(asked.captured_queries)
    assert not found, "\n\n".join(found)


def test_a_thread_and_the_sweep(thread: Conversation, alice: User, client: Client) -> None:
    client.force_login(alice)
    with clock.fixed(MONDAY), CaptureQueriesContext(connection) as asked:
        assert client.get(f"{thread.get_absolute_url()}?in=mine").status_code == 200
        assert sweeping.sweep_waits(MONDAY + timedelta(days=3)) == 0
    assert thread.messages.count() == 3
    found = read_whole(asked.captured_queries)
    assert not found, "\n\n".join(found)
