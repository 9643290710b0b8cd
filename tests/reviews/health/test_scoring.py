"""The rules of health: what is shown adds up, what is missing is not zero, and colours do not flicker."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviews.health.scoring import (
    HEALTHY,
    NONE,
    RISK,
    WATCH,
    Before,
    Fact,
    Reading,
    Rules,
    colour,
    faded,
    read,
    shares,
    stands,
)

KEYS = ["answers", "ours", "theirs", "trend", "contact", "said"]
RULES = Rules(dict.fromkeys(KEYS, 10), 70, 50, 60, 12, 2)
on_a_busy_machine = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(("days", "left"), [(0, 1.0), (30, 0.7071), (60, 0.5), (90, 0.3536), (120, 0.25)])
def test_events_fade_with_a_half_life_of_60_days(days: int, left: float) -> None:
    assert round(faded(days, 60) / 10**6, 4) == left


def test_what_has_not_come_weighs_no_more_than_today() -> None:
    assert faded(-3, 60) == faded(0, 60) == 10**6


weights = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 40), min_size=1)
known = st.dictionaries(
    st.sampled_from(KEYS),
    st.tuples(st.integers(0, 10**9), st.integers(1, 10**9)).map(lambda p: Fact(min(p), max(p), 3)),
)


@on_a_busy_machine
@given(weights, known)
def test_the_score_is_exactly_the_sum_of_what_is_shown(
    weights: dict[str, int], facts: dict[str, Fact]
) -> None:
    reading = read(facts, replace(RULES, weights=weights))
    assert 0 <= reading.coverage <= 100
    assert all(0 <= line.points <= line.most for line in reading.lines)
    if reading.score is None:
        assert reading.coverage < 60
        assert reading.colour == NONE
    else:
        assert sum(line.most for line in reading.lines) == 1000
        assert reading.score == sum(line.points for line in reading.lines) <= 1000


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 50)))
def test_shares_are_whole_and_make_the_whole(weights: dict[str, int]) -> None:
    found = shares(weights)
    assert sum(found.values()) == (1000 if sum(weights.values()) else 0)


def test_what_is_missing_is_not_zero_and_weighs_nothing() -> None:
    five = replace(RULES, weights=dict.fromkeys(KEYS[:5], 10))
    full = {key: Fact(1, 2, 4) for key in KEYS[:5]}
    part = {key: full[key] for key in KEYS[:4]}
    assert read(full, five).score == read(part, five).score == 500
    assert (read(full, five).coverage, read(part, five).coverage) == (100, 80)
    assert read({**part, KEYS[4]: Fact(0, 2, 4)}, five).score == 400  # a zero weighs


def test_under_60_per_cent_there_is_insufficient_data() -> None:
    weights = {"answers": 40, "ours": 60}
    reading = read({"answers": Fact(1, 1, 9)}, replace(RULES, weights=weights))
    assert (reading.score, reading.coverage, reading.colour) == (None, 40, NONE)
    reading = read({"ours": Fact(1, 1, 9)}, replace(RULES, weights=weights))
    assert (reading.score, reading.coverage, reading.colour) == (1000, 60, HEALTHY)


@pytest.mark.parametrize(
    ("score", "is_"), [(700, HEALTHY), (699, WATCH), (500, WATCH), (499, RISK), (0, RISK)]
)
def test_colours_begin_at_their_thresholds(score: int, is_: str) -> None:
    assert colour(score, RULES) == is_


def day(score: int, before: Before | None) -> tuple[str, Before]:
    reading = Reading(score, 100, colour(score, RULES))
    stood = stands(reading, before)
    return stood, Before(score, reading.colour, stood)


@pytest.mark.parametrize(
    ("scores", "stood"),
    [
        ([710, 690, 710, 690], [HEALTHY] * 4),  # back and forth over the threshold
        ([710, 690, 680], [HEALTHY, HEALTHY, WATCH]),  # two days
        ([740, 690], [HEALTHY, WATCH]),  # a move of five points
        ([739, 690], [HEALTHY, HEALTHY]),  # less than that
        ([710, 690, 690, 700, 690], [HEALTHY, HEALTHY, WATCH, WATCH, WATCH]),
        ([710, 480], [HEALTHY, RISK]),
    ],
)
def test_a_colour_changes_after_two_days_or_five_points(scores: list[int], stood: list[str]) -> None:
    before, found = None, []
    for score in scores:
        shown, before = day(score, before)
        found.append(shown)
    assert found == stood


def test_without_data_there_is_no_colour_at_once() -> None:
    assert stands(Reading(None, 40, NONE), Before(800, HEALTHY, HEALTHY)) == NONE
    assert stands(Reading(800, 90, HEALTHY), None) == HEALTHY
