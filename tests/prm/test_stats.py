"""Small numbers, against published values and against scipy."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as peer

from prm import stats
from prm.figures import Share
from prm.stats import Shows, wilson

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
scores = st.lists(st.integers(0, 12), min_size=1, max_size=25)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(3, 3, 0.4385, 1.0), (18, 20, 0.6990, 0.9721), (0, 3, 0.0, 0.5615)],
)
def test_wilson(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=0.0001)


@settings(max_examples=40, deadline=None)
@given(counts)
def test_wilson_is_the_interval_others_compute(kn: tuple[int, int]) -> None:
    theirs = peer.binomtest(*kn).proportion_ci(method="wilson")
    assert wilson(*kn) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@pytest.mark.parametrize(("k", "n"), [(0, 0), (4, 3), (-1, 3)])
def test_what_is_no_share_is_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError):
        wilson(k, n)


def test_under_five_there_is_no_share() -> None:
    assert (Share(2, 4).percent, Share(2, 4).interval) == (None, None)
    assert (Share(18, 20).percent, Share(18, 20).interval) == (90, (70, 97))


def test_few_rows_show_nothing_some_an_interval_and_many_a_colour() -> None:
    assert [stats.shows(n) for n in (0, 4, 5, 29, 30)] == [
        *(Shows.TOO_FEW, Shows.TOO_FEW, Shows.INTERVAL, Shows.INTERVAL, Shows.COLOUR)
    ]
    assert stats.tone((0.91, 0.97), 29, 0.9) == ""
    assert [stats.tone(each, 30, 0.9) for each in ((0.91, 0.97), (0.7, 0.89), (0.8, 0.95))] == [
        "ok",
        "bad",
        "",
    ]


@pytest.mark.parametrize(
    ("promoters", "detractors", "n", "raw", "adjusted", "low", "high"),
    [
        (3, 0, 3, 100.0, 50.0, -6.6, 100.0),
        (20, 10, 50, 20.0, 18.9, -1.3, 39.0),
        (0, 0, 5, 0.0, 0.0, -30.0, 30.0),
        (6, 1, 10, 50.0, 38.5, -0.2, 77.1),
    ],
)
def test_nps(
    promoters: int, detractors: int, n: int, raw: float, adjusted: float, low: float, high: float
) -> None:
    read = stats.nps(promoters, detractors, n)
    assert (read.raw, read.adjusted) == pytest.approx((raw, adjusted), abs=0.05)
    assert read.interval == pytest.approx((low, high), abs=0.05)


@pytest.mark.parametrize("answers", [(0, 0, 0), (3, 3, 5), (-1, 0, 5)])
def test_what_are_no_answers_has_no_nps(answers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError):
        stats.nps(*answers)


@settings(max_examples=40, deadline=None)
@given(scores, scores)
def test_auc_is_the_share_of_pairs_in_order(positives: list[int], negatives: list[int]) -> None:
    theirs = peer.mannwhitneyu(positives, negatives).statistic / (len(positives) * len(negatives))
    assert stats.auc(positives, negatives) == pytest.approx(theirs)


def test_auc_has_the_interval_of_its_paper_and_none_without_both_sides() -> None:
    low, high = stats.auc_interval(0.893, 51, 58)  # the example of the paper, which prints 0.032
    assert (high - low) / (2 * stats.Z95) == pytest.approx(0.03251, abs=0.00001)
    assert stats.auc_interval(1.0, 3, 3) == (1.0, 1.0)
    assert stats.auc([1], []) is None
    with pytest.raises(ValueError):
        stats.auc_interval(0.5, 0, 10)


def scored(*told: tuple[float, int, int]) -> list[tuple[float, bool]]:
    """Rows of (score, how many have it, to how many of them it happened)."""
    return [(score, k < happened) for score, n, happened in told for k in range(n)]


@pytest.mark.parametrize(
    ("rows", "share", "lift"),
    [
        (scored((1, 10, 10), (2, 90, 0)), 0.1, 10.0),  # all of it in the lowest tenth
        (scored((1, 10, 5), (2, 90, 5)), 0.1, 5.0),
        (scored((1, 10, 0), (2, 90, 10)), 0.1, 0.0),
        (
            scored((1, 50, 10), (2, 50, 0)),
            0.1,
            2.0,
        ),  # fifty tie: a fifth of them fit, as often as all of them
        (scored((1, 100, 7)), 0.1, 1.0),  # all tie
        (scored((1, 1, 1), (2, 4, 0)), 0.1, 5.0),  # half a row
        (scored((1, 20, 10), (2, 80, 10)), 0.2, 2.5),
        (scored((1, 10, 0), (2, 90, 0)), 0.1, None),
        ([], 0.1, None),
    ],
)
def test_lift_is_how_much_more_often_it_happened_to_the_lowest(
    rows: list[tuple[float, bool]], share: float, lift: float | None
) -> None:
    assert stats.lift(rows, share) == (None if lift is None else pytest.approx(lift))
    assert stats.lift(rows[::-1], share) == stats.lift(rows, share)


def test_bands_are_of_the_same_size_and_keep_ties_together() -> None:
    even = [(float(n), n < 3) for n in range(10)]
    assert [(b.low, b.high, b.n, b.happened) for b in stats.bands(even)] == [
        (0, 1, 2, 2),
        (2, 3, 2, 1),
        (4, 5, 2, 0),
        (6, 7, 2, 0),
        (8, 9, 2, 0),
    ]
    tied = scored((1, 5, 2), (2, 4, 1), (3, 1, 0))
    assert [(b.low, b.n, b.happened) for b in stats.bands(tied)] == [(1, 5, 2), (2, 4, 1), (3, 1, 0)]
    assert stats.bands([]) == []


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=60))
def test_bands_hold_every_row_once(rows: list[tuple[int, bool]]) -> None:
    found = stats.bands(rows)
    assert sum(b.n for b in found) == len(rows)
    assert sum(b.happened for b in found) == sum(it_did for _score, it_did in rows)
    assert all(one.high < other.low for one, other in pairwise(found))
    for band in found:
        assert band.n == sum(band.low <= score <= band.high for score, _it_did in rows)


def test_kaplan_meier_drops_nobody_who_still_waits() -> None:
    """The remission times of Freireich 1963, as every textbook has them."""
    happened = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    waiting = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = stats.kaplan_meier([*((t, True) for t in happened), *((t, False) for t in waiting)])
    assert [round(step.left, 3) for step in curve.steps] == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert (curve.n, curve.median, round(curve.left_at(12), 3), curve.left_at(5)) == (21, 23, 0.753, 1.0)
    assert stats.kaplan_meier([(3, False), (4, False)]).median is None
    assert stats.kaplan_meier([]).median is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=40))
def test_kaplan_meier_is_the_curve_others_compute(rows: list[tuple[int, bool]]) -> None:
    seen = [time for time, happened in rows if happened]
    data = peer.CensoredData(uncensored=seen, right=[time for time, happened in rows if not happened])
    theirs = peer.ecdf(data).sf
    ours = stats.kaplan_meier(rows)
    assert [ours.left_at(time) for time in range(31)] == pytest.approx(theirs.evaluate(range(31)))


def test_shares_of_few_rows_are_drawn_to_the_rate_of_all() -> None:
    assert stats.shrunk(3, 3, 0.6) == pytest.approx(15 / 23)
    assert stats.shrunk(0, 0, 0.6) == pytest.approx(0.6)
    assert stats.shrunk(3, 3, 0.6) == pytest.approx(peer.beta(3 + 12, 0 + 8).mean())
    assert stats.shrunk(3, 3, 0.6) < stats.shrunk(180, 200, 0.6)
    with pytest.raises(ValueError):
        stats.shrunk(4, 3, 0.6)


@pytest.mark.parametrize(("n", "least"), [(5, 2), (10, 5), (20, 13), (50, 37), (100, 80)])
def test_who_stands_out_of_the_funnel(n: int, least: int) -> None:
    assert stats.funnel(0.9, n)[0] == least


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1), st.integers(0, 200))
def test_the_funnel_has_the_limits_of_the_binomial(rate: float, n: int) -> None:
    low, high = stats.funnel(rate, n)
    chance = peer.binom(n, rate)
    assert chance.cdf(low) >= 0.001 - 1e-9 > chance.cdf(low - 1) - 2e-9
    assert chance.sf(high - 1) >= 0.001 - 1e-9 > chance.sf(high) - 2e-9


def test_evenness() -> None:
    assert stats.jain([20, 40, 60, 80]) == stats.jain([2, 4, 6, 8]) == pytest.approx(0.8333, abs=0.0001)
    assert stats.jain([0, 0, 0, 12]) == 0.25
    assert (stats.jain([0, 0, 0]), stats.jain([])) == (None, None)
    assert (stats.most_to_least([2, 8]), stats.most_to_least([0, 8]), stats.most_to_least([])) == (
        4,
        None,
        None,
    )
    assert stats.most_to_least([1e-300, 1]) != inf
