"""Quiet hours move the sending, never the deadline; the digest comes once a local day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from team.quiet import Hours

BERLIN = Hours("Europe/Berlin")
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ("2026-06-03T07:00", "2026-06-03T07:00"),  # Wednesday 09:00
        ("2026-06-03T17:59:59", "2026-06-03T17:59:59"),  # a second before 20:00
        ("2026-06-03T18:00", "2026-06-04T06:00"),  # 20:00
        ("2026-06-04T05:59:59", "2026-06-04T06:00"),
        ("2026-06-04T06:00", "2026-06-04T06:00"),  # 08:00
        ("2026-06-05T18:00", "2026-06-08T06:00"),  # Friday evening: Monday
        ("2026-06-07T10:00", "2026-06-08T06:00"),  # Sunday noon
    ],
)
def test_what_is_ready_in_quiet_hours_is_sent_when_they_end(at: str, sent: str) -> None:
    assert BERLIN.send_at(utc(at), None) == utc(sent)


def test_a_warning_of_the_night_is_sent_at_eight() -> None:
    raw, due = utc("2026-06-04T02:15"), utc("2026-06-04T08:15")
    assert BERLIN.send_at(raw, due) == utc("2026-06-04T06:00")


@pytest.mark.parametrize(("due", "waits"), [("2026-06-04T08:00", True), ("2026-06-04T07:59:59", False)])
def test_where_waiting_would_leave_under_two_hours_it_is_sent_at_once(due: str, waits: bool) -> None:
    raw = utc("2026-06-04T02:15")
    assert BERLIN.send_at(raw, utc(due)) == (utc("2026-06-04T06:00") if waits else raw)


def test_a_passed_deadline_leaves_nothing_to_wait_for() -> None:
    at = utc("2026-06-04T01:00")
    assert BERLIN.send_at(at, at) == at


def test_quiet_hours_that_do_not_pass_midnight() -> None:
    early = Hours("UTC", quiet_from=time(0), quiet_until=time(6), quiet_days=frozenset())
    assert early.loud_from(utc("2026-06-03T23:59")) == utc("2026-06-03T23:59")
    assert early.loud_from(utc("2026-06-04T00:00")) == utc("2026-06-04T06:00")


def test_from_a_time_until_the_same_time_nothing_is_quiet() -> None:
    never = Hours("UTC", quiet_from=time(9), quiet_until=time(9), quiet_days=frozenset())
    assert never.loud_from(utc("2026-06-03T09:00")) == utc("2026-06-03T09:00")


def test_where_every_day_is_quiet_mail_is_not_kept_for_ever() -> None:
    always = Hours("UTC", quiet_days=frozenset(range(7)))
    assert always.loud_from(utc("2026-06-03T09:00")) == utc("2026-06-03T09:00")


def test_a_weekend_is_where_the_calendar_is_closed() -> None:
    riyadh = Hours("Asia/Riyadh", quiet_days=frozenset({4, 5}))
    assert riyadh.loud_from(utc("2026-06-05T09:00")) == utc("2026-06-07T05:00")  # Friday: Sunday 08:00


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        ("2026-06-03T17:44", None),  # 19:44
        ("2026-06-03T17:45", "2026-06-04T06:00"),
        ("2026-06-05T17:59", "2026-06-08T06:00"),  # Friday evening
        ("2026-06-03T18:00", None),  # it has begun
    ],
)
def test_a_night_is_seen_coming_a_quarter_of_an_hour_ahead(at: str, ends: str | None) -> None:
    assert BERLIN.night_ahead(utc(at), 15 * MINUTE) == (utc(ends) if ends else None)


def test_quiet_hours_end_by_the_wall_clock_through_the_change_of_time() -> None:
    daily = Hours("Europe/Berlin", quiet_days=frozenset())
    assert daily.loud_from(utc("2026-03-28T23:00")) == utc("2026-03-29T06:00")  # 08:00 in summer time
    assert daily.loud_from(utc("2026-10-24T23:00")) == utc("2026-10-25T07:00")


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 3, 29), "2026-03-29T01:00"),  # 02:30 does not exist: 03:00 in summer time
        (date(2026, 10, 25), "2026-10-25T00:30"),  # 02:30 comes twice: the first
        (date(2026, 6, 3), "2026-06-03T00:30"),
    ],
)
def test_a_digest_of_half_past_two_through_the_change_of_time(day: date, moment: str) -> None:
    assert Hours("Europe/Berlin", digest_at=time(2, 30)).digest_on(day) == utc(moment)


SLOW_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + m * MINUTE)
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca"]


@SLOW_MACHINE
@given(
    st.sampled_from(ZONES),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    MOMENTS,
)
def test_the_last_digest_lies_behind_and_the_next_ahead_by_a_day(
    zone: str, digest_at: time, at: datetime
) -> None:
    hours = Hours(zone, digest_at=digest_at)
    last, ahead = hours.digest_on(hours.digest_day(at)), hours.next_digest(at)
    assert last <= at < ahead
    assert timedelta(hours=22) <= ahead - last <= timedelta(hours=26)


@SLOW_MACHINE
@given(st.sampled_from(ZONES), MOMENTS)
def test_what_waits_comes_out_where_it_is_not_quiet(zone: str, at: datetime) -> None:
    hours = Hours(zone)
    loud = hours.loud_from(at)
    assert at <= loud <= at + timedelta(hours=62)
    assert hours.loud_from(loud) == loud
