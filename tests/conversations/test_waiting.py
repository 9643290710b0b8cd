"""The rules of waiting: cases, and what must hold whatever was said and in whatever order it became known."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.waiting import Dismissed, Owed, Said, answers, in_time, opens, replay

TEN = datetime(2026, 6, 3, 8, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return TEN + timedelta(minutes=minutes)


def asked(id: int, minutes: int, **more: Any) -> Said:
    return Said(id, at(minutes), more.pop("recorded", at(minutes)), inbound=True, **more)


def replied(id: int, minutes: int, **more: Any) -> Said:
    return Said(id, at(minutes), more.pop("recorded", at(minutes)), inbound=False, **more)


def test_first_then_next() -> None:
    first, following = replay([asked(1, 0), replied(2, 60), asked(3, 120)])
    assert first == Owed(1, "first", at(0), answer=2, answered_at=at(60), asked_at=at(0))
    assert following == Owed(3, "next", at(120), asked_at=at(120))


def test_more_messages_do_not_move_the_wait() -> None:
    assert replay([asked(1, 0), asked(2, 30), asked(3, 60)]) == [Owed(1, "first", at(0), asked_at=at(0))]


def test_our_own_first_message_opens_nothing() -> None:
    assert replay([replied(1, 0), replied(2, 5)]) == []


@pytest.mark.parametrize(
    "no_reply",
    [
        {"channel": "note", "shared": False},
        {"shared": False},
        {"automatic": True},
        {"human": False},
        {"holding": True},
        {"channel": "call"},
        {"counts": False},
    ],
)
def test_what_is_no_reply(no_reply: dict[str, Any]) -> None:
    assert replay([asked(1, 0), replied(2, 30, **no_reply)]) == [Owed(1, "first", at(0), asked_at=at(0))]


@pytest.mark.parametrize(
    "no_question",
    [
        {"automatic": True},
        {"copied": True},
        {"channel": "call"},
        {"channel": "meeting"},
        {"channel": "note", "shared": False},
        {"counts": False},
    ],
)
def test_what_opens_no_wait(no_question: dict[str, Any]) -> None:
    assert replay([asked(1, 0, **no_question)]) == []


def test_a_call_answers_when_somebody_says_so_even_with_internal_notes() -> None:
    call = replied(2, 30, channel="call", shared=False, answers=True)
    assert replay([asked(1, 0), call])[0].answered_at == at(30)


def test_a_call_may_answer_and_leave_them_waiting() -> None:
    call = replied(2, 30, channel="call", answers=True, asks=True)
    assert [each.opener for each in replay([asked(1, 0), call])] == [1, 2]


def test_a_holding_reply_with_a_promise_answers() -> None:
    assert not replay([asked(1, 0), replied(2, 30, holding=True, answers=True)])[0].is_open


def test_an_answer_in_another_conversation_counts_here_but_asks_nothing_here() -> None:
    call = replied(9, 30, channel="call", elsewhere=True, asks=True)
    assert [each.is_open for each in replay([asked(1, 0), call])] == [False]


def test_no_reply_needed_covers_what_was_said_before_it() -> None:
    dismissed = Dismissed(1, at(60), "Thanks only", 7)
    waits = replay([asked(1, 0), asked(2, 30), dismissed, asked(3, 90)])
    assert [(each.opener, each.dismissed, each.metric) for each in waits] == [
        (1, dismissed, "first"),
        (3, None, "next"),
    ]


def test_no_reply_needed_to_one_message_leaves_those_who_wait_for_another() -> None:
    later = Dismissed(2, at(60), "Thanks only", 7)
    assert replay([asked(1, 0), asked(2, 30), later])[0].is_open


def test_ties_are_ordered_by_recorded_then_id() -> None:
    assert replay([replied(1, 0), asked(2, 0)])[0].is_open
    assert not replay([asked(1, 0), replied(2, 0)])[0].is_open
    assert not replay([replied(1, 0, recorded=at(5)), asked(2, 0)])[0].is_open


def test_equality_is_in_time() -> None:
    assert in_time(TEN, TEN)
    assert not in_time(TEN + timedelta(microseconds=1), TEN)


said = st.builds(
    Said,
    id=st.integers(1, 10_000),
    occurred_at=st.integers(0, 40).map(at),
    recorded_at=st.integers(0, 60).map(at),
    inbound=st.booleans(),
    channel=st.sampled_from(["email", "portal", "chat", "call", "meeting", "note"]),
    shared=st.booleans(),
    human=st.booleans(),
    automatic=st.booleans(),
    holding=st.booleans(),
    copied=st.booleans(),
    asks=st.booleans(),
    answers=st.booleans(),
    elsewhere=st.booleans(),
    counts=st.booleans(),
)
items = st.lists(said, max_size=14, unique_by=lambda each: each.id)


@given(items, st.randoms(use_true_random=False))
def test_when_things_became_known_in_which_order_changes_nothing(
    conversation: list[Said], rng: random.Random
) -> None:
    shuffled = list(conversation)
    rng.shuffle(shuffled)
    assert replay(shuffled) == replay(conversation)


@given(items)
def test_waits_follow_each_other_and_only_the_last_is_open(conversation: list[Said]) -> None:
    waits = replay(conversation)
    assert all(not each.is_open for each in waits[:-1])
    assert [each.metric for each in waits] == ["first", *["next"] * (len(waits) - 1)][: len(waits)]
    for each, following in itertools.pairwise(waits):
        assert each.answered_at is not None
        assert each.opened_at <= each.answered_at <= following.opened_at


@given(items)
def test_what_neither_opens_nor_answers_changes_nothing(conversation: list[Said]) -> None:
    telling = [each for each in conversation if opens(each) or answers(each)]
    assert replay(telling) == replay(conversation)


@given(items)
def test_nobody_is_forgotten(conversation: list[Said]) -> None:
    """Every message that asks stands in a wait that was open at its time."""
    waits = replay(conversation)
    for each in filter(opens, conversation):
        assert any(
            wait.opened_at <= each.occurred_at <= (wait.answered_at or each.occurred_at) for wait in waits
        )
