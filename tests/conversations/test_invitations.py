"""Invitations read from iCalendar: in their zone, series by their next days, hostile files bounded."""

import time as clock
from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.meetings import invitations, repeating
from conversations.meetings.repeating import Rule

midnight = time.min
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
STARTS, ENDS = "DTSTART;TZID=Europe/Berlin:20260603T100000", "DTEND;TZID=Europe/Berlin:20260603T110000"


def mail(*more: str, starts: str = STARTS, ends: str = ENDS, method: str = "REQUEST") -> bytes:
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", "UID:abc", "SEQUENCE:1"),
        *(starts, ends, "SUMMARY:Quarterly talk", "ORGANIZER;CN=Nora:mailto:Nora@northwind.co.uk"),
        *("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:alice@acme.example", *more, "END:VEVENT", "END:VCALENDAR"),
    ]
    return "\r\n".join([line for line in lines if line] + [""]).encode()


def starts(raw: bytes, zone: str = "UTC") -> list[str]:
    (invitation,) = invitations.read(raw, AT, zone)
    return [f"{slot.starts_at:%m-%d %H:%M}" for slot in invitation.slots]


def test_it_says_who_is_asked_when() -> None:
    (read,) = invitations.read(mail(), AT)
    assert (read.uid, read.sequence, read.title, read.is_cancelled) == ("abc", 1, "Quarterly talk", False)
    assert read.people == {"nora@northwind.co.uk", "alice@acme.example"}
    (slot,) = read.slots
    assert slot.starts_at == datetime(2026, 6, 3, 8, tzinfo=UTC)
    assert slot.ends_at - slot.starts_at == timedelta(hours=1)


def test_it_is_called_off_by_its_method_or_its_state() -> None:
    assert invitations.read(mail(method="CANCEL"), AT)[0].is_cancelled
    assert invitations.read(mail("STATUS:CANCELLED"), AT)[0].is_cancelled
    assert invitations.read(mail(method="REPLY"), AT) == []


def test_a_series_gives_its_next_days_at_the_same_local_time() -> None:
    assert starts(mail("RRULE:FREQ=MONTHLY;UNTIL=20261231T000000Z"))[-2:] == ["11-03 09:00", "12-03 09:00"]
    assert starts(mail("RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20260610T100000")) == [
        "06-03 08:00",
        "06-17 08:00",
    ]
    assert len(starts(mail("RRULE:FREQ=DAILY"))) == invitations.MOST_AHEAD
    past = "DTSTART;TZID=Europe/Berlin:20250101T100000"
    ends = "DTEND;TZID=Europe/Berlin:20250101T110000"
    assert starts(mail("RRULE:FREQ=WEEKLY", starts=past, ends=ends))[0] == "06-03 08:00"


def test_one_of_a_series_names_the_time_it_moves() -> None:
    (read,) = invitations.read(mail("RECURRENCE-ID;TZID=Europe/Berlin:20260602T100000"), AT)
    assert read.is_one_of_series
    assert read.slots[0].planned_at == datetime(2026, 6, 2, 8, tzinfo=UTC)


def test_times_without_a_zone_and_whole_days_are_those_of_the_reader() -> None:
    assert starts(mail(starts="DTSTART:20260603T100000", ends=""), "Europe/Berlin") == ["06-03 08:00"]
    assert starts(mail(starts="DTSTART;VALUE=DATE:20260603", ends=""), "Europe/Berlin") == ["06-02 22:00"]


@pytest.mark.parametrize(
    "more",
    [
        "RRULE:FREQ=SECONDLY",
        "RRULE:FREQ=DAILY;BYHOUR=1,2,3",
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "RRULE:FREQ=WEEKLY;BYDAY=XX",
    ],
)
def test_a_series_of_another_sort_is_left_out(more: str) -> None:
    assert invitations.read(mail(more), AT) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"BEGIN:VCALENDAR\r\n" * 10_000,
        b"x" * (invitations.LARGEST + 1),
        mail("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
        mail(starts="DTSTART:00010101T000000"),
        mail(*["ATTENDEE:mailto:a@b.example"] * 5000),
    ],
)
def test_a_hostile_file_costs_no_more_than_another(raw: bytes) -> None:
    began = clock.perf_counter()
    try:
        read = invitations.read(raw, AT)
    except invitations.Unreadable:
        read = []
    assert clock.perf_counter() - began < 5
    assert all(len(each.people) <= invitations.MOST_PEOPLE for each in read)


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: mail(f"SUMMARY:{text}")))
def test_whatever_comes_it_is_read_or_refused(raw: bytes) -> None:
    try:
        invitations.read(raw, AT)
    except invitations.Unreadable:
        pass


# --- the days of a series -----------------------------------------------------------------------------

NAMES = [rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU]
FREQUENCIES = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY, "YEARLY": rrule.YEARLY}


@settings(deadline=None)
@given(
    st.sampled_from(list(FREQUENCIES)),
    st.integers(1, 4),
    st.none() | st.integers(1, 12),
    st.sets(st.integers(1, 12), max_size=3),
    st.sets(st.integers(0, 6), max_size=3),
    st.dates(date(2024, 1, 1), date(2026, 1, 1)),
)
def test_the_days_are_those_that_others_count(
    frequency: str, interval: int, count: int | None, months: set[int], weekdays: set[int], first: date
) -> None:
    last = first + timedelta(days=500)
    rule = Rule(
        frequency, interval, count, frozenset(months), days=tuple((0, day) for day in sorted(weekdays))
    )
    theirs = rrule.rrule(
        FREQUENCIES[frequency],
        dtstart=datetime.combine(first, midnight),
        interval=interval,
        bymonth=sorted(months) or None,
        byweekday=[NAMES[day] for day in sorted(weekdays)] or None,
        until=datetime.combine(last, midnight),
    )
    wanted = [moment.date() for moment in theirs][:count]
    assert list(repeating.days(rule, first, last)) == wanted


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (Rule("MONTHLY", days=((2, 1),)), [date(2026, 6, 9), date(2026, 7, 14)]),  # the second Tuesday
        (Rule("MONTHLY", days=((-1, 4),)), [date(2026, 6, 26), date(2026, 7, 31)]),  # the last Friday
        (Rule("MONTHLY", month_days=frozenset({-1})), [date(2026, 6, 30), date(2026, 7, 31)]),
        (
            Rule("MONTHLY", days=tuple((0, day) for day in range(5)), positions=frozenset({-1})),
            [date(2026, 6, 30), date(2026, 7, 31)],  # the last working day
        ),
    ],
)
def test_what_people_choose_in_their_calendars(rule: Rule, days: list[date]) -> None:
    assert list(repeating.days(rule, date(2026, 6, 1), date(2026, 7, 31))) == days
