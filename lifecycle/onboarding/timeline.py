"""A plan drawn as bars: each from when it can begin to its due day, on one line of days. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format

from lifecycle.models import Plan, Task

WIDTH, ROW, TOP = 640, 34, 28
LEAST = 10  # how wide a bar is at least
WEEK = 7
TICKS = 7


@dataclass(frozen=True)
class Bar:
    """One task: where its bar lies and what it says."""

    task: Task
    x: int
    y: int
    width: int
    tone: str
    words: str

    @property
    def text_y(self) -> int:
        return self.y + 11

    @property
    def bar_y(self) -> int:
        return self.y + 17

    @property
    def is_late_in_line(self) -> bool:
        """Whether its text would run out of the picture, written from the bar's left end."""
        return self.x > WIDTH * 0.6

    @property
    def text_x(self) -> int:
        return self.x + self.width if self.is_late_in_line else self.x


@dataclass(frozen=True)
class Tick:
    """A day named above the bars."""

    x: int
    words: str


@dataclass(frozen=True)
class Timeline:
    """The whole picture; `today_x` is None where today lies outside."""

    bars: list[Bar]
    ticks: list[Tick]
    today_x: int | None
    width: int
    height: int

    @property
    def viewed(self) -> int:
        """How much of the width is shown, with room for the last day's name."""
        return self.width + 44


def drawn(
    plan: Plan, tasks: Sequence[Task], waits_for: Mapping[int, Sequence[int]], today: date
) -> Timeline | None:
    """The picture of a plan; None where no task has a due day."""
    dated = [task for task in tasks if task.due_on is not None]
    if not dated:
        return None
    ends = {task.pk: task.due_on for task in dated if task.due_on is not None}
    last = max(*ends.values(), plan.starts_on + timedelta(days=WEEK))
    first = min(*ends.values(), plan.starts_on)
    scale = WIDTH / max(1, (last - first).days)

    def x(day: date) -> int:
        return round((day - first).days * scale)

    bars = []
    for n, task in enumerate(dated):
        begins = max([plan.starts_on, *(ends[pk] for pk in waits_for.get(task.pk, ()) if pk in ends)])
        left, right = min(x(begins), x(ends[task.pk]) - LEAST), x(ends[task.pk])
        left = max(0, left)
        bars.append(_bar(task, left, TOP + n * ROW, max(LEAST, right - left), today))
    inside = first <= today <= last
    ticks = list(_ticks(first, last, x))
    return Timeline(bars, ticks, x(today) if inside else None, WIDTH, TOP + len(dated) * ROW)


def _bar(task: Task, x: int, y: int, width: int, today: date) -> Bar:
    state = str(task.state.label)
    day = date_format(task.due_on, "j M") if task.due_on else ""
    is_late = task.is_open and task.due_on is not None and task.due_on < today
    tones = {Task.State.DONE: "ok", Task.State.SKIPPED: "muted", Task.State.WAITING: "info"}
    tone = tones.get(task.state, "bad" if is_late else "s1")
    said = f"{state}, late" if is_late else state
    return Bar(task, x, y, width, tone, f"{task.text}: {said}, {day}")


def _ticks(first: date, last: date, x: Callable[[date], int]) -> Iterator[Tick]:
    """Mondays, so many that they do not touch each other."""
    monday = first + timedelta(days=-first.weekday() % WEEK)
    weeks = max(1, ((last - monday).days // WEEK) // TICKS + 1)
    while monday <= last:
        yield Tick(x(monday), date_format(monday, "j M"))
        monday += timedelta(days=WEEK * weeks)
