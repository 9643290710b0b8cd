"""Figures of small numbers: how much they tell, between what they lie, and when they stand out.

All are pure. Where a figure has none for what it is given, the function says which error it raises or
that it answers None, which a page shows as "n/a".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, lgamma, log, log1p, sqrt

Z95 = 1.959963984540054
FEW, ENOUGH = 5, 30

Interval = tuple[float, float]


class Shows(StrEnum):
    """What may be shown of a figure made of so many rows."""

    TOO_FEW = "too few"
    INTERVAL = "interval"
    COLOUR = "colour"


def shows(n: int) -> Shows:
    """Under 5 rows no figure, under 30 with its interval and without colour, from there on with both."""
    return Shows.TOO_FEW if n < FEW else Shows.INTERVAL if n < ENOUGH else Shows.COLOUR


def tone(interval: Interval, n: int, least: float) -> str:
    """The colour of a figure that should reach `least`: "ok" or "bad" where there are rows enough and the
    whole interval lies on one side of it, else ""."""
    if shows(n) is not Shows.COLOUR:
        return ""
    return "ok" if interval[0] >= least else "bad" if interval[1] < least else ""


# --- shares ----------------------------------------------------------------------------------------------


def wilson(k: int, n: int, z: float = Z95) -> Interval:
    """The interval in which a share of `k` of `n` lies, by default with 95 % (Wilson 1927, score
    interval). Raises ValueError where there is none."""
    if not 0 <= k <= n or n == 0:
        raise ValueError(f"{k} of {n} is no share")
    share, z2 = k / n, z * z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def change(k: int, n: int, k_before: int, n_before: int) -> Interval | None:
    """Between what a share changed, from `k_before` of `n_before` to `k` of `n`, with 95 % (Newcombe 1998,
    method 10: from the score intervals of both). None where one of them has no rows."""
    if not n or not n_before:
        return None
    now, then = k / n, k_before / n_before
    (low, high), (low_then, high_then) = wilson(k, n), wilson(k_before, n_before)
    down = sqrt((now - low) ** 2 + (high_then - then) ** 2)
    up = sqrt((high - now) ** 2 + (then - low_then) ** 2)
    return now - then - down, now - then + up


def shrunk(k: float, n: int, rate: float, strength: float = 20) -> float:
    """The share `k` of `n` drawn towards the `rate` of all, as if `strength` more rows had that rate: by
    it shares of few rows are ranked (mean of the beta-binomial posterior; Casella 1985)."""
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")
    return (k + strength * rate) / (n + strength)


def funnel(rate: float, n: int, tail: float = 0.001) -> tuple[int, int]:
    """Between which counts of `n`, both included, chance keeps a row whose rate is that of all; outside by
    no more than `tail` on either side, by default the 99.8 % limits (Spiegelhalter 2005, exact binomial)."""
    if not 0 <= rate <= 1 or n < 0:
        raise ValueError(f"no limits around {rate} for {n}")
    chances = [_chance(k, n, rate) for k in range(n + 1)]
    return _reached(chances, tail), n - _reached(chances[::-1], tail)


def _chance(k: int, n: int, rate: float) -> float:
    if rate in {0, 1}:
        return float(k == n * rate)
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(rate) + (n - k) * log1p(-rate))


def _reached(chances: Sequence[float], tail: float) -> int:
    """At which place the sum of the chances reaches `tail`."""
    summed = 0.0
    for place, chance in enumerate(chances):
        summed += chance
        if summed >= tail:
            return place
    return len(chances) - 1


# --- recommendation --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nps:
    """Per cent of promoters less per cent of detractors: as counted, and drawn towards the middle as the
    interval is."""

    raw: float
    adjusted: float
    interval: Interval


def nps(promoters: int, detractors: int, n: int, z: float = Z95) -> Nps:
    """The net promoter score of `n` answers and its interval, all between -100 and 100 (adjusted Wald: 3 more
    answers, ¾ of them promoters and ¾ detractors; Rocks 2016). Raises ValueError where there is none."""
    if n <= 0 or min(promoters, detractors) < 0 or promoters + detractors > n:
        raise ValueError(f"{promoters} and {detractors} of {n} are no answers")
    more, for_us, against = n + 3, promoters + 0.75, detractors + 0.75
    middle = (for_us - against) / more
    reach = z * sqrt(((for_us + against) / more - middle**2) / more)
    interval = max(-1.0, middle - reach), min(1.0, middle + reach)
    return Nps(100 * (promoters - detractors) / n, 100 * middle, (100 * interval[0], 100 * interval[1]))


# --- telling apart ---------------------------------------------------------------------------------------


def auc(positives: Iterable[float], negatives: Iterable[float]) -> float | None:
    """How often a positive scores above a negative, ties counting half (Mann and Whitney 1947); None where
    one of them is missing."""
    above, below = list(positives), sorted(negatives)
    if not above or not below:
        return None
    won = sum(bisect_left(below, score) + bisect_right(below, score) for score in above) / 2
    return won / (len(above) * len(below))


def auc_interval(area: float, positives: int, negatives: int, z: float = Z95) -> Interval:
    """The interval of an area under the curve of so many positives and negatives, within 0 and 1 (Hanley and
    McNeil 1982). Raises ValueError where there is none."""
    if not 0 <= area <= 1 or min(positives, negatives) < 1:
        raise ValueError(f"no interval around {area} of {positives} and {negatives}")
    two_above, two_below = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area)
    spread += (positives - 1) * (two_above - area**2) + (negatives - 1) * (two_below - area**2)
    reach = z * sqrt(max(0.0, spread) / (positives * negatives))
    return max(0.0, area - reach), min(1.0, area + reach)


Scored = tuple[float, bool]  # a score, and whether it happened


def lift(rows: Sequence[Scored], share: float = 0.1) -> float | None:
    """How many times as often it happened among the lowest tenth by score (or another `share`) as among all;
    of rows that tie at the edge the part that fits counts. None where it happened to nobody."""
    count, happened = len(rows), sum(it_did for _score, it_did in rows)
    if not happened:
        return None
    room = left = share * count
    among = 0.0
    for _score, n, k in _tied(rows):
        taken = min(n, left)
        among += k * taken / n
        left -= taken
        if left <= 0:
            break
    return (among / room) / (happened / count)


@dataclass(frozen=True)
class Band:
    """Rows whose scores lie from `low` to `high`, both included, and to how many it happened."""

    low: float
    high: float
    n: int
    happened: int


def bands(rows: Sequence[Scored], parts: int = 5) -> list[Band]:
    """The rows in parts of about the same size by score, the lowest first; rows that tie stay together, so
    that there may be fewer parts."""
    found: list[Band] = []
    seen, edge = 0, 1
    held: list[tuple[float, int, int]] = []
    for score, n, k in _tied(rows):
        held.append((score, n, k))
        seen += n
        if seen * parts >= edge * len(rows):
            found.append(
                Band(held[0][0], score, sum(each[1] for each in held), sum(each[2] for each in held))
            )
            held, edge = [], seen * parts // len(rows) + 1
    return found


def _tied(rows: Sequence[Scored]) -> list[tuple[float, int, int]]:
    """Each score there is, the lowest first: how many rows have it, and to how many of them it happened."""
    counts: dict[float, list[int]] = {}
    for score, it_did in rows:
        held = counts.setdefault(score, [0, 0])
        held[0] += 1
        held[1] += it_did
    return [(score, n, k) for score, (n, k) in sorted(counts.items())]


# --- time to something -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """After `time`, of `at_risk` rows still looked at `happened`; `left` is the share that waits still."""

    time: float
    at_risk: int
    happened: int
    left: float


@dataclass(frozen=True)
class Survival:
    """The steps of a Kaplan-Meier curve."""

    n: int
    steps: tuple[Step, ...]

    def left_at(self, time: float) -> float:
        """The share to whom it has not happened by then."""
        return next((step.left for step in reversed(self.steps) if step.time <= time), 1.0)

    @property
    def median(self) -> float | None:
        """The first time by which it has happened to half; None where it has not come to that."""
        return next((step.time for step in self.steps if step.left <= 0.5 + 1e-12), None)


def kaplan_meier(rows: Iterable[tuple[float, bool]]) -> Survival:
    """The curve of rows (time, whether it happened then; else they were looked at only so long). Who was
    looked at until a time at which it happened to others still counts among them (Kaplan and Meier 1958)."""
    looked_at = [(float(time), bool(happened)) for time, happened in rows]
    leaving = Counter(time for time, _ in looked_at)
    happened = Counter(time for time, it_did in looked_at if it_did)
    at_risk, left, steps = len(looked_at), 1.0, []
    for time in sorted(leaving):
        if happened[time]:
            left *= 1 - happened[time] / at_risk
            steps.append(Step(time, at_risk, happened[time], left))
        at_risk -= leaving[time]
    return Survival(len(looked_at), tuple(steps))


# --- sharing out -----------------------------------------------------------------------------------------


def jain(shares: Sequence[float]) -> float | None:
    """How evenly something is shared out: 1 where all have the same, 1 of n where one has all (Jain, Chiu
    and Hawe 1984). None where there is nothing to share. Never without the level beside it."""
    squares = sum(share * share for share in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else None


def most_to_least(shares: Sequence[float]) -> float | None:
    """How many times as much as the least the most has; None where somebody has nothing."""
    return max(shares) / min(shares) if shares and min(shares) > 0 else None
