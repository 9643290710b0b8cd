"""The profile's arithmetic, with values and with properties."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.models import Verdict
from partners.scoring import (
    Choice,
    Criterion,
    Curve,
    Overlap,
    Rule,
    Stars,
    Thresholds,
    YesNo,
    score,
)

SIZE = Curve(((0, 0), (50, 0.5), (200, 1)))
LEVEL = Choice((("Gold", 1), ("Silver", 0.5)), other=0.1)


@pytest.mark.parametrize(
    ("rule", "answer", "points"),
    [
        (SIZE, 0, 0),
        (SIZE, 25, 0.25),
        (SIZE, 50, 0.5),
        (SIZE, 125, 0.75),
        (SIZE, 10_000, 1),
        (SIZE, -5, 0),
        (SIZE, None, None),
        (SIZE, True, None),
        (SIZE, float("nan"), None),
        (Curve(((5, 0.4),)), 99, 0.4),
        (LEVEL, "gold", 1),
        (LEVEL, " SILVER ", 0.5),
        (LEVEL, "Bronze", 0.1),
        (LEVEL, "", None),
        (LEVEL, 4, None),
        (YesNo(), True, 1),
        (YesNo(), False, 0),
        (YesNo(wanted=False), False, 1),
        (YesNo(), None, None),
        (YesNo(), 1, None),
        (Overlap(("Health", "Öffentliche Hand")), ["health"], 0.5),
        (Overlap(("Health", "Öffentliche Hand")), ["offentliche  hand", "Health", "Retail"], 1),
        (Overlap(("A", "B", "C")), ["B"], 0.3333),
        (Overlap(("Health",)), [], 0),
        (Overlap(("Health",)), None, None),
        (Overlap(()), ["Health"], None),
        (Stars(), 4, 0.8),
        (Stars(), 0, 0),
        (Stars(), 6, None),
        (Stars(), None, None),
    ],
)
def test_an_answer_earns_points(rule: Rule, answer: Any, points: float | None) -> None:
    assert rule.points(answer) == points


def stars(key: str, weight: int, **more: Any) -> Criterion:
    return Criterion(key, weight, Stars(), **more)


def test_unanswered_criteria_count_for_nothing_but_coverage() -> None:
    result = score([stars("a", 30), stars("b", 20), stars("c", 50)], {"a": 5, "b": 0}, Thresholds())
    assert (result.score, result.coverage, result.verdict) == (Decimal("60.0"), 50, Verdict.POSSIBLE)
    assert result.is_provisional


def test_without_an_answer_there_is_neither_score_nor_verdict() -> None:
    result = score([stars("a", 1, must_have=True)], {}, Thresholds())
    assert (result.score, result.coverage, result.verdict, result.open) == (None, 0, "", ["a"])


def test_a_failed_must_have_says_so_whatever_the_score() -> None:
    result = score([stars("a", 1, must_have=True), stars("b", 99)], {"a": 0, "b": 5}, Thresholds())
    assert (result.score, result.verdict, result.failed) == (Decimal("99.0"), Verdict.NOT_A_FIT, ["a"])


def test_a_must_have_may_ask_for_more_than_something() -> None:
    strict = stars("a", 1, must_have=True, passes_at=0.6)
    assert score([strict], {"a": 2}, Thresholds()).failed == ["a"]
    assert score([strict], {"a": 3}, Thresholds()).failed == []


def test_an_open_must_have_keeps_it_at_possible() -> None:
    result = score([stars("a", 10, must_have=True), stars("b", 90)], {"b": 5}, Thresholds())
    assert (result.score, result.verdict, result.open) == (Decimal("100.0"), Verdict.POSSIBLE, ["a"])
    weak = score([stars("a", 10, must_have=True), stars("b", 90)], {"b": 2}, Thresholds())
    assert weak.verdict == Verdict.WEAK


def test_sixty_per_cent_coverage_is_not_provisional_and_a_hair_under_is() -> None:
    assert not score([stars("a", 60), stars("b", 40)], {"a": 5}, Thresholds()).is_provisional
    assert score([stars("a", 599), stars("b", 401)], {"a": 5}, Thresholds()).is_provisional


@pytest.mark.parametrize(
    ("reached", "verdict"),
    [
        (75, Verdict.STRONG),
        (74, Verdict.POSSIBLE),
        (60, Verdict.POSSIBLE),
        (59, Verdict.WEAK),
        (40, Verdict.WEAK),
        (39, Verdict.NOT_A_FIT),
        (0, Verdict.NOT_A_FIT),
    ],
)
def test_verdicts_begin_at_their_threshold(reached: int, verdict: str) -> None:
    share = Criterion("a", 1, Curve(((0, 0), (100, 1))))
    assert score([share], {"a": reached}, Thresholds()).verdict == verdict


# --- properties -------------------------------------------------------------------------------------

criteria = st.lists(
    st.builds(
        stars,
        st.sampled_from("abcdefgh"),
        st.integers(1, 500),
        must_have=st.booleans(),
        passes_at=st.sampled_from([None, 0.2, 0.6, 1.0]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda criterion: criterion.key,
)
answers = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from([None, 0, 1, 2, 2.5, 3, 4, 5]))
bounds = st.lists(st.integers(1, 100), min_size=3, max_size=3, unique=True).map(
    lambda three: Thresholds(*sorted(three, reverse=True))
)
ORDER = ["", Verdict.NOT_A_FIT, Verdict.WEAK, Verdict.POSSIBLE, Verdict.STRONG]


@given(criteria, answers, bounds, st.integers(2, 50))
def test_scaling_all_weights_changes_nothing(
    asked: list[Criterion], given_: dict[str, Any], at: Thresholds, by: int
) -> None:
    scaled = [replace(criterion, weight=criterion.weight * by) for criterion in asked]
    one, other = score(asked, given_, at), score(scaled, given_, at)
    assert (one.score, one.coverage, one.verdict) == (other.score, other.coverage, other.verdict)


@given(criteria.flatmap(lambda asked: st.tuples(st.just(asked), st.permutations(asked))), answers, bounds)
def test_order_changes_nothing(
    asked: tuple[list[Criterion], list[Criterion]], given_: dict[str, Any], at: Thresholds
) -> None:
    one, other = (score(order, given_, at) for order in asked)
    assert (one.score, one.coverage, one.verdict) == (other.score, other.coverage, other.verdict)
    assert (sorted(one.failed), sorted(one.open)) == (sorted(other.failed), sorted(other.open))


@given(criteria, answers, bounds, st.data())
def test_a_better_answer_never_lowers_score_or_verdict(
    asked: list[Criterion], given_: dict[str, Any], at: Thresholds, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from([criterion.key for criterion in asked]))
    low = data.draw(st.integers(0, 5))
    high = data.draw(st.integers(low, 5))
    worse, better = score(asked, given_ | {key: low}, at), score(asked, given_ | {key: high}, at)
    assert worse.score is not None
    assert better.score is not None
    assert better.score >= worse.score
    assert ORDER.index(better.verdict) >= ORDER.index(worse.verdict)


@given(criteria, bounds)
def test_no_answers_mean_no_score(asked: list[Criterion], at: Thresholds) -> None:
    result = score(asked, {}, at)
    assert (result.score, result.coverage, result.verdict) == (None, 0, "")


@given(criteria, answers, bounds)
def test_a_failed_must_have_is_never_above_not_a_fit(
    asked: list[Criterion], given_: dict[str, Any], at: Thresholds
) -> None:
    result = score(asked, given_, at)
    if result.failed:
        assert result.verdict == Verdict.NOT_A_FIT
    if result.open:
        assert result.verdict != Verdict.STRONG


@given(criteria, answers, bounds)
def test_score_and_coverage_keep_their_bounds(
    asked: list[Criterion], given_: dict[str, Any], at: Thresholds
) -> None:
    result = score(asked, given_, at)
    assert 0 <= result.coverage <= 100
    assert (result.coverage == 100) == all(line.points is not None for line in result.lines)
    assert result.score is None or 0 <= result.score <= 100


@given(
    st.lists(st.tuples(st.integers(-1000, 1000), st.floats(0, 1)), min_size=1, unique_by=lambda k: k[0]),
    st.floats(-2000, 2000),
)
def test_a_curve_stays_between_its_knots(knots: list[tuple[int, float]], x: float) -> None:
    points = Curve(tuple(sorted(knots))).points(x)
    shares = [share for _, share in knots]
    assert points is not None
    assert min(shares) - 1e-4 <= points <= max(shares) + 1e-4
