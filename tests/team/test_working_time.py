"""Working time is changed in words a person writes, and never emptied."""

from datetime import date, datetime, timedelta

import pytest
from django import forms

from team import working_time
from team.forms import HoursField
from team.models import Calendar, CalendarDay, Company
from team.working_time import WorkingTimeRefused
from tests.conftest import BERLIN, MONDAY

OPEN = [["09:00", "17:00"]]


@pytest.fixture
def calendar(company: Company) -> Calendar:
    return company.calendar


def again(calendar: Calendar) -> Calendar:
    return Calendar.objects.get(pk=calendar.pk)


def test_a_changed_week_is_a_new_version(calendar: Calendar) -> None:
    working_time.change_week(calendar, {6: OPEN, 0: OPEN, 4: []}, None, MONDAY)
    assert again(calendar).weekly == {"0": OPEN, "6": OPEN}
    assert again(calendar).version == calendar.version + 1


def test_a_week_without_working_time_is_refused(calendar: Calendar) -> None:  # C21
    with pytest.raises(WorkingTimeRefused, match="no working time at all"):
        working_time.change_week(calendar, {day: [] for day in range(7)}, None, MONDAY)
    assert again(calendar).weekly == calendar.weekly


def test_days_that_open_do_not_make_up_for_an_empty_week(calendar: Calendar) -> None:
    working_time.set_day(calendar, date(2026, 6, 6), OPEN, "Open Saturday", None, MONDAY)
    with pytest.raises(WorkingTimeRefused):
        working_time.change_week(calendar, {}, None, MONDAY)


def test_holidays_for_800_days_are_refused(calendar: Calendar) -> None:
    first = date(2026, 8, 1)
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, on=first + timedelta(days=n)) for n in range(801)
    )
    with pytest.raises(WorkingTimeRefused):
        working_time.change_week(calendar, {0: OPEN}, None, MONDAY)


def test_a_holiday_moves_what_falls_due(calendar: Calendar) -> None:
    working_time.set_day(calendar, date(2026, 5, 25), [], "Whit Monday", None, MONDAY)
    friday = datetime(2026, 5, 22, 16, tzinfo=BERLIN)
    assert again(calendar).as_rule().due(friday, 2 * 3600) == datetime(2026, 5, 26, 10, tzinfo=BERLIN)


def test_a_day_stands_once(calendar: Calendar) -> None:
    working_time.set_day(calendar, date(2026, 5, 25), [], "Whit Monday", None, MONDAY)
    with pytest.raises(WorkingTimeRefused, match="in the list already"):
        working_time.set_day(calendar, date(2026, 5, 25), OPEN, "Again", None, MONDAY)
    assert CalendarDay.objects.get().label == "Whit Monday"


def test_a_removed_day_follows_its_weekday_again(calendar: Calendar) -> None:
    working_time.set_day(calendar, date(2026, 5, 25), [], "Whit Monday", None, MONDAY)
    working_time.remove_day(CalendarDay.objects.get(), None, MONDAY)
    assert not again(calendar).days.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", []),
        ("09:00–17:00", [["09:00", "17:00"]]),
        ("9:00-12:00, 13.00 - 24:00", [["09:00", "12:00"], ["13:00", "24:00"]]),
        ("13:00–17:00,09:00–12:00", [["09:00", "12:00"], ["13:00", "17:00"]]),
    ],
)
def test_hours_as_people_write_them(typed: str, kept: list[list[str]]) -> None:
    assert HoursField().clean(typed) == kept


@pytest.mark.parametrize(
    "typed", ["nine to five", "17:00–09:00", "09:00–09:00", "09:00–25:00", "09:70–10:00"]
)
def test_hours_nobody_can_read_are_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        HoursField().clean(typed)
