"""The weeks as bars: the share answered late in two parts, and how sure it is; in units of the drawing."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.insights.answering import WANTED, Answering, Week
from prm.stats import ENOUGH

WIDTH, HEIGHT, LEFT, FOOT = 640, 190, 34, 34
STEPS = (10, 20, 40, 60, 80, 100)  # of the scale's end, in percent


@dataclass(frozen=True)
class Bar:
    """One week: where it stands, how high its two parts are, and the ends of its interval."""

    week: Week
    x: float
    width: float
    within_y: float
    within: float
    outside_y: float
    outside: float
    whisker: tuple[float, float] | None
    is_named: bool

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Level:
    """A line of the scale."""

    y: float
    percent: int


@dataclass(frozen=True)
class Drawing:
    """All bars, the lines of the scale and the limit that late answers should stay under."""

    bars: list[Bar]
    levels: list[Level]
    limit_y: float
    limit: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - FOOT


def weeks(answers: Answering) -> Drawing:
    """The drawing of the weeks."""
    top = next((step for step in STEPS if step >= max(map(_reach, answers.weeks), default=0)), 100)
    limit = round(100 * (1 - WANTED))
    pitch = (WIDTH - LEFT) / max(len(answers.weeks), 1)
    named = max(1, -(-len(answers.weeks) // 13))
    bars = [_bar(week, nth, pitch, top, nth % named == 0) for nth, week in enumerate(answers.weeks)]
    levels = [Level(_y(percent, top), percent) for percent in (0, top // 2, top)]
    return Drawing(bars, levels, _y(limit, top), limit)


def _bar(week: Week, nth: int, pitch: float, top: int, is_named: bool) -> Bar:
    counts = week.counts
    n = counts.n or 1
    within, outside = 100 * counts.within / n, 100 * counts.outside / n
    interval = counts.in_time.interval if counts.n >= ENOUGH else None
    floor = HEIGHT - FOOT
    within_y, outside_y = _y(within, top), _y(within + outside, top)
    return Bar(
        week=week,
        x=round(LEFT + nth * pitch + pitch * 0.15, 1),
        width=round(pitch * 0.7, 1),
        within_y=within_y,
        within=round(floor - within_y, 1),
        outside_y=outside_y,
        outside=round(within_y - outside_y, 1),
        whisker=(_y(100 - interval[0], top), _y(100 - interval[1], top)) if interval else None,
        is_named=is_named,
    )


def _reach(week: Week) -> float:
    """How far up the week is drawn, in percent."""
    counts = week.counts
    interval = counts.in_time.interval if counts.n >= ENOUGH else None
    return max(100 * counts.late / (counts.n or 1), 100 - interval[0] if interval else 0)


def _y(percent: float, top: int) -> float:
    """How far down a share stands; what is beyond the scale stands at its end."""
    room = HEIGHT - FOOT - 12
    return round(HEIGHT - FOOT - room * min(percent, top) / top, 1)
