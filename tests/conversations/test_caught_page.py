"""Promises offered while one types: a press fills the form, its own press saves."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations import messages
from conversations.models import Commitment, Wait
from partners.models import Contact, Partner
from prm import clock
from team.models import CalendarDay, User
from tests.conftest import MONDAY
from tests.dashboards.test_today import HOUR

CAUGHT = "/promises/caught/"


def offers(client: Client, body: str) -> str:
    with clock.fixed(MONDAY):
        answer = client.post(CAUGHT, {"body": body})
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_offers_what_is_typed_and_keeps_nothing(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = offers(client, "Hi Nora, I'll send the pack by Friday.")
    assert "Promise: Send the pack by Fri 5 Jun" in page
    assert 'data-promised_for="2026-06-05"' in page
    assert not Commitment.objects.exists()


def test_it_says_whose_promise_it_is(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = offers(client, "They will send the numbers by Friday.")
    assert "They promise: Send the numbers by Fri 5 Jun" in page
    assert 'data-promise_side="theirs"' in page


def test_a_day_of_another_year_shows_its_year(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "by Sun 31 Jan 2027" in offers(client, "I'll send the report by 31 January.")


def test_without_a_promise_it_says_nothing(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "button" not in offers(client, "I sent it on Friday.")


def test_markup_that_was_typed_is_shown_as_text(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = offers(client, 'I will send "<script>alert(1)</script> by Friday.')
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_days_are_those_of_the_readers_zone_and_calendar(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(zone="Pacific/Auckland")
    CalendarDay.objects.create(calendar=alice.company.calendar, on="2026-06-05", label="Closed")  # type: ignore[union-attr]
    client.force_login(alice)
    with clock.fixed(MONDAY + 6 * HOUR):  # Tuesday 01:00 in Auckland
        answer = client.post(CAUGHT, {"body": "I'll call you tomorrow. I'll send it by the end of the week."})
    assert b"Call you by Wed 3 Jun" in answer.content
    assert b"Send it by Thu 4 Jun" in answer.content


def test_it_needs_a_post_and_reads_so_much_and_no_more(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get(CAUGHT).status_code == 405
    assert "button" not in offers(client, "x " * 20_000 + "I will send the pack by Friday.")


def test_it_asks_who_reads_and_their_calendar_only(client: Client, alice: User) -> None:
    client.force_login(alice)
    offers(client, "")
    with CaptureQueriesContext(connection) as asked:
        offers(client, "I'll send the pack by Friday.")
    assert len(asked) <= 5, [query["sql"][:120] for query in asked.captured_queries]


@pytest.fixture
def waiting(northwind: Partner, nora: Contact) -> Wait:
    messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    return Wait.objects.get()


def reply(client: Client, waiting: Wait, **typed: str) -> None:
    with clock.fixed(MONDAY + HOUR):
        address = reverse("conversations:reply", args=[waiting.conversation_id])
        assert client.post(address, {"body": "We come back to you.", **typed}).status_code == 303


def test_a_holding_reply_with_a_promise_of_theirs_still_waits(
    client: Client, alice: User, waiting: Wait
) -> None:
    client.force_login(alice)
    promise = {"promise": "Send the list", "promised_for": "2026-06-05", "promise_side": "theirs"}
    reply(client, waiting, holding="on", **promise)
    assert Commitment.objects.get().side == "theirs"
    assert Wait.objects.get().is_open


def test_a_promise_without_a_side_is_ours(client: Client, alice: User, waiting: Wait) -> None:
    client.force_login(alice)
    reply(client, waiting, holding="on", promise="Send the list", promised_for="2026-06-05")
    assert (Commitment.objects.get().side, Commitment.objects.get().owner) == ("ours", alice)
    assert not Wait.objects.get().is_open


def test_a_promise_of_theirs_in_a_log_is_made_by_whom_it_was_with(
    client: Client, alice: User, northwind: Partner, nora: Contact
) -> None:
    client.force_login(alice)
    typed = {"channel": "call", "body": "Talked.", "visibility": "internal", "contact": nora.pk}
    promise = {"promise": "Send the list", "promised_for": "2026-06-05", "promise_side": "theirs"}
    with clock.fixed(MONDAY):
        client.post(f"/log/?partner={northwind.pk}", typed | promise)
    assert Commitment.objects.get().contact == nora
