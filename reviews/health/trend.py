"""The trend of a score drawn as a line, with the days its colour changed and why. Pure but for its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reviews.health import scoring, telling
from reviews.health.models import Snapshot
from reviews.health.telling import Reason

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 960, 200, 30, 24, 10, 22
WEEK = 7
TICKS = 6
Across = Callable[[date], int]


@dataclass(frozen=True)
class Dot:
    """A day's score in the picture."""

    x: int
    y: int
    tone: str
    words: str


@dataclass(frozen=True)
class Mark:
    """A line with its words: a threshold beside the picture, or a day under it."""

    place: int
    words: str


@dataclass(frozen=True)
class Picture:
    """A line of scores, broken where too little was known; `says` is its finding."""

    lines: list[str]
    dots: list[Dot]
    levels: list[Mark]
    days: list[Mark]
    says: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Change:
    """A day on which the colour changed or the score leapt, with all that moved it."""

    was: Snapshot
    now: Snapshot
    reasons: list[Reason]
    is_new_formula: bool

    @property
    def points(self) -> int:
        """By how much the score moved, in tenths."""
        return (self.now.score or 0) - (self.was.score or 0)

    @property
    def moved(self) -> str:
        return telling.moved(self.points)

    @property
    def is_known(self) -> bool:
        """Whether both days had a score."""
        return self.now.score is not None and self.was.score is not None


def changes(rows: Sequence[Snapshot]) -> list[Change]:
    """The changes among readings given oldest first, the newest first."""
    found = []
    for was, now in pairwise(rows):
        change = Change(was, now, telling.reasons(was, now), was.formula_id != now.formula_id)
        if was.stands != now.stands or (change.is_known and abs(change.points) >= scoring.LEAP):
            found.append(change)
    return found[::-1]


def picture(rows: Sequence[Snapshot], healthy_from: int, watch_from: int) -> Picture | None:
    """The picture of readings given oldest first; None where fewer than two have a score."""
    known = [row for row in rows if row.score is not None]
    if len(known) < 2:
        return None
    first, last = rows[0].day, rows[-1].day
    across = _across(first, last)
    dots = [
        Dot(
            across(row.day),
            _height(row.score or 0),
            row.stands,
            f"{date_format(row.day, 'j M Y')}: {telling.points(row.score)}",
        )
        for row in known
    ]
    levels = [Mark(_height(10 * level), str(level)) for level in (0, watch_from, healthy_from, 100)]
    return Picture(_lines(rows, across), dots, levels, _days(first, last, across), _finding(known))


def _across(first: date, last: date) -> Across:
    span, room = max(1, (last - first).days), WIDTH - LEFT - RIGHT
    return lambda day: LEFT + room * (day - first).days // span


def _height(tenths: int) -> int:
    return TOP + (HEIGHT - TOP - BOTTOM) * (scoring.WHOLE - tenths) // scoring.WHOLE


def _lines(rows: Sequence[Snapshot], across: Across) -> list[str]:
    """Points of each unbroken line."""
    lines: list[list[str]] = [[]]
    for row in rows:
        if row.score is None:
            lines.append([])
        else:
            lines[-1].append(f"{across(row.day)},{_height(row.score)}")
    return [" ".join(line) for line in lines if line]


def _days(first: date, last: date, across: Across) -> list[Mark]:
    span = (last - first).days
    steps = min(TICKS - 1, max(1, span // WEEK))
    days = [first + (last - first) * n // steps for n in range(steps + 1)]
    return [Mark(across(day), date_format(day, "j M")) for day in dict.fromkeys(days)]


def _finding(known: Sequence[Snapshot]) -> str:
    first, last = known[0], known[-1]
    moved, since = (last.score or 0) - (first.score or 0), date_format(first.day, "j F Y")
    if moved == 0:
        return _("As on {day}").format(day=since)
    words = _("{n} more than on {day}") if moved > 0 else _("{n} less than on {day}")
    return words.format(n=telling.points(abs(moved)), day=since)
