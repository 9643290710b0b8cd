"""The days of reviews: from an anchor without drift, in working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from prm.calendars import WorkCalendar
from reviews.meetings import dates

WEEK = WorkCalendar(
    "Europe/Berlin",
    {day: [("09:00", "17:00")] for day in range(5)},
    {date(2026, 12, 24): [], date(2026, 12, 25): []},
)
DAYS = some.dates(date(1990, 1, 1), date(2090, 12, 31))


def test_month_ends_do_not_drift() -> None:
    day, found = date(2026, 1, 31), []
    for _ in range(4):
        day = dates.slot_after(date(2026, 1, 31), 3, day)
        found.append(day)
    assert found == [date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 31), date(2027, 1, 31)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(anchor=DAYS, months=some.sampled_from([3, 6, 12]), day=DAYS)
def test_the_next_day_is_later_and_the_nearest_whole_cadence(anchor: date, months: int, day: date) -> None:
    slot = dates.slot_after(anchor, months, day)
    assert slot > day
    assert slot >= anchor
    apart = (slot.year - anchor.year) * 12 + slot.month - anchor.month
    assert apart % months == 0
    month_ends = (slot + timedelta(days=1)).day == 1
    assert slot.day == anchor.day or (slot.day < anchor.day and month_ends)
    if slot != anchor:
        assert (slot - day).days <= months * 31 or day < anchor


def test_steps_are_counted_in_working_days() -> None:
    days = dates.days_for(WEEK, date(2026, 12, 30))
    assert (days.prepare_on, days.pre_read_on) == (date(2026, 12, 14), date(2026, 12, 21))
    assert dates.after(WEEK, date(2026, 12, 23), 2) == date(2026, 12, 29)
    assert dates.working_day_up_to(WEEK, date(2026, 12, 27)) == date(2026, 12, 23)


@pytest.mark.parametrize(("rank", "months"), [(1, 3), (2, 6), (3, 12), (9, 12), (None, 12)])
def test_the_cadence_follows_the_rank(rank: int | None, months: int) -> None:
    assert dates.months_for(rank) == months
