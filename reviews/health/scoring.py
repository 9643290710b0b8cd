"""The rules of health. Pure, and in whole numbers: tenths of a point, so that what is shown adds up.

What the formula weighs shares a hundred points among the measures that are known: a missing one counts
neither for nor against, and how much is known stands beside the score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

WHOLE = 1000  # tenths of a point
ONE = 10**6  # the weight of what happened today
LEAST_COVERAGE = 60  # per cent; with less known there is no score
LEAP = 50  # tenths of a point: a move that changes the colour at once
HEALTHY, WATCH, RISK, NONE = "healthy", "watch", "risk", ""


@dataclass(frozen=True)
class Rules:
    """A version of the formula: what each measure weighs, and where the colours begin, in points."""

    weights: Mapping[str, int]
    healthy_from: int
    watch_from: int
    half_life_days: int
    answers_months: int
    certified_wanted: int


@dataclass(frozen=True)
class Fact:
    """What a measure found of one partner: `good` of `of`, made of `n` rows, the newest of a day."""

    good: int
    of: int
    n: int
    newest: date | None = None


@dataclass(frozen=True)
class Line:
    """What a measure adds to the score, and the most it could, in tenths of a point."""

    key: str
    points: int
    most: int
    n: int
    newest: date | None = None


@dataclass(frozen=True)
class Reading:
    """A score (None where too little is known), how much is known, and the lines it is the sum of."""

    score: int | None
    coverage: int
    colour: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Before:
    """The reading of the day before: its score, its colour by the thresholds, and the one that stood."""

    score: int | None
    colour: str
    stood: str


@lru_cache(maxsize=4096)
def faded(days: int, half_life: int) -> int:
    """The weight of what happened so many days ago, of a million: half of it after each half-life."""
    return round(ONE * 0.5 ** (max(0, days) / half_life))


def shares(weights: Mapping[str, int], whole: int = WHOLE) -> dict[str, int]:
    """Whole numbers in proportion to the weights whose sum is `whole` (largest remainder; Hamilton 1792)."""
    total = sum(weights.values())
    if total <= 0:
        return {}
    parts = {key: divmod(whole * weight, total) for key, weight in sorted(weights.items())}
    left = whole - sum(part for part, _rest in parts.values())
    first = sorted(parts, key=lambda key: -parts[key][1])[:left]
    return {key: part + (key in first) for key, (part, _rest) in parts.items()}


def read(facts: Mapping[str, Fact], rules: Rules) -> Reading:
    """The score of these facts by a version: the sum of its lines, each a share of a hundred points times
    what is good of it, rounded half up."""
    wanted = {key: weight for key, weight in rules.weights.items() if weight > 0}
    known = {key: weight for key, weight in wanted.items() if key in facts and facts[key].of > 0}
    coverage = 100 * sum(known.values()) // sum(wanted.values()) if wanted else 0
    lines = tuple(_line(key, most, facts[key]) for key, most in shares(known).items())
    if coverage < LEAST_COVERAGE:
        return Reading(None, coverage, NONE, lines)
    score = sum(line.points for line in lines)
    return Reading(score, coverage, colour(score, rules), lines)


def _line(key: str, most: int, fact: Fact) -> Line:
    points = (2 * most * fact.good + fact.of) // (2 * fact.of)
    return Line(key, points, most, fact.n, fact.newest)


def colour(score: int, rules: Rules) -> str:
    """The colour of a score by the thresholds alone."""
    if score >= 10 * rules.healthy_from:
        return HEALTHY
    return WATCH if score >= 10 * rules.watch_from else RISK


def stands(reading: Reading, before: Before | None) -> str:
    """The colour that is shown: another than the one that stood only once it was so on two days, or the
    score moved by five points. Without a score there is none at once."""
    if before is None or not before.stood or not reading.colour or reading.score is None:
        return reading.colour
    if reading.colour in {before.stood, before.colour} or before.score is None:
        return reading.colour
    return reading.colour if abs(reading.score - before.score) >= LEAP else before.stood
