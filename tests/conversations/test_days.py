"""The days a text names: said on Monday 1 June 2026, 09:00, in Berlin, unless another moment is given."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.catching import days
from prm.calendars import WorkCalendar
from tests.conftest import BERLIN
from tests.conversations.test_catching import NOW, OFFICE


def named(text: str, now: datetime = NOW, calendar: WorkCalendar = OFFICE, terse: bool = False) -> list[str]:
    return [f"{day.on:%Y-%m-%d}" for day in days.find(text, now, calendar, terse)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("by Friday", "2026-06-05"),
        ("by Monday", "2026-06-08"),
        ("this Friday", "2026-06-05"),
        ("next Friday", "2026-06-12"),
        ("Tuesday next week", "2026-06-09"),
        ("tomorrow at 5pm", "2026-06-02"),
        ("the day after tomorrow", "2026-06-03"),
        ("by the end of the week", "2026-06-05"),
        ("by EOW", "2026-06-05"),
        ("end of next week", "2026-06-12"),
        ("early next week", "2026-06-09"),
        ("by month end", "2026-06-30"),
        ("end of next month", "2026-07-31"),
        ("end of quarter", "2026-06-30"),
        ("by end of Q3", "2026-09-30"),
        ("by the end of the year", "2026-12-31"),
        ("in 3 days", "2026-06-04"),
        ("in two working days", "2026-06-03"),
        ("in three working days", "2026-06-05"),
        ("within 48 hours", "2026-06-03"),
        ("in a month", "2026-07-01"),
        ("on 12 June", "2026-06-12"),
        ("on June 12th, 2026", "2026-06-12"),
        ("on Friday, 12 June", "2026-06-12"),
        ("by the 5th", "2026-06-05"),
        ("2026-06-12", "2026-06-12"),
        ("by 12/06/2026", "2026-06-12"),
        ("by 06/25/2026", "2026-06-25"),
        ("week 24", "2026-06-12"),
        ("before Friday", "2026-06-03"),
        ("before the weekend", "2026-06-05"),
        ("EOD Friday", "2026-06-05"),
        ("on Wednesday or Friday", "2026-06-05"),
        ("by sat", "2026-06-06"),
        ("bis Freitag", "2026-06-05"),
        ("bis Freitagnachmittag", "2026-06-05"),
        ("nächsten Dienstag", "2026-06-09"),
        ("kommenden Freitag", "2026-06-05"),
        ("bis Ende der Woche", "2026-06-05"),
        ("Ende nächster Woche", "2026-06-12"),
        ("Anfang Juli", "2026-07-10"),
        ("morgen früh", "2026-06-02"),
        ("übermorgen", "2026-06-03"),
        ("in zwei Wochen", "2026-06-15"),
        ("innerhalb von zwei Arbeitstagen", "2026-06-03"),
        ("am 12. Juni", "2026-06-12"),
        ("bis zum 12.6.", "2026-06-12"),
        ("bis 12.06.26", "2026-06-12"),
        ("bis Mittwoch, den 10. Juni", "2026-06-10"),
        ("KW 24", "2026-06-12"),
        ("bis Monatsende", "2026-06-30"),
        ("bis zum Quartalsende", "2026-06-30"),
        ("bis Mi", "2026-06-03"),
    ],
)
def test_it_means(text: str, day: str) -> None:
    assert named(text) == [day]


@pytest.mark.parametrize(
    "text",
    [
        *("last Friday", "every Friday", "since Monday", "from Tuesday", "after Friday", "Friday's call"),
        *(
            "three days ago",
            "not before Friday",
            "version 12.6. is out",
            "31 June",
            "on 12 May",
            "2020-06-12",
        ),
        *("he sat there", "the sun", "so we do", "Guten Morgen", "am Morgen", "jeden Freitag", "vom Freitag"),
        *("letzten Dienstag", "nicht vor Freitag", "ab Montag", "vor drei Tagen", "KW 54", "in 999 years"),
        *("soon", "in a few days", "may we", "march on"),
    ],
)
def test_it_means_no_day_ahead(text: str) -> None:
    assert named(text) == []


def test_a_day_without_a_year_that_passed_long_ago_is_next_years() -> None:
    assert named("by 31 January") == ["2027-01-31"]
    assert named("KW 1") == ["2027-01-08"]
    assert named("by 10 January", datetime(2026, 12, 28, 9, tzinfo=BERLIN)) == ["2027-01-10"]


def test_next_and_coming_part_where_the_day_still_lies_ahead_this_week() -> None:
    thursday = datetime(2026, 6, 11, 9, tzinfo=BERLIN)
    assert named("next Friday", thursday) == ["2026-06-19"]
    assert named("coming Friday", thursday) == ["2026-06-12"]
    assert named("next Tuesday", thursday) == named("on Tuesday", thursday) == ["2026-06-16"]


def test_said_on_that_weekday_it_is_in_a_week() -> None:
    assert named("by Friday", datetime(2026, 6, 5, 9, tzinfo=BERLIN)) == ["2026-06-12"]


def test_the_end_of_a_week_that_is_over_is_the_next_ones() -> None:
    assert named("by the end of the week", datetime(2026, 6, 6, 9, tzinfo=BERLIN)) == ["2026-06-12"]


def test_a_holiday_is_not_the_end_of_a_week() -> None:
    calendar = WorkCalendar("Europe/Berlin", OFFICE.weekly, {date(2026, 6, 5): []})
    assert named("by the end of the week", calendar=calendar) == ["2026-06-04"]


def test_a_week_that_rests_on_friday_ends_on_thursday() -> None:
    sunday_to_thursday = WorkCalendar("Asia/Riyadh", {day: [("08:00", "16:00")] for day in (6, 0, 1, 2, 3)})
    assert named("by the end of the week", calendar=sunday_to_thursday) == ["2026-06-04"]
    assert named("next Sunday", calendar=sunday_to_thursday) == ["2026-06-07"]


def test_a_calendar_without_work_names_days_all_the_same() -> None:
    assert named("by the end of the week", calendar=WorkCalendar("UTC", {})) == ["2026-06-07"]
    assert named("in two working days", calendar=WorkCalendar("UTC", {})) == []


def test_a_line_of_keywords_names_weekdays_shortly() -> None:
    assert named("prep pack sat", terse=True) == ["2026-06-06"]
    assert named("paket packen mi", terse=True) == ["2026-06-03"]


FROM = datetime(2024, 1, 1, 9, tzinfo=BERLIN)
moments = st.integers(0, 2500).map(lambda days_on: FROM + timedelta(days=days_on))


@settings(deadline=None)
@given(
    moments, st.sampled_from(["Monday", "Freitag", "next Sunday", "the end of the week", "12 June", "KW 24"])
)
def test_it_is_never_past_and_at_most_a_year_and_a_half_ahead(now: datetime, said: str) -> None:
    for day in days.find(f"by {said}", now, OFFICE):
        assert now.date() <= day.on <= now.date() + timedelta(days=550)


@settings(deadline=None)
@given(moments, st.integers(1, 31), st.integers(1, 12))
def test_a_date_in_either_language_is_the_same_day(now: datetime, dom: int, month: int) -> None:
    english, german = f"by {date(2000, month, 1):{dom} %B}", f"bis {dom}.{month}."
    assert named(english, now) == named(german, now)
