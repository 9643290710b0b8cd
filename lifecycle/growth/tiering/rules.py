"""Which tier a membership has earned, and where it would go. Pure.

What is not known neither lifts nor lowers: a tier is earned only where everything it wants is known and
met, and lost only where something it wants is known and missed. A tier that wants nothing is given by hand,
except the lowest: that is everybody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Values = Mapping[int, int | None]


class Verdict(StrEnum):
    MET = "met"
    MISSED = "missed"
    OPEN = "open"


class Direction(StrEnum):
    RISE = "rise"
    STAY = "stay"
    FALL = "fall"


@dataclass(frozen=True)
class Need:
    """At least so much of something, which `key` names among the values."""

    key: int
    wanted: int


@dataclass(frozen=True)
class Step:
    """A tier and what it wants; `closed` where it is offered no more."""

    tier: int
    needs: tuple[Need, ...] = ()
    closed: bool = False


@dataclass(frozen=True)
class Outcome:
    """The tier earned (None: none), and where a change would lead; `to` is the current one where it stays."""

    earned: int | None
    to: int | None
    direction: Direction


def is_met(need: Need, values: Values) -> bool | None:
    """None where it is not known."""
    value = values.get(need.key)
    return None if value is None else value >= need.wanted


def verdict(step: Step, values: Values) -> Verdict:
    """Whether a tier that wants something is earned."""
    met = [is_met(need, values) for need in step.needs]
    if False in met:
        return Verdict.MISSED
    return Verdict.MET if met and None not in met and not step.closed else Verdict.OPEN


def verdicts(ladder: Sequence[Step], values: Values) -> list[Verdict]:
    """Of every tier, the highest first; the lowest is everybody's where it wants nothing."""
    found = [verdict(step, values) for step in ladder]
    if ladder and not ladder[-1].needs and not ladder[-1].closed:
        found[-1] = Verdict.MET
    return found


def outcome(ladder: Sequence[Step], current: int | None, values: Values) -> Outcome:
    """Where a membership at `current` stands on a ladder of tiers, the highest first."""
    found = verdicts(ladder, values)
    place = next((n for n, step in enumerate(ladder) if step.tier == current), len(ladder))
    best = next((n for n, each in enumerate(found) if each is Verdict.MET), None)
    earned = None if best is None else ladder[best].tier
    if best is not None and best < place:
        return Outcome(earned, earned, Direction.RISE)
    if place < len(ladder) and found[place] is Verdict.MISSED:
        lower = [n for n in range(place + 1, len(ladder)) if not ladder[n].closed]
        held = [n for n in lower if found[n] is not Verdict.MISSED]
        if lower:
            return Outcome(earned, ladder[held[0] if held else lower[-1]].tier, Direction.FALL)
    return Outcome(earned, current, Direction.STAY)


def following(ladder: Sequence[Step], current: int | None) -> Step | None:
    """The next higher tier that wants something; None at the top."""
    place = next((n for n, step in enumerate(ladder) if step.tier == current), len(ladder))
    return next((step for step in reversed(ladder[:place]) if step.needs and not step.closed), None)


def to_go(need: Need, values: Values) -> int | None:
    """How much is missing still; None where it is not known."""
    value = values.get(need.key)
    return None if value is None else max(0, need.wanted - value)
