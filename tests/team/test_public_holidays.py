"""Public holidays are taken once and follow year after year; what a person changed stays as it is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from conversations import messages, retiming
from partners.models import Contact, Event
from prm import sweeper
from team import public_holidays, working_time
from team.models import Calendar, CalendarDay, Company, HolidaySource, User
from team.working_time import WorkingTimeRefused
from tests.conftest import BERLIN, MONDAY

OPEN = [["09:00", "17:00"]]
WEEK = timedelta(days=7)


@pytest.fixture
def calendar(company: Company) -> Calendar:
    return company.calendar


@pytest.fixture
def bavaria(calendar: Calendar) -> HolidaySource:
    """Taken for 2026 and no more."""
    public_holidays.add(calendar, "DE", "BY", [2026], None, MONDAY)
    return HolidaySource.objects.get()


def days(year: int) -> set[str]:
    return set(CalendarDay.objects.filter(on__year=year).values_list("label", flat=True))


def day(name: str, year: int) -> CalendarDay:
    return CalendarDay.objects.get(label=name, on__year=year)


def sweep(at: datetime) -> int:
    return sweeper.run(at, only="holidays")["holidays"]


def test_holidays_of_a_country_are_added_once(calendar: Calendar) -> None:
    assert public_holidays.add(calendar, "DE", "BY", [2026], None, MONDAY) == 12
    assert public_holidays.add(calendar, "DE", "BY", [2026], None, MONDAY) == 0
    assert CalendarDay.objects.filter(on=date(2026, 6, 4), label="Corpus Christi").exists()
    assert HolidaySource.objects.count() == 1


def test_a_holiday_of_ones_own_stays_as_it_is(calendar: Calendar) -> None:
    working_time.set_day(calendar, date(2026, 12, 25), OPEN, "We work", None, MONDAY)
    public_holidays.add(calendar, "DE", "", [2026], None, MONDAY)
    assert CalendarDay.objects.get(on=date(2026, 12, 25)).label == "We work"


def test_an_unknown_region_is_refused(calendar: Calendar) -> None:
    with pytest.raises(WorkingTimeRefused, match="DE XX"):
        public_holidays.add(calendar, "DE", "XX", [2026], None, MONDAY)
    assert not HolidaySource.objects.exists()


def test_the_next_sweep_lets_two_years_follow(bavaria: HolidaySource, calendar: Calendar) -> None:
    assert sweep(MONDAY) == 1
    assert days(2027) == days(2028) == days(2026)
    assert not days(2029)
    assert calendar.versions.count() == 2
    assert calendar.versions.get(number=3).what == (
        "24 holidays of DE BY for 2027–2028, which followed by themselves"
    )


@pytest.mark.parametrize("at", [datetime(2027, 1, 1, 12, tzinfo=UTC), datetime(2031, 8, 15, tzinfo=UTC)])
def test_24_months_ahead_are_always_there(bavaria: HolidaySource, at: datetime) -> None:
    sweep(at)
    last = CalendarDay.objects.latest("on").on
    assert last >= at.date().replace(month=12, day=26, year=at.year + 2)
    assert "Pentecost Monday" in days(at.year)


def test_a_year_is_taken_once_whatever_runs_again(bavaria: HolidaySource, calendar: Calendar) -> None:
    sweep(MONDAY)
    for weeks in range(1, 30):
        sweep(MONDAY + weeks * WEEK)
    assert calendar.versions.count() == 2
    sweep(MONDAY + 31 * WEEK)  # in January
    assert len(days(2029)) == 12
    assert calendar.versions.count() == 3


def test_it_looks_again_a_week_later(bavaria: HolidaySource) -> None:
    sweep(MONDAY)
    assert sweep(MONDAY + timedelta(days=6)) == 0
    assert sweep(MONDAY + WEEK) == 1


def test_a_removed_day_stays_removed_and_out_of_the_years_that_follow(bavaria: HolidaySource) -> None:
    working_time.remove_day(day("Epiphany", 2026), None, MONDAY)
    sweep(MONDAY)
    assert "Epiphany" not in days(2026) | days(2027) | days(2028)
    assert "Corpus Christi" in days(2028)


def test_a_day_removed_of_one_year_alone_is_there_in_those_that_follow(bavaria: HolidaySource) -> None:
    sweep(MONDAY)
    working_time.remove_day(day("Epiphany", 2026), None, MONDAY)
    sweep(MONDAY + 31 * WEEK)
    assert "Epiphany" not in days(2026)
    assert "Epiphany" in days(2029)


def test_a_day_of_ones_own_in_a_year_that_follows_stays(bavaria: HolidaySource, calendar: Calendar) -> None:
    working_time.set_day(calendar, date(2027, 12, 24), OPEN, "Open", None, MONDAY)
    working_time.set_day(calendar, date(2027, 12, 25), OPEN, "We work", None, MONDAY)
    sweep(MONDAY)
    assert {"Open", "We work"} <= days(2027)
    assert CalendarDay.objects.get(on=date(2027, 12, 25)).windows == OPEN


def test_none_follow_once_it_was_stopped(bavaria: HolidaySource, calendar: Calendar, ravi: User) -> None:
    public_holidays.stop(bavaria, ravi, MONDAY)
    assert sweep(MONDAY + 60 * WEEK) == 0
    assert len(days(2026)) == 12
    last = calendar.versions.latest("number")
    assert (last.what, last.by) == ("Holidays of DE BY follow no more", ravi)


def test_a_place_that_is_known_no_more_is_looked_at_again_and_stops_nothing(
    bavaria: HolidaySource, calendar: Calendar, caplog: pytest.LogCaptureFixture
) -> None:
    gone = HolidaySource.objects.create(
        calendar=calendar, country="DE", subdivision="XX", through=2026, next_check_at=MONDAY - WEEK
    )
    assert sweep(MONDAY) == 2
    gone.refresh_from_db()
    assert (gone.through, gone.next_check_at) == (2026, MONDAY + WEEK)
    assert "DE XX" in caplog.text
    assert len(days(2028)) == 12


def test_an_open_wait_follows_and_says_so(calendar: Calendar, nora: Contact) -> None:
    """A clock whose due time lies on a holiday nobody had taken yet."""
    public_holidays.add(calendar, "DE", "BY", [2025], None, MONDAY)
    asked = datetime(2026, 6, 3, 16, tzinfo=BERLIN)
    wait = messages.receive(nora.partner, "email", "?", asked).conversation.waits.get()
    wait.policy.mode = "working_days"
    wait.policy.save()
    sweep(asked)
    assert retiming.catch_up(asked) == 1
    wait.refresh_from_db()
    assert wait.due_at == datetime(2026, 6, 5, 16, tzinfo=BERLIN)  # Thursday is Corpus Christi
    assert Event.objects.get(kind="recompute").note == "Office was corrected."
