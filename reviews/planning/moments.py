"""When an objective is looked at: on the day of a mark, and on its own last day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from reviews.meetings.moments import start_of
from reviews.planning.models import Objective, YearMark

ENDS, MARK = "objective_due", "mark_due"


def of(objective: Objective, marks: Iterable[YearMark], zone: str) -> Iterator[tuple[str, datetime, str]]:
    """The kind, the moment and the words of each; of a running objective, in its owner's zone."""
    if not objective.is_running:
        return
    yield ENDS, start_of(objective.until_on, zone), objective.text
    for mark in marks:
        if mark.is_met is None:
            yield MARK, start_of(mark.on, zone), mark.text


def next_look(objective: Objective, marks: Iterable[YearMark], zone: str, after: datetime) -> datetime | None:
    """The first of its moments after one."""
    found = (moment for _kind, moment, _words in of(objective, marks, zone) if moment > after)
    return min(found, default=None)
