"""Working time. All arithmetic is on UTC instants; wall time only turns windows into UTC intervals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Window = tuple[str, str]
Pause = tuple[datetime, datetime]

FARTHEST = 800  # days without working time after which the search is given up
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


class NoWorkingTime(Exception):
    """The calendar has no working time within 800 days."""


class WorkCalendar:
    """Windows of a week in a zone, and dates that differ.

    `weekly` maps weekday 0–6 (Monday 0) to a list of (open, close) as "HH:MM"; close may be
    "24:00". `exceptions` maps a date to such a list, [] meaning closed. Aware datetimes go in,
    UTC comes out. Raises ValueError for a naive datetime, an unreadable time or a close that is
    not after its open; NoWorkingTime where 800 days in a row hold none.
    """

    def __init__(
        self,
        zone: str,
        weekly: Mapping[int, Sequence[Window]],
        exceptions: Mapping[date, Sequence[Window]] | None = None,
    ) -> None:
        try:
            self.zone = ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{zone!r} is no time zone") from None
        if unknown := set(weekly) - set(range(7)):
            raise ValueError(f"weekdays are 0 to 6, not {sorted(unknown)}")
        self.weekly = {day: _checked(weekly.get(day, ())) for day in range(7)}
        self.exceptions = {day: _checked(windows) for day, windows in (exceptions or {}).items()}
        self._intervals: dict[date, list[Pause]] = {}

    @classmethod
    def always(cls) -> WorkCalendar:
        """Round the clock, every day."""
        return cls("UTC", {day: [("00:00", "24:00")] for day in range(7)})

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> WorkCalendar:
        """The calendar that `as_json` kept."""
        return cls(
            kept["zone"],
            {
                int(day): [(opens, closes) for opens, closes in windows]
                for day, windows in kept["weekly"].items()
            },
            {
                date.fromisoformat(day): [(opens, closes) for opens, closes in windows]
                for day, windows in kept["exceptions"].items()
            },
        )

    def as_json(self, since: date | None = None) -> dict[str, Any]:
        """What JSON can keep of it; exceptions before `since` are left out."""
        return {
            "zone": self.zone.key,
            "weekly": {
                str(day): [list(window) for window in windows] for day, windows in self.weekly.items()
            },
            "exceptions": {
                day.isoformat(): [list(window) for window in windows]
                for day, windows in sorted(self.exceptions.items())
                if since is None or day >= since
            },
        }

    def due(self, start: datetime, seconds: float, pauses: Iterable[Pause] = ()) -> datetime:
        """The instant at which `seconds` of working time have passed since `start`.

        It lies inside a window, so it may equal a closing time. With 0 seconds it is the first
        working instant from `start` on.
        """
        if seconds < 0:
            raise ValueError("a target cannot be negative")
        left = timedelta(seconds=seconds)
        for opens, closes in self._working(_utc(start), _united(pauses)):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("working time has no end")  # pragma: no cover

    def elapsed(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> float:
        """The seconds of working time between two instants; 0 where `end` is before `start`."""
        start, end = _utc(start), _utc(end)
        total = timedelta(0)
        if end <= start:
            return 0.0
        for opens, closes in self._working(start, _united(pauses), until=end):
            total += closes - opens
        return total.total_seconds()

    def is_open(self, moment: datetime) -> bool:
        """Whether a moment lies in working time; a closing time still does."""
        moment = _utc(moment)
        day = moment.astimezone(self.zone).date()
        around = (day - timedelta(days=1), day)
        return any(opens <= moment <= closes for each in around for opens, closes in self._of(each))

    def works_on(self, day: date) -> bool:
        """Whether a local date has working time."""
        return bool(self.exceptions.get(day, self.weekly[day.weekday()]))

    def _working(
        self, start: datetime, pauses: list[Pause], until: datetime | None = None
    ) -> Iterator[Pause]:
        """The intervals of working time from `start` on, up to `until`, less the pauses, in order."""
        day = start.astimezone(self.zone).date() - timedelta(days=1)  # its last window may reach over
        cursor, idle = start, -1
        while day < date.max:
            found = False
            for opens, closes in self._of(day):
                opens = max(opens, cursor)
                if until is not None and opens >= until:
                    return
                if opens >= closes:
                    continue
                cursor = closes
                for piece in _less(opens, min(closes, until or closes), pauses):
                    found = True
                    yield piece
            idle = 0 if found else idle + 1
            if until is None and idle >= FARTHEST:
                raise NoWorkingTime(
                    f"no working time within {FARTHEST} days of {day - timedelta(days=FARTHEST - 1)}"
                )
            if until is not None and not found and day > until.astimezone(self.zone).date():
                return
            day += timedelta(days=1)
        if until is None:
            raise NoWorkingTime("no working time before the calendar ends")

    def _of(self, day: date) -> list[Pause]:
        """The windows of a local date as UTC intervals."""
        if day not in self._intervals:
            windows = self.exceptions.get(day, self.weekly[day.weekday()])
            self._intervals[day] = [
                (self._instant(day, opens, closing=False), self._instant(day, closes, closing=True))
                for opens, closes in windows
            ]
        return self._intervals[day]

    def _instant(self, day: date, clock: str, closing: bool) -> datetime:
        """The instant of a wall time: the transition where it does not exist; where it comes twice,
        the first pass for an opening and the second for a closing."""
        hour, minute = int(clock[:2]), int(clock[3:])
        wall = datetime.combine(day, time.min) + timedelta(hours=hour, minutes=minute)
        first = wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
        second = wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        if second < first:  # only within a gap does the later fold come first
            return self._transition(second, first)
        return second if closing else first

    def _transition(self, before: datetime, after: datetime) -> datetime:
        """The instant between the two at which the zone's offset changes, to the second."""
        old = before.astimezone(self.zone).utcoffset()
        while after - before > timedelta(seconds=1):
            middle = before + timedelta(seconds=(after - before).total_seconds() // 2)
            if middle.astimezone(self.zone).utcoffset() == old:
                before = middle
            else:
                after = middle
        return after


def _checked(windows: Sequence[Window]) -> list[Window]:
    """The windows in order, each readable and closing after it opens."""
    for opens, closes in windows:
        for clock in (opens, closes):
            if not isinstance(clock, str) or not _CLOCK.fullmatch(clock):
                raise ValueError(f"{clock!r} is no time of day; write it like 09:00")
        if closes <= opens:
            raise ValueError(f"a window must close after it opens: {opens}–{closes}")
    return sorted((opens, closes) for opens, closes in windows)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


def _united(pauses: Iterable[Pause]) -> list[Pause]:
    """The pauses as disjoint intervals in order; what overlaps counts once."""
    united: list[Pause] = []
    for begins, ends in sorted((_utc(begins), _utc(ends)) for begins, ends in pauses):
        if ends <= begins:
            continue
        if united and begins <= united[-1][1]:
            united[-1] = (united[-1][0], max(ends, united[-1][1]))
        else:
            united.append((begins, ends))
    return united


def _less(opens: datetime, closes: datetime, pauses: list[Pause]) -> Iterator[Pause]:
    """The pieces of one interval that no pause covers."""
    for begins, ends in pauses:
        if ends <= opens or begins >= closes:
            continue
        if begins > opens:
            yield opens, begins
        opens = max(opens, ends)
    if opens < closes:
        yield opens, closes
