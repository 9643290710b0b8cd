"""Working time: the cases others got wrong, and what must hold in every zone."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from prm.calendars import NoWorkingTime, Pause, WorkCalendar

H = 3600
BERLIN = "Europe/Berlin"
NINE_TO_FIVE = [("09:00", "17:00")]
ALL_DAY = [("00:00", "24:00")]
ELAPSED = WorkCalendar.always()


def office(zone: str = BERLIN, holidays: tuple[str, ...] = (), days: Any = range(5)) -> WorkCalendar:
    return WorkCalendar(
        zone, dict.fromkeys(days, NINE_TO_FIVE), {date.fromisoformat(day): [] for day in holidays}
    )


def working_days(holidays: tuple[str, ...] = ()) -> WorkCalendar:
    return WorkCalendar(
        BERLIN, dict.fromkeys(range(5), ALL_DAY), {date.fromisoformat(day): [] for day in holidays}
    )


def local(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


CHRISTMAS = ("2026-12-25", "2026-12-26", "2027-01-01")
SINGLES = WorkCalendar(
    BERLIN, {day: [("09:00", "21:00")] for day in range(7)}, {date(2016, 11, 11): [], date(2016, 11, 13): []}
)
TUESDAYS = WorkCalendar("America/Chicago", {1: [("08:00", "17:00")]})


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "due"),
    [
        pytest.param(ELAPSED, local("2026-06-03T10:15"), 24, "2026-06-04T08:15", id="C01"),
        pytest.param(office("UTC"), utc("2026-01-30T16:30"), 1, "2026-02-02T09:30", id="C03"),
        pytest.param(office(), local("2026-06-06T11:00"), 8, "2026-06-08T15:00", id="C05"),
        pytest.param(office(), local("2026-06-03T17:00"), 1, "2026-06-04T08:00", id="C07"),
        pytest.param(working_days(), local("2026-06-05T15:00"), 24, "2026-06-08T13:00", id="C09"),
        pytest.param(office(holidays=CHRISTMAS), local("2026-12-24T15:00"), 8, "2026-12-28T14:00", id="C11a"),
        pytest.param(
            office(holidays=CHRISTMAS), local("2026-12-24T15:00"), 24, "2026-12-30T14:00", id="C11b"
        ),
        pytest.param(office(holidays=CHRISTMAS), local("2026-12-31T16:00"), 8, "2027-01-04T15:00", id="C13"),
        pytest.param(
            working_days(("2026-05-25",)), local("2026-05-22T15:00"), 24, "2026-05-26T13:00", id="C15"
        ),
        pytest.param(SINGLES, local("2016-11-09T23:00"), 48, "2016-11-15T20:00", id="C17"),
        pytest.param(TUESDAYS, local("2024-08-08T10:00", "America/Chicago"), 9, "2024-08-13T22:00", id="C19"),
        pytest.param(ELAPSED, local("2028-02-28T12:00"), 24, "2028-02-29T11:00", id="C23"),
        pytest.param(ELAPSED, local("2026-03-28T12:00"), 24, "2026-03-29T11:00", id="D01"),
        pytest.param(
            ELAPSED, local("2026-03-07T18:00", "America/New_York"), 24, "2026-03-08T23:00", id="D03"
        ),
        pytest.param(
            ELAPSED, local("2026-04-04T12:00", "Australia/Lord_Howe"), 24, "2026-04-05T01:00", id="D11"
        ),
        pytest.param(
            office(), local("2026-06-03T09:00", "Australia/Sydney"), 8, "2026-06-03T15:00", id="Z01"
        ),
        pytest.param(
            office("Asia/Riyadh", days=(6, 0, 1, 2, 3)),
            local("2026-06-04T16:00", "Asia/Riyadh"),
            8,
            "2026-06-07T13:00",
            id="Z03",
        ),
        pytest.param(
            office(), local("2026-03-16T09:00", "America/New_York"), 2, "2026-03-16T15:00", id="Z05a"
        ),
        pytest.param(
            office(), local("2026-04-13T09:00", "America/New_York"), 2, "2026-04-13T15:00", id="Z05b"
        ),
        pytest.param(office(), local("2026-06-03T10:00"), 8, "2026-06-04T08:00", id="Z07"),
        pytest.param(office("America/New_York"), local("2026-06-03T10:00"), 8, "2026-06-03T21:00", id="Z07b"),
    ],
)
def test_when_it_is_due(calendar: WorkCalendar, start: datetime, hours: float, due: str) -> None:
    assert calendar.due(start, hours * H) == utc(due)
    assert calendar.due(start, hours * H).utcoffset() == timedelta(0)
    assert calendar.elapsed(start, utc(due)) == hours * H


SUNDAY_NIGHT = WorkCalendar(BERLIN, {6: [("00:00", "06:00")]})


@pytest.mark.parametrize(
    ("day", "seconds", "hours", "due"),
    [("2026-03-29", 5 * H, 5, "2026-03-29T04:00"), ("2026-10-25", 7 * H, 6, "2026-10-25T04:00")],
)
def test_the_night_the_clock_changes_is_as_long_as_it_is(
    day: str, seconds: int, hours: int, due: str
) -> None:
    midnight = local(f"{day}T00:00")
    assert SUNDAY_NIGHT.elapsed(midnight, midnight + timedelta(days=1)) == seconds  # D05
    assert SUNDAY_NIGHT.due(midnight, hours * H) == utc(due)


def test_a_window_edge_that_does_not_exist_is_the_transition() -> None:
    calendar = WorkCalendar(BERLIN, {6: [("02:30", "04:00")]})
    assert calendar.due(local("2026-03-29T00:00"), 0) == utc("2026-03-29T01:00")
    assert calendar.elapsed(local("2026-03-29T00:00"), local("2026-03-29T06:00")) == H


def test_a_window_within_the_missing_hour_is_empty() -> None:
    calendar = WorkCalendar(BERLIN, {6: [("02:10", "02:50"), ("05:00", "06:00")]})
    assert calendar.due(local("2026-03-29T00:00"), 0) == utc("2026-03-29T03:00")


def test_a_window_edge_that_comes_twice_opens_at_the_first_and_closes_at_the_second() -> None:
    calendar = WorkCalendar(BERLIN, {6: [("02:30", "02:45")]})
    start, end = utc("2026-10-25T00:30"), utc("2026-10-25T01:45")
    assert calendar.due(local("2026-10-25T00:00"), 0) == start
    assert calendar.elapsed(local("2026-10-25T00:00"), local("2026-10-25T06:00")) == (end - start).seconds


def test_a_day_a_zone_skipped_has_no_working_time() -> None:
    calendar = WorkCalendar("Pacific/Apia", dict.fromkeys(range(7), NINE_TO_FIVE))
    before, after = local("2011-12-29T00:00", "Pacific/Apia"), local("2012-01-01T00:00", "Pacific/Apia")
    assert calendar.elapsed(before, after) == 2 * 8 * H


def test_midnight_that_does_not_exist() -> None:
    """Beirut's spring begins at midnight: the day has 23 hours."""
    calendar = WorkCalendar("Asia/Beirut", {6: ALL_DAY})
    midnight = local("2025-03-30T00:00", "Asia/Beirut")
    assert calendar.elapsed(midnight - timedelta(hours=5), midnight + timedelta(days=2)) == 23 * H


# --- pauses ------------------------------------------------------------------------------------------


def pause(begins: str, ends: str) -> Pause:
    return local(begins), local(ends)


def test_a_pause_moves_the_due_time() -> None:
    paused = [pause("2026-06-03T11:00", "2026-06-05T10:00")]
    assert office().due(local("2026-06-03T10:00"), 8 * H, paused) == utc("2026-06-05T15:00")  # P01


def test_overlapping_pauses_count_once() -> None:
    paused = [pause("2026-06-03T11:30", "2026-06-03T13:00"), pause("2026-06-03T11:00", "2026-06-03T12:00")]
    assert office().due(local("2026-06-03T10:00"), 4 * H, paused) == utc("2026-06-03T14:00")  # P07
    assert office().elapsed(local("2026-06-03T10:00"), utc("2026-06-03T14:00"), paused) == 4 * H


def test_a_pause_after_the_end_takes_nothing_away() -> None:
    paused = [pause("2026-06-03T12:00", "2026-06-03T13:00")]
    assert office().elapsed(local("2026-06-03T09:00"), local("2026-06-03T11:00"), paused) == 2 * H
    assert office().elapsed(local("2026-06-03T09:00"), local("2026-06-03T12:30"), paused) == 3 * H


def test_a_pause_without_length_or_before_the_start_changes_nothing() -> None:
    paused = [pause("2026-06-03T11:00", "2026-06-03T11:00"), pause("2026-06-01T09:00", "2026-06-03T09:00")]
    assert office().due(local("2026-06-03T10:00"), 2 * H, paused) == utc("2026-06-03T10:00")


def test_a_pause_that_never_ends_is_no_working_time() -> None:
    with pytest.raises(NoWorkingTime):
        ELAPSED.due(local("2026-06-03T10:00"), H, [pause("2026-06-03T10:00", "9000-01-01T00:00")])


# --- edges -------------------------------------------------------------------------------------------


def test_nothing_to_do_is_due_at_the_next_working_instant() -> None:
    assert office().due(local("2026-06-06T11:00"), 0) == utc("2026-06-08T07:00")
    assert office().due(local("2026-06-03T11:00"), 0) == utc("2026-06-03T09:00")


def test_seconds_are_kept() -> None:
    start = local("2026-06-03T16:59:30.250000")
    assert office().due(start, 45) == utc("2026-06-04T07:00:15.250000")
    assert office().elapsed(start, local("2026-06-04T09:00:15")) == 44.75


def test_a_calendar_without_working_time_is_refused_not_looped() -> None:
    for empty in ({}, {0: []}):
        with pytest.raises(NoWorkingTime):
            WorkCalendar(BERLIN, empty).due(local("2026-06-03T10:00"), 1)
    assert WorkCalendar(BERLIN, {}).elapsed(local("2026-06-03T10:00"), local("2027-06-03T10:00")) == 0


@pytest.mark.parametrize(("closed", "found"), [(799, True), (800, False), (801, False)])
def test_closed_for_800_days_is_no_working_time(closed: int, found: bool) -> None:
    first = date(2026, 6, 3)
    calendar = WorkCalendar(
        BERLIN,
        dict.fromkeys(range(7), NINE_TO_FIVE),
        {first + timedelta(days=n): [] for n in range(closed)},
    )
    if found:
        assert calendar.due(local("2026-06-03T10:00"), 0) == local("2028-08-10T09:00")
    else:
        with pytest.raises(NoWorkingTime):
            calendar.due(local("2026-06-03T10:00"), 1)


def test_a_target_longer_than_800_days_is_reached() -> None:
    assert TUESDAYS.due(local("2026-06-02T08:00", "America/Chicago"), 200 * 9 * H) > utc("2030-01-01T00:00")


def test_overlapping_windows_count_once() -> None:
    calendar = WorkCalendar(BERLIN, {2: [("12:00", "17:00"), ("09:00", "13:00"), ("10:00", "11:00")]})
    assert calendar.elapsed(local("2026-06-03T00:00"), local("2026-06-04T00:00")) == 8 * H


@pytest.mark.parametrize(
    "window",
    [("17:00", "09:00"), ("09:00", "09:00"), ("9:00", "17:00"), ("09:00", "25:00"), ("09:00", "24:01"),
     ("24:00", "24:00"), ("09:00", "17:60"), ("", ""), ("09:00:00", "17:00:00"), (9, 17), ("09:00", None)],
)  # fmt: skip
def test_an_unreadable_window_is_refused(window: Any) -> None:
    with pytest.raises(ValueError):
        WorkCalendar(BERLIN, {0: [window]})
    with pytest.raises(ValueError):
        WorkCalendar(BERLIN, {0: NINE_TO_FIVE}, {date(2026, 6, 3): [window]})


@pytest.mark.parametrize("zone", ["", "Nowhere/City", "../etc/passwd", "CET+1", "Europe"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError):
        WorkCalendar(zone, {0: NINE_TO_FIVE})


@pytest.mark.parametrize("day", [7, -1])
def test_an_unknown_weekday_is_refused(day: int) -> None:
    with pytest.raises(ValueError):
        WorkCalendar(BERLIN, {day: NINE_TO_FIVE})


def test_naive_moments_and_negative_targets_are_refused() -> None:
    naive = datetime(2026, 6, 3, 10, 0)  # noqa: DTZ001
    aware = local("2026-06-03T10:00")
    for wrong in (
        lambda: ELAPSED.due(naive, 1),
        lambda: ELAPSED.elapsed(naive, aware),
        lambda: ELAPSED.elapsed(aware, naive),
        lambda: ELAPSED.due(aware, 1, [(naive, aware)]),
        lambda: ELAPSED.due(aware, -1),
    ):
        with pytest.raises(ValueError):
            wrong()


def test_the_end_of_time_is_refused_not_looped() -> None:
    with pytest.raises(NoWorkingTime):
        office().due(datetime(9999, 12, 30, tzinfo=UTC), 100 * H)
    with pytest.raises(NoWorkingTime):
        ELAPSED.due(datetime(9999, 12, 30, tzinfo=UTC), 1000 * H)
    assert ELAPSED.elapsed(datetime(9999, 12, 30, tzinfo=UTC), datetime(9999, 12, 30, 5, tzinfo=UTC)) == 5 * H


def test_it_is_the_same_after_it_was_kept() -> None:
    calendar = office(holidays=CHRISTMAS)
    kept = json.loads(json.dumps(calendar.as_json(since=date(2026, 12, 26))))
    assert list(kept["exceptions"]) == ["2026-12-26", "2027-01-01"]
    again = WorkCalendar.from_json(kept)
    assert again.due(local("2026-12-31T16:00"), 8 * H) == utc("2027-01-04T15:00")


# --- what must hold everywhere -------------------------------------------------------------------------

ZONES = [
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/St_Johns", "America/Sao_Paulo",
    "America/Havana", "America/Asuncion", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Riyadh", "Asia/Beirut",
    "Asia/Tehran", "Asia/Gaza", "Asia/Tokyo", "Africa/Cairo", "Africa/Casablanca", "Atlantic/Azores",
    "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati",
    "Antarctica/Troll",
]  # fmt: skip


def quarter(n: int) -> str:
    return f"{n // 4:02}:{n % 4 * 15:02}"


window = st.sets(st.integers(0, 96), min_size=2, max_size=2).map(
    lambda pair: (quarter(min(pair)), quarter(max(pair)))
)
windows = st.lists(window, max_size=3)
first_day = date(2009, 1, 1)
days = st.integers(0, 9000).map(lambda n: first_day + timedelta(days=n))
moments = st.datetimes(datetime(2009, 1, 1), datetime(2033, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
seconds = st.integers(0, 400 * H)


@st.composite
def calendars(draw: Any) -> WorkCalendar:
    weekly = draw(st.dictionaries(st.integers(0, 6), windows, max_size=7))
    weekly[draw(st.integers(0, 6))] = draw(st.lists(window, min_size=1, max_size=3))
    exceptions = draw(st.dictionaries(days, windows, max_size=6))
    return WorkCalendar(draw(st.sampled_from(ZONES)), weekly, exceptions)


@st.composite
def pauses_after(draw: Any, start: datetime) -> list[Pause]:
    made = []
    for _ in range(draw(st.integers(0, 3))):
        begins = start + timedelta(seconds=draw(st.integers(-50 * H, 300 * H)))
        made.append((begins, begins + timedelta(seconds=draw(st.integers(0, 100 * H)))))
    return made


@settings(deadline=None)
@given(calendars(), moments, seconds, st.data())
def test_what_is_due_has_elapsed(
    calendar: WorkCalendar, start: datetime, target: int, data: st.DataObject
) -> None:
    paused = data.draw(pauses_after(start))
    due = calendar.due(start, target, paused)
    assert due >= start
    assert calendar.elapsed(start, due, paused) == target


@settings(deadline=None)
@given(calendars(), moments, seconds, st.integers(0, 50 * H))
def test_more_to_do_is_never_due_earlier(
    calendar: WorkCalendar, start: datetime, target: int, more: int
) -> None:
    assert calendar.due(start, target) <= calendar.due(start, target + more)
    assert calendar.due(start, target) <= calendar.due(start + timedelta(seconds=more), target)


@settings(deadline=None)
@given(calendars(), moments, st.integers(0, 300 * H), st.integers(0, 300 * H), st.data())
def test_time_adds_up(
    calendar: WorkCalendar, start: datetime, first: int, second: int, data: st.DataObject
) -> None:
    paused = data.draw(pauses_after(start))
    middle = start + timedelta(seconds=first)
    end = middle + timedelta(seconds=second)
    whole = calendar.elapsed(start, end, paused)
    assert whole == calendar.elapsed(start, middle, paused) + calendar.elapsed(middle, end, paused)
    assert 0 <= whole <= first + second
    assert calendar.elapsed(end, start, paused) == 0 or first + second == 0


@settings(deadline=None)
@given(calendars(), moments, st.integers(0, 300 * H), st.data())
def test_what_is_paused_and_what_is_not_make_the_whole(
    calendar: WorkCalendar, start: datetime, length: int, data: st.DataObject
) -> None:
    end = start + timedelta(seconds=length)
    begins, ends = sorted(
        start + timedelta(seconds=data.draw(st.integers(0, max(1, length)))) for _ in range(2)
    )
    inside = calendar.elapsed(begins, min(ends, end))
    assert calendar.elapsed(start, end, [(begins, ends)]) + inside == calendar.elapsed(start, end)


@settings(deadline=None)
@given(calendars(), moments, seconds, st.data())
def test_a_pause_only_ever_delays(
    calendar: WorkCalendar, start: datetime, target: int, data: st.DataObject
) -> None:
    paused = data.draw(pauses_after(start))
    doubled = [*paused, *paused]
    assert calendar.due(start, target) <= calendar.due(start, target, paused)
    assert calendar.due(start, target, paused) == calendar.due(start, target, doubled)


def minutes_open(calendar: WorkCalendar, start: datetime, end: datetime) -> int:
    """Working minutes by looking at each: the slow way that cannot be wrong outside a double hour."""
    count, moment = 0, start
    while moment < end:
        here = moment.astimezone(calendar.zone)
        told = calendar.exceptions.get(here.date(), calendar.weekly[here.weekday()])
        clock = f"{here:%H:%M}"
        count += any(opens <= clock < closes for opens, closes in told)
        moment += timedelta(minutes=1)
    return count


def changes_its_clock(zone: ZoneInfo, start: datetime, end: datetime) -> bool:
    hours = range(int((end - start).total_seconds() // H) + 2)
    return len({(start + timedelta(hours=n)).astimezone(zone).utcoffset() for n in hours}) > 1


@settings(deadline=None, max_examples=40)
@given(calendars(), moments, st.integers(0, 60))
def test_it_agrees_with_counting_minutes(calendar: WorkCalendar, start: datetime, hours: int) -> None:
    start = start.replace(second=0)
    end = start + timedelta(hours=hours)
    assume(not changes_its_clock(calendar.zone, start - timedelta(days=2), end + timedelta(days=2)))
    assert calendar.elapsed(start, end) == 60 * minutes_open(calendar, start, end)


@settings(deadline=None)
@given(st.sampled_from(ZONES), st.integers(2009, 2032))
def test_a_year_has_all_its_seconds(zone: str, year: int) -> None:
    """Whole days in any zone are real time: nothing is lost or doubled where the clock changes."""
    calendar = WorkCalendar(zone, dict.fromkeys(range(7), ALL_DAY))
    start = datetime.combine(date(year, 1, 1), time.min, UTC)
    end = datetime.combine(date(year + 1, 1, 1), time.min, UTC)
    assert calendar.elapsed(start, end) == (end - start).total_seconds()
