"""Which tier is earned, as pure functions with values."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecycle.growth.tiering.rules import (
    Direction,
    Need,
    Outcome,
    Step,
    following,
    outcome,
    to_go,
)

GOLD = Step(1, (Need(11, 50), Need(12, 3)))
SILVER = Step(2, (Need(21, 10),))
ENTRY = Step(3)
LADDER = [GOLD, SILVER, ENTRY]
RISE, STAY, FALL = Direction.RISE, Direction.STAY, Direction.FALL


@pytest.mark.parametrize(
    ("current", "values", "expected"),
    [
        (3, {11: 50, 12: 3, 21: 50}, Outcome(1, 1, RISE)),
        (3, {11: 49, 12: 3, 21: 49}, Outcome(2, 2, RISE)),
        (None, {11: 0, 12: 0, 21: 0}, Outcome(3, 3, RISE)),
        (2, {11: 50, 12: 2, 21: 50}, Outcome(2, 2, STAY)),
        (1, {11: 20, 12: 3, 21: 20}, Outcome(2, 2, FALL)),
        (1, {11: 0, 12: 0, 21: 0}, Outcome(3, 3, FALL)),
        (3, {11: 0, 12: 0, 21: 0}, Outcome(3, 3, STAY)),
        (1, {11: 60, 12: None, 21: 60}, Outcome(2, 1, STAY)),  # not known: no fall, and no rise
        (2, {11: 60, 12: None, 21: 60}, Outcome(2, 2, STAY)),
        (1, {11: 20, 12: None, 21: None}, Outcome(3, 2, FALL)),  # to the highest that is not missed
    ],
)
def test_where_a_membership_stands(
    current: int | None, values: dict[int, int | None], expected: Outcome
) -> None:
    assert outcome(LADDER, current, values) == expected


def test_a_tier_that_wants_nothing_is_given_by_hand_unless_it_is_the_lowest() -> None:
    by_hand = [Step(1), SILVER, ENTRY]
    assert outcome(by_hand, 2, {21: 99}) == Outcome(2, 2, STAY)
    assert outcome(by_hand, 1, {21: 0}) == Outcome(3, 1, STAY)
    assert following(by_hand, 2) is None
    assert following(LADDER, 3) == SILVER
    assert following(LADDER, 1) is None
    assert to_go(Need(11, 50), {11: 40}) == 10


def test_a_closed_tier_is_neither_earned_nor_fallen_to() -> None:
    closed = [GOLD, Step(2, SILVER.needs, closed=True), ENTRY]
    assert outcome(closed, 3, {11: 20, 12: 0, 21: 20}) == Outcome(3, 3, STAY)
    assert outcome(closed, 1, {11: 20, 12: 0, 21: 20}) == Outcome(3, 3, FALL)


number = st.one_of(st.none(), st.integers(0, 100))
values_of = st.fixed_dictionaries({11: number, 12: number, 21: number})
places = st.sampled_from([None, 1, 2, 3])
RANK = {1: 0, 2: 1, 3: 2, None: 3}
on_a_busy_machine = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@on_a_busy_machine
@given(values_of, places)
def test_it_goes_up_down_or_stays_as_it_says(values: dict[int, int | None], current: int | None) -> None:
    found = outcome(LADDER, current, values)
    way = (RANK[found.to] > RANK[current]) - (RANK[found.to] < RANK[current])
    assert {RISE: -1, STAY: 0, FALL: 1}[found.direction] == way


@on_a_busy_machine
@given(values_of, places, st.sampled_from([11, 12, 21]), st.integers(0, 100))
def test_more_never_lowers(values: dict[int, int | None], current: int | None, key: int, more: int) -> None:
    known = {name: value or 0 for name, value in values.items()}
    better = known | {key: known[key] + more}
    before, after = outcome(LADDER, current, known), outcome(LADDER, current, better)
    assert RANK[after.to] <= RANK[before.to]
    assert RANK[after.earned] <= RANK[before.earned]


@on_a_busy_machine
@given(values_of, places, st.sampled_from([11, 12, 21]))
def test_what_is_not_known_begins_no_fall(
    values: dict[int, int | None], current: int | None, key: int
) -> None:
    found = outcome(LADDER, current, values | {key: None})
    if found.direction is FALL:
        missed = [need for step in LADDER if step.tier == current for need in step.needs if need.key != key]
        assert any((value := values[need.key]) is not None and value < need.wanted for need in missed)
