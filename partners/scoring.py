"""How well a partner fits a profile: pure rules over small frozen things.

Points are shares from 0 to 1 in steps of a ten-thousandth, so that sums are whole numbers and
the query of `partners.fitting` and this module agree to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from math import isfinite
from typing import Any, Protocol

from partners.models.profile import Verdict
from prm.search import fold

PROVISIONAL_UNDER = 60
STEPS = 10_000


class Rule(Protocol):
    """How one answer earns points."""

    def points(self, answer: Any) -> float | None:
        """The share earned, 0 to 1; None where the answer is missing or not of this kind."""


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, value)) * STEPS) / STEPS


def _number(answer: Any) -> float | None:
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not isfinite(answer):
        return None
    return float(answer)


@dataclass(frozen=True)
class Curve:
    """A number read off a line through points (x, share): straight between them, flat outside."""

    knots: tuple[tuple[float, float], ...]

    def points(self, answer: Any) -> float | None:
        x = _number(answer)
        if x is None or not self.knots:
            return None
        if x <= self.knots[0][0]:
            return _share(self.knots[0][1])
        for (x0, y0), (x1, y1) in pairwise(self.knots):
            if x <= x1:
                return _share(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
        return _share(self.knots[-1][1])


@dataclass(frozen=True)
class Choice:
    """One of several options, each with its share; any other answer earns `other`."""

    options: tuple[tuple[str, float], ...]
    other: float = 0.0

    @cached_property
    def shares(self) -> dict[str, float]:
        """By the option as it is compared."""
        return {fold(option): share for option, share in self.options}

    def points(self, answer: Any) -> float | None:
        if not isinstance(answer, str) or not answer.strip():
            return None
        return _share(self.shares.get(fold(answer), self.other))


@dataclass(frozen=True)
class YesNo:
    """Yes or no; `wanted` says which of them earns the points."""

    wanted: bool = True

    def points(self, answer: Any) -> float | None:
        return float(answer is self.wanted) if isinstance(answer, bool) else None


@dataclass(frozen=True)
class Overlap:
    """How many of the wanted are there, as a share of the wanted."""

    wanted: tuple[str, ...]

    @cached_property
    def folded(self) -> frozenset[str]:
        """The wanted as they are compared."""
        return frozenset(fold(each) for each in self.wanted)

    def points(self, answer: Any) -> float | None:
        if not isinstance(answer, list | tuple | set | frozenset):
            return None
        wanted = self.folded
        return _share(len(wanted & {fold(str(each)) for each in answer}) / len(wanted)) if wanted else None


@dataclass(frozen=True)
class Stars:
    """A rating from 0 to 5; each step is a fifth."""

    def points(self, answer: Any) -> float | None:
        stars = _number(answer)
        return _share(stars / 5) if stars is not None and 0 <= stars <= 5 else None


@dataclass(frozen=True)
class Criterion:
    """One question: how much it weighs and how answers earn points.

    A must-have passes from `passes_at` on; None means that any points at all will do.
    """

    key: str
    weight: int
    rule: Rule
    must_have: bool = False
    passes_at: float | None = None

    def passes(self, points: float) -> bool:
        return points > 0 if self.passes_at is None else points >= self.passes_at


@dataclass(frozen=True)
class Thresholds:
    """Where the verdicts begin, in points of 100."""

    strong: int = 75
    possible: int = 60
    weak: int = 40


@dataclass(frozen=True)
class Line:
    """One criterion of a result: the answer and its points; None where it is open."""

    criterion: Criterion
    answer: Any
    points: float | None

    @property
    def has_failed(self) -> bool:
        return self.criterion.must_have and self.points is not None and not self.criterion.passes(self.points)

    @property
    def is_open(self) -> bool:
        return self.criterion.must_have and self.points is None


@dataclass(frozen=True)
class Result:
    """What a partner reaches: score of 100 (None without an answer), coverage in whole per cent
    rounded down, verdict ("" without an answer), and a line for each criterion."""

    score: Decimal | None
    coverage: int
    verdict: str
    lines: tuple[Line, ...]

    @property
    def is_provisional(self) -> bool:
        return self.coverage < PROVISIONAL_UNDER

    @property
    def failed(self) -> list[str]:
        """Keys of the must-haves that are answered and not met."""
        return [line.criterion.key for line in self.lines if line.has_failed]

    @property
    def open(self) -> list[str]:
        """Keys of the must-haves without an answer."""
        return [line.criterion.key for line in self.lines if line.is_open]


def score(criteria: Sequence[Criterion], answers: Mapping[str, Any], thresholds: Thresholds) -> Result:
    """Fit = 100 × Σ(weight × points) ÷ Σ(weight of answered criteria), to one decimal, halves up;
    coverage = answered weight ÷ all weight."""
    lines = tuple(
        Line(criterion, answers.get(criterion.key), criterion.rule.points(answers.get(criterion.key)))
        for criterion in criteria
    )
    return result(lines, thresholds)


def result(lines: tuple[Line, ...], thresholds: Thresholds) -> Result:
    """The sums over lines whose points are known already."""
    return Result(*Scale.of([line.criterion for line in lines], thresholds).judged(sums(lines)), lines)


@dataclass(frozen=True)
class Sums:
    """What lines come to: the weight that is answered, what it earned in steps, and how many must-haves are
    answered, and how many of these are not met."""

    answered: int = 0
    earned: int = 0
    answered_musts: int = 0
    failed_musts: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.answered + other.answered,
            self.earned + other.earned,
            self.answered_musts + other.answered_musts,
            self.failed_musts + other.failed_musts,
        )


def sums(lines: Iterable[Line]) -> Sums:
    """What these lines come to."""
    known = [(line, line.points) for line in lines if line.points is not None]
    return Sums(
        sum(line.criterion.weight for line, _points in known),
        sum(round(points * STEPS) * line.criterion.weight for line, points in known),
        sum(line.criterion.must_have for line, _points in known),
        sum(line.has_failed for line, _points in known),
    )


@dataclass(frozen=True)
class Scale:
    """What sums are held against: all the weight, how many must-haves, and where the verdicts begin."""

    weight: int
    musts: int
    thresholds: Thresholds

    @classmethod
    def of(cls, criteria: Iterable[Criterion], thresholds: Thresholds) -> Scale:
        """That of all these criteria."""
        asked = list(criteria)
        return cls(sum(each.weight for each in asked), sum(each.must_have for each in asked), thresholds)

    def judged(self, found: Sums) -> tuple[Decimal | None, int, str]:
        """Score, coverage and verdict of what lines come to."""
        coverage = 100 * found.answered // self.weight if self.weight else 0
        if not found.answered:
            return None, coverage, ""
        reached = Decimal((found.earned + 5 * found.answered) // (10 * found.answered)) / 10
        is_open = found.answered_musts < self.musts
        return reached, coverage, verdict(reached, self.thresholds, found.failed_musts > 0, is_open)


def verdict(reached: Decimal, thresholds: Thresholds, failed: bool, unanswered: bool) -> str:
    """By the thresholds; a failed must-have is not a fit, an unanswered one at most possible."""
    if failed or reached < thresholds.weak:
        return Verdict.NOT_A_FIT
    if reached < thresholds.possible:
        return Verdict.WEAK
    if reached < thresholds.strong or unanswered:
        return Verdict.POSSIBLE
    return Verdict.STRONG
