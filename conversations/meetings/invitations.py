"""Invitations to meetings, read from iCalendar: who is asked when, moved or called off.

Pure, and bounded in size and time whatever was sent: one file holds so many events, a series gives its
next occurrences only, and a part that cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from conversations.meetings import repeating
from conversations.meetings.repeating import Rule

LARGEST = 256 * 1024  # bytes
MOST_EVENTS = 50
MOST_PEOPLE = 300
MOST_AHEAD = 26  # occurrences of a series
AHEAD = timedelta(days=400)
BACK = timedelta(days=366 * 5)
LONGEST = timedelta(days=14)
HOUR = timedelta(hours=1)
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
MOST_VALUES = 62


class Unreadable(ValueError):
    """This is no invitation that can be read."""


@dataclass(frozen=True)
class Slot:
    """When a meeting is, in UTC, and the time it was first planned for in its series (else its own)."""

    starts_at: datetime
    ends_at: datetime
    planned_at: datetime


@dataclass(frozen=True)
class Invitation:
    """One event of a file: what it changes follows from `uid` and `sequence`, the higher the newer."""

    uid: str
    sequence: int
    is_cancelled: bool
    title: str
    organiser: str
    people: frozenset[str]
    slots: tuple[Slot, ...]
    is_one_of_series: bool = False
    repeats: bool = False


def read(raw: bytes, at: datetime, zone: str = "UTC") -> list[Invitation]:
    """The invitations of a file, with their times from `at` on (an event of its own also when it is past).

    `zone` is that of times without one, and of whole days. Raises Unreadable.
    """
    if len(raw) > LARGEST:
        raise Unreadable("This calendar file is too large.")
    try:
        calendar = Calendar.from_ical(raw)
        events = calendar.walk("VEVENT")[:MOST_EVENTS]
    except Exception as error:  # whatever a hostile file makes the parser raise
        raise Unreadable("This calendar file cannot be read.") from error
    method = str(calendar.get("METHOD", "REQUEST")).upper()
    if method not in {"REQUEST", "CANCEL", "PUBLISH"}:
        return []
    return list(_read_all(events, method == "CANCEL", at, ZoneInfo(zone)))


def _read_all(events: Iterable[Any], called_off: bool, at: datetime, zone: ZoneInfo) -> Iterator[Invitation]:
    for event in events:
        try:
            yield _read(event, called_off, at, zone)
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
            continue


def _read(event: Any, called_off: bool, at: datetime, zone: ZoneInfo) -> Invitation:
    uid = str(event["UID"]).strip()
    if not uid or len(uid) > 500:
        raise ValueError("an invitation needs its UID")
    organiser = _address(event.get("ORGANIZER", ""))
    own = event.get("RECURRENCE-ID")
    return Invitation(
        uid=uid,
        sequence=max(0, min(int(event.get("SEQUENCE", 0)), 2**31 - 1)),
        is_cancelled=called_off or str(event.get("STATUS", "")).upper() == "CANCELLED",
        title=_title(event),
        organiser=organiser,
        people=frozenset({organiser, *_attendees(event)} - {""}),
        slots=tuple(_slots(event, at, zone)),
        is_one_of_series=own is not None,
        repeats=own is None and "RRULE" in event,
    )


def _title(event: Any) -> str:
    """What it is about; nothing of it where the organiser keeps that to those who are asked."""
    if str(event.get("CLASS", "PUBLIC")).upper() in {"PRIVATE", "CONFIDENTIAL"}:
        return "Meeting"
    return " ".join(str(event.get("SUMMARY", "")).split())[:300] or "Meeting"


def _attendees(event: Any) -> set[str]:
    given = event.get("ATTENDEE", [])
    return {_address(each) for each in (given if isinstance(given, list) else [given])[:MOST_PEOPLE]}


def _address(given: Any) -> str:
    text = str(given).strip()
    scheme, colon, address = text.partition(":")
    address = address if colon and scheme.lower() == "mailto" else text
    return address.strip().lower() if "@" in address and len(address) <= 320 else ""


def _slots(event: Any, at: datetime, zone: ZoneInfo) -> Iterator[Slot]:
    starts = _moment(event["DTSTART"].dt, zone)
    if not at - BACK <= starts <= at + BACK:
        raise ValueError("this is no time to meet")
    lasts = _lasts(event, starts, zone)
    own = event.get("RECURRENCE-ID")
    if own is not None:
        yield Slot(
            starts.astimezone(UTC), (starts + lasts).astimezone(UTC), _moment(own.dt, zone).astimezone(UTC)
        )
        return
    for moment in _occurrences(event, starts, at, zone):
        utc = moment.astimezone(UTC)
        yield Slot(utc, utc + lasts, utc)


def _lasts(event: Any, starts: datetime, zone: ZoneInfo) -> timedelta:
    if "DTEND" in event:
        lasts = _moment(event["DTEND"].dt, zone).astimezone(UTC) - starts.astimezone(UTC)
    elif "DURATION" in event:
        lasts = event["DURATION"].dt
    else:
        lasts = HOUR
    if not timedelta(0) <= lasts <= LONGEST:
        raise ValueError("a meeting ends after it begins")
    return lasts


def _occurrences(event: Any, starts: datetime, at: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The event itself, or the next of its series, in local time so that a change of clocks moves none."""
    given = event.get("RRULE")
    if given is None:
        yield starts
        return
    if isinstance(given, list):
        raise ValueError("a series has one rule")
    here = starts.tzinfo or zone
    until = _until(given, zone, here, at)
    out = set(_left_out(event, here, zone))
    found = 0
    for day in repeating.days(_rule(given), starts.date(), until.date()):
        moment = datetime.combine(day, starts.timetz())
        if moment > until or found == MOST_AHEAD:
            return
        if moment >= at and moment not in out:
            found += 1
            yield moment


def _rule(given: Any) -> Rule:
    """The rule of a series; ValueError for parts that meetings do not use."""
    said = {str(key).upper(): value if isinstance(value, list) else [value] for key, value in given.items()}
    if set(said) - PARTS or any(len(values) > MOST_VALUES for values in said.values()):
        raise ValueError("this series repeats in a way that is not read")
    frequency = str(said.get("FREQ", [""])[0]).upper()
    interval = int(said.get("INTERVAL", [1])[0])
    if frequency not in repeating.FREQUENCIES or not 1 <= interval <= 1000:
        raise ValueError("a series repeats daily, weekly, monthly or yearly")
    return Rule(
        frequency,
        interval,
        int(said["COUNT"][0]) if "COUNT" in said else None,
        frozenset(int(month) for month in said.get("BYMONTH", [])),
        frozenset(int(day) for day in said.get("BYMONTHDAY", [])),
        tuple(_weekday(str(day)) for day in said.get("BYDAY", [])),
        frozenset(int(position) for position in said.get("BYSETPOS", [])),
        repeating.WEEKDAYS.index(str(said.get("WKST", ["MO"])[0]).upper()),
    )


def _weekday(typed: str) -> tuple[int, int]:
    """Like MO, 2TU or -1FR."""
    which, name = typed[:-2], typed[-2:].upper()
    return (int(which) if which else 0, repeating.WEEKDAYS.index(name))


def _until(rule: Any, zone: ZoneInfo, here: Any, at: datetime) -> datetime:
    last = (at + AHEAD).astimezone(here)
    given = rule.get("UNTIL")
    if not given:
        return last
    said = given[0]
    if not isinstance(said, datetime):
        said = datetime.combine(said, time.max)
    return min(_moment(said, here).astimezone(here), last)


def _left_out(event: Any, here: Any, zone: ZoneInfo) -> Iterator[datetime]:
    given = event.get("EXDATE", [])
    for each in (given if isinstance(given, list) else [given])[:MOST_PEOPLE]:
        for day in each.dts[:MOST_PEOPLE]:
            yield _moment(day.dt, zone).astimezone(here)


def _moment(given: date | datetime, zone: Any) -> datetime:
    """A moment with its zone; a whole day begins at midnight there."""
    if not isinstance(given, datetime):
        given = datetime.combine(given, time.min)
    return given if given.tzinfo is not None else given.replace(tzinfo=zone)
