"""Days counted in working days. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from prm.calendars import WorkCalendar

DAY = timedelta(days=1)


def day_after(calendar: WorkCalendar, start: date, days: int) -> date:
    """The working day so many working days after `start`; 0 is the first one from `start` on."""
    day = _next(calendar, start)
    for _ in range(days):
        day = _next(calendar, day + DAY)
    return day


def between(calendar: WorkCalendar, start: date, day: date) -> int:
    """How many working days after `start` a day is: what `day_after` would be given for it. A day off
    counts as the working day before it, one before the start as the start."""
    first = _next(calendar, start)
    span = range(1, (day - first).days + 1)
    return sum(calendar.works_on(first + n * DAY) for n in span)


def _next(calendar: WorkCalendar, day: date) -> date:
    while not calendar.works_on(day):
        day += DAY
    return day
