"""Search over messages: found by every word, seen only by whom it may be, newest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations import corrections, index, messages, searching
from conversations.index import postgresql
from conversations.messages import Happening
from conversations.models import Conversation, Message
from partners import contacts, organisations
from partners.models import Contact, Partner
from team.models import Company, User
from tests.conftest import MONDAY

HOUR = timedelta(hours=1)


def said(partner: Partner, body: str, by: User, n: int = 0, **more: Any) -> Message:
    return messages.log(partner, Happening("call", body, **more), by=by, at=MONDAY + n * HOUR)


def found(user: User, typed: str, **more: Any) -> list[str]:
    return [message.opening for message in searching.search(user, typed, **more).messages]


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("margin", True),
        ("MARGIN", True),
        ("revised margin", True),
        ("margin revised", True),
        ("margin roadmap", False),
        ("mar", True),
        ("argin", False),
        ("mar revised", False),
        ('"revised margin"', True),
        ('"margin revised"', False),
        ('"revised mar"', False),
        ("munchen", True),
        ("München", True),
        ("muenchen", True),
        ("strasse", True),
        ("Straße", True),
        ("cafe", True),
        ("co-sell", True),
        ("pack@acme.example", True),
        ("3.14", True),
        ("ΑΘΉΝΑ", True),
        ("москва", True),
    ],
)
def test_it_finds(northwind: Partner, alice: User, typed: str, is_found: bool) -> None:
    body = (
        "The revised margin for München, Lange Straße 7: Café, Co-Sell, pack@acme.example, 3.14. Αθήνα Москва"
    )
    said(northwind, body, alice)
    assert bool(found(alice, typed)) is is_found


def test_it_finds_by_who_wrote_and_who_was_meant(
    northwind: Partner, nora: Contact, alice: User, bob: User
) -> None:
    messages.receive(northwind, "email", "The first", MONDAY, contact=nora, subject="Budget of the year")
    said(northwind, "The second", bob, 1, contact=nora)
    said(northwind, "The third", alice, 2)
    assert found(alice, "nora") == ["The second", "The first"]
    assert found(alice, "nora budget") == ["The first"]
    assert found(alice, "bob") == ["The second"]
    assert found(alice, "alice third") == ["The third"]
    assert found(alice, "nora@northwind.co.uk budget") == ["The first"]
    assert found(alice, "northwind second") == ["The second"]


def test_it_follows_a_name_that_changes(
    northwind: Partner, contoso: Partner, nora: Contact, alice: User
) -> None:
    said(northwind, "A call", alice, contact=nora, subject="Hello")
    said(contoso, "A talk", alice)
    contacts.change(nora, {"name": "Nora Lindqvist"}, by=alice, at=MONDAY)
    organisations.change(contoso, {"name": "Fabrikam"}, by=alice, at=MONDAY)
    alice.name = "Alicia"
    alice.save()
    assert found(alice, "berg") == found(alice, "contoso") == []
    assert found(alice, "lindqvist alicia") == ["A call"]
    assert found(alice, "fabrikam alicia") == ["A talk"]


def test_newest_come_first_and_go_on_from_the_mark(northwind: Partner, alice: User) -> None:
    for n in range(2 * searching.PAGE + 1):
        said(northwind, f"Budget {n}", alice, -n)
    first = searching.search(alice, "budget")
    second = searching.search(alice, "budget", first.older)
    third = searching.search(alice, "budget", second.older)
    shown = [message.opening for page in (first, second, third) for message in page.messages]
    assert shown == [f"Budget {n}" for n in range(2 * searching.PAGE + 1)]
    assert (bool(first.older), bool(second.older), third.older) == (True, True, "")


def test_messages_of_one_moment_are_neither_lost_nor_twice(northwind: Partner, alice: User) -> None:
    for _ in range(searching.PAGE + 2):
        said(northwind, "Budget", alice)
    first = searching.search(alice, "budget")
    second = searching.search(alice, "budget", first.older)
    shown = {message.pk for page in (first, second) for message in page.messages}
    assert shown == set(Message.objects.values_list("pk", flat=True))
    assert len(second.messages) == 2


def test_a_withdrawn_message_is_not_found_until_it_is_back(northwind: Partner, alice: User) -> None:
    message = said(northwind, "Budget", alice)
    corrections.withdraw(message, "Wrong", alice, MONDAY)
    assert found(alice, "budget") == []
    corrections.restore(message, alice, MONDAY)
    assert found(alice, "budget") == ["Budget"]


def test_a_corrected_message_is_found_as_it_stands(northwind: Partner, alice: User) -> None:
    message = said(northwind, "Budget", alice)
    corrections.correct(message, alice, MONDAY, body="Margin")
    assert (found(alice, "budget"), found(alice, "margin")) == ([], ["Margin"])


def test_only_one_partner_is_searched_where_it_is_named(
    northwind: Partner, contoso: Partner, alice: User
) -> None:
    said(northwind, "Budget there", alice)
    said(contoso, "Budget here", alice)
    assert found(alice, "budget", partner=contoso) == ["Budget here"]


@pytest.mark.parametrize("named", [0, searching.NAMED])
def test_who_reads_only_own_partners_finds_only_theirs(
    northwind: Partner, contoso: Partner, alice: User, bob: User, monkeypatch: Any, named: int
) -> None:
    """Whether the index is asked about the partners by name or what it finds is looked through."""
    monkeypatch.setattr(searching, "NAMED", named)
    monkeypatch.setattr(searching, "STEPS", (2, 3))
    Company.objects.update(reading=Company.Reading.OWN)
    for n in range(9):
        said(contoso, f"Budget of Contoso {n}", alice, n)
    for n in range(2):
        said(northwind, f"Budget of Northwind {n}", alice, -n)
    reader = User.objects.get(pk=alice.pk)
    assert found(reader, "budget") == ["Budget of Northwind 0", "Budget of Northwind 1"]
    assert found(User.objects.get(pk=bob.pk), "budget") == []


def test_nobody_without_a_role_finds_anything(northwind: Partner, alice: User) -> None:
    said(northwind, "Budget", alice)
    assert found(User.objects.create_user("rolf@acme.example", name="Rolf"), "budget") == []


JUNK = [
    "",
    "a",
    "!!! ???",
    '"',
    '"" ""',
    "'; DROP TABLE conversations_message; --",
    "budget & | ! <-> :* ( ) \\",
    "AND OR NOT NEAR(budget)",
    "said: whose:p1 ^budget {budget} +budget -budget",
    "budget\0budget",
    "\ud800 budget",
    "%s %d %(name)s {0} budget",
    "💥 ½ ﷺ ㌖ \u202e \u0301\u0301 İ ẞ",
    "budget " * 60,
    "x" * 5000,
    "日本語 العربية",
    "1e5 -3.14 0x10 2x4",
    "\\x00 \\u0000 \x7f\x1b",
]


@pytest.mark.parametrize("typed", JUNK)
def test_junk_is_only_words(northwind: Partner, alice: User, typed: str) -> None:
    said(northwind, "The budget", alice)
    searching.search(alice, typed)
    searching.search(alice, f"{typed} budget", before=typed, partner=northwind)
    assert found(alice, "budget") == ["The budget"]


@pytest.mark.parametrize(
    "mark", ["junk", "2026-01-01~1", "0001-01-01T00:00:00+00:00~1", "9999-12-31T23:59:59+00:00~9"]
)
def test_an_unreadable_mark_is_as_none(northwind: Partner, alice: User, mark: str) -> None:
    said(northwind, "Budget", alice)
    assert found(alice, "budget", before=mark) == ["Budget"]


@pytest.mark.parametrize(
    "body", ["㌖" * 200_000, " ".join(map(str, range(30_000))), "\u0301" * 9 + "é" * 3000]
)
def test_no_message_is_refused_for_its_words(northwind: Partner, alice: User, body: str) -> None:
    said(northwind, body, alice, subject="Budget")
    assert len(found(alice, "budget")) == 1


def test_rows_in_bulk_and_changed_in_bulk_are_found(
    northwind: Partner, contoso: Partner, alice: User
) -> None:
    thread = Conversation.objects.create(partner=northwind, subject="Bulk", created_at=MONDAY)
    Message.objects.bulk_create(
        Message(
            conversation=thread,
            partner=northwind,
            direction="in",
            channel="email",
            body=f"Budget {n}",
            occurred_at=MONDAY,
            recorded_at=MONDAY,
        )
        for n in range(3)
    )
    assert len(found(alice, "budget", partner=northwind)) == 3
    Message.objects.filter(body="Budget 1").update(body="Margin")
    Message.objects.filter(body="Budget 2").delete()
    Message.objects.update(partner=contoso)
    Conversation.objects.update(partner=contoso)
    assert found(alice, "budget", partner=contoso) == ["Budget 0"]
    assert found(alice, "margin") == ["Margin"]
    assert found(alice, "budget", partner=northwind) == []


def test_old_messages_are_found_behind_many_newer_ones(
    northwind: Partner, alice: User, monkeypatch: Any
) -> None:
    few = postgresql.AMONG_NEWEST.replace(f"LIMIT {postgresql.NEWEST}", "LIMIT 2")
    monkeypatch.setattr(postgresql, "AMONG_NEWEST", few)
    said(northwind, "Rare word", alice)
    for n in range(1, 8):
        said(northwind, f"Common word {n}", alice, n)
    assert found(alice, "rare") == ["Rare word"]
    assert found(alice, "word")[:2] == ["Common word 7", "Common word 6"]
    assert found(alice, "word")[-1] == "Rare word"
    assert len(found(alice, "word")) == 8


def standing() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(index.LAYINGS[connection.vendor].standing)
        return cursor.fetchall()


def test_the_index_is_laid_anew_where_it_does_not_stand(northwind: Partner, alice: User) -> None:
    said(northwind, "Budget", alice)
    with connection.cursor() as cursor:
        connection.check_constraints()
        for statement in index.LAYINGS[connection.vendor].lift(standing()):
            cursor.execute(statement)
    Message.objects.update(body="Margin")
    assert found(alice, "budget") == ["Margin"], "nothing keeps the index now"
    index.keep()
    assert found(alice, "budget") == []
    assert found(alice, "margin") == ["Margin"]
    Message.objects.update(body="Roadmap")
    assert found(alice, "roadmap") == ["Roadmap"]


def test_an_index_that_stands_is_left_alone(northwind: Partner, alice: User) -> None:
    said(northwind, "Budget", alice)
    with CaptureQueriesContext(connection) as asked:
        index.keep()
    assert not [query["sql"] for query in asked if "CREATE" in query["sql"]]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="others rename a table that triggers name")
def test_migrations_meet_no_trigger(northwind: Partner) -> None:
    index.lift(plan=["a migration"])
    assert standing() == []


def test_a_start_without_migrations_leaves_the_triggers(northwind: Partner) -> None:
    before = standing()
    index.lift(plan=[])
    assert standing() == before != []
