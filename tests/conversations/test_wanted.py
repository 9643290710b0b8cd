"""By when we want an answer: said in a reply, read by the partner, and counted only where it was said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations import corrections, figures, later, messages
from conversations.messages import Happening
from conversations.models import Message, Wanted
from conversations.records import MessageRefused
from partners.models import Contact, Partner
from portal import passes
from prm import clock, outbox
from team.models import User
from tests.conftest import MONDAY
from tests.sink import Sink

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THURSDAY = date(2026, 6, 4)


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with clock.fixed(MONDAY):
        yield


@pytest.fixture
def asked(nora: Contact) -> Message:
    return messages.receive(nora.partner, "email", "When?", MONDAY - HOUR, contact=nora, subject="Dates")


def share(partner: Partner, days: int = 7) -> tuple[int, int]:
    found = figures.THEIR_ANSWERS.value(
        figures.THEIR_ANSWERS.rows(figures.Asked(MONDAY, MONDAY + days * DAY, partner))
    )
    return found.k, found.n


def test_it_is_said_in_a_reply_and_read_in_the_mail_and_in_the_portal(
    client: Client, asked: Message, nora: Contact, alice: User, sink: Sink
) -> None:
    client.force_login(alice)
    page = reverse("conversations:reply", args=[asked.conversation_id])
    refused = client.post(page, {"body": "Which site?", "wanted_by": "2026-05-30"})
    assert refused.status_code == 422
    assert "that day has passed" in refused.content.decode()
    assert not Wanted.objects.exists()
    assert client.post(page, {"body": "Which site?", "wanted_by": "2026-06-04"}).status_code == 303
    with clock.fixed(MONDAY + HOUR):
        outbox.deliver(MONDAY + HOUR)
        assert " ".join(sink.bodies[-1].split()) == "Which site? Please answer by Thursday 4 June 2026."
        talk = client.get(asked.conversation.get_absolute_url()).content.decode()
        token = passes.token(passes.give(nora, 30, by=alice, at=MONDAY))
        theirs = client.get(reverse("portal:conversation", args=[token, asked.conversation_id]))
    assert "answer wanted by 4 June" in talk
    assert "please answer by 4 June 2026" in theirs.content.decode()


def test_it_ends_with_the_day_where_its_reader_is(asked: Message, nora: Contact, alice: User) -> None:
    Contact.objects.filter(pk=nora.pk).update(zone="America/New_York")
    messages.reply(asked.conversation, "Which?", alice, MONDAY, wanted_by=THURSDAY)
    assert Wanted.objects.get().ends_at.isoformat() == "2026-06-05T04:00:00+00:00"


@pytest.mark.parametrize(
    ("answer", "counted"),
    [
        ({"days": 1}, (1, 1)),
        ({"days": 4}, (0, 1)),
        ({"days": 1, "is_automatic": True}, (0, 1)),
        (None, (0, 1)),
    ],
)
def test_their_answers_are_counted_where_a_day_was_named(
    asked: Message, nora: Contact, alice: User, answer: Any, counted: tuple[int, int]
) -> None:
    messages.reply(asked.conversation, "And?", alice, MONDAY)  # names none: nothing is known of it
    messages.reply(asked.conversation, "Which?", alice, MONDAY + HOUR, wanted_by=THURSDAY)
    if answer:
        at = MONDAY + answer.pop("days") * DAY
        messages.receive(nora.partner, "email", "This.", at, asked.conversation, contact=nora, **answer)
    assert share(nora.partner) == counted
    assert share(nora.partner, days=2) == (0, 0)  # its day has not come


def test_a_call_answers_and_what_is_withdrawn_asks_nothing(
    asked: Message, nora: Contact, alice: User
) -> None:
    messages.reply(asked.conversation, "Which?", alice, MONDAY, wanted_by=THURSDAY)
    said = Happening("call", "They told me.", MONDAY + DAY, asked.conversation, nora)
    messages.log(nora.partner, said, by=alice, at=MONDAY + DAY)
    assert share(nora.partner) == (1, 1)
    corrections.withdraw(Wanted.objects.get().message, "Wrong thread", alice, MONDAY + 2 * DAY)
    assert share(nora.partner) == (0, 0)


def test_a_reply_for_later_takes_it_along(asked: Message, alice: User) -> None:
    at = MONDAY + DAY
    with pytest.raises(MessageRefused, match="that day has passed"):
        later.schedule(asked.conversation, "Which?", at, alice, MONDAY, wanted_by=MONDAY.date())
    reply = later.schedule(asked.conversation, "Which?", at, alice, MONDAY, wanted_by=THURSDAY)
    later.sweep(at)
    assert Wanted.objects.get().on == THURSDAY
    again = later.schedule(asked.conversation, "Now?", at + DAY, alice, at, holding=True, wanted_by=THURSDAY)
    later.take_back(again, alice, at)
    assert reply.wanted_by == THURSDAY
    place = asked.conversation.drafts.get()
    assert place.typed["wanted_by"] == ["2026-06-04"]


def test_the_record_shows_them_with_their_number(
    client: Client, asked: Message, nora: Contact, alice: User
) -> None:
    message = messages.start(nora.partner, "Sites", "Which?", alice, MONDAY, to=nora, wanted_by=THURSDAY)
    client.force_login(alice)
    with clock.fixed(MONDAY + 7 * DAY):
        page = client.get(reverse("dashboards:record", args=[nora.partner_id]))
    assert (page.context["their_share"].k, page.context["their_share"].n) == (0, 1)
    assert [each.message for each in page.context["their_answers"]] == [message]
    assert str(figures.THEIR_ANSWERS.words) in page.content.decode()
