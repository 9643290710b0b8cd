"""The days of reviews: counted from an anchor, so that they never drift, and steps in working days. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from prm.calendars import WorkCalendar
from prm.days import plus_months

PREPARE, PRE_READ = 10, 5  # working days before it is held
MINUTES, SIGN = 2, 10  # working days after
DAY = timedelta(days=1)
BY_RANK = {1: 3, 2: 6}  # months, by a tier's rank
TAIL = 12


def months_for(rank: int | None) -> int:
    """Strategic partners quarterly, those in the middle half-yearly, the tail yearly."""
    return BY_RANK.get(rank or 0, TAIL)


def slot_after(anchor: date, months: int, day: date) -> date:
    """The first day later than `day` that lies a whole number of cadences after the anchor, or the anchor
    itself. 31 January, quarterly: 30 April, 31 July, 31 October, 31 January."""
    passed = (day.year - anchor.year) * 12 + day.month - anchor.month
    n = max(0, passed // months)
    while (slot := plus_months(anchor, n * months)) <= day:
        n += 1
    return slot


@dataclass(frozen=True)
class Days:
    """When a review is prepared, its pre-read sent, and when it is held."""

    prepare_on: date
    pre_read_on: date
    on: date


def days_for(calendar: WorkCalendar, on: date) -> Days:
    """The days that lead to a review on this one."""
    return Days(before(calendar, on, PREPARE), before(calendar, on, PRE_READ), on)


def sign_by(calendar: WorkCalendar, held_on: date | None, sent_on: date) -> date:
    """The last day to sign minutes: ten working days after the review; minutes sent late, or anew, leave the
    days that those sent on time do."""
    after_sending = after(calendar, sent_on, SIGN - MINUTES)
    return after_sending if held_on is None else max(after(calendar, held_on, SIGN), after_sending)


def before(calendar: WorkCalendar, day: date, n: int) -> date:
    """The working day so many working days before; 0 is the last one up to `day`."""
    found = working_day_up_to(calendar, day)
    for _ in range(n):
        found = working_day_up_to(calendar, found - DAY)
    return found


def after(calendar: WorkCalendar, day: date, n: int) -> date:
    """The working day so many working days after `day`."""
    for _ in range(n):
        day += DAY
        while not calendar.works_on(day):
            day += DAY
    return day


def working_day_up_to(calendar: WorkCalendar, day: date) -> date:
    """The day itself, or the last working day before it."""
    while not calendar.works_on(day):
        day -= DAY
    return day
