"""Quiet hours and the daily digest: when mail to a person leaves. Aware moments go in, UTC comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from prm.calendars import Window, WorkCalendar

LEAST_LEFT = timedelta(hours=2)  # before a deadline, once quiet hours are over
WEEKEND = frozenset({5, 6})
MIDNIGHT = "24:00"


@dataclass(frozen=True)
class Hours:
    """A person's day: its zone, the time of its digest, its quiet hours and quiet weekdays (Monday 0)."""

    zone: str
    digest_at: time = time(8, 30)
    quiet_from: time = time(20)
    quiet_until: time = time(8)
    quiet_days: frozenset[int] = WEEKEND

    @cached_property
    def _loud(self) -> WorkCalendar | None:
        """When mails may come; None where that is never."""
        windows = _between(self.quiet_until, self.quiet_from)
        days = set(range(7)) - self.quiet_days
        return WorkCalendar(self.zone, dict.fromkeys(days, windows)) if days and windows else None

    def loud_from(self, at: datetime) -> datetime:
        """The first moment from `at` on that is not quiet."""
        return self._loud.due(at, 0) if self._loud else at

    def send_at(self, at: datetime, deadline: datetime | None) -> datetime:
        """When what is ready at `at` is sent: now, or when quiet hours end. Where that would leave under
        two hours to the deadline it is sent now."""
        loud = self.loud_from(at)
        return at if deadline is not None and deadline - loud < LEAST_LEFT else loud

    def night_ahead(self, at: datetime, within: timedelta) -> datetime | None:
        """When quiet hours end that begin within that time after `at`; None where none do."""
        soon = self.loud_from(at + within)
        return soon if soon > at + within and self.loud_from(at) == at else None

    def digest_on(self, day: date) -> datetime:
        """The digest's moment on a local day: where its time comes twice the first, where it does not
        exist the transition."""
        clock = f"{self.digest_at:%H:%M}"
        daily = WorkCalendar(self.zone, {weekday: [(clock, MIDNIGHT)] for weekday in range(7)})
        start = datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)
        return daily.due(start, 0)

    def digest_day(self, at: datetime) -> date:
        """The local day of the last digest moment at or before `at`."""
        day = at.astimezone(ZoneInfo(self.zone)).date()
        return day if self.digest_on(day) <= at else day - timedelta(days=1)

    def next_digest(self, at: datetime) -> datetime:
        """The first digest moment after `at`."""
        return self.digest_on(self.digest_day(at) + timedelta(days=1))


def _between(begins: time, ends: time) -> list[Window]:
    """The windows of a day from one time of day to another, past midnight where it must be; the same
    time twice is the whole day."""
    opens, closes = f"{begins:%H:%M}", f"{ends:%H:%M}"
    if opens == closes:
        return [("00:00", MIDNIGHT)]
    if opens < closes:
        return [(opens, closes)]
    return [window for window in (("00:00", closes), (opens, MIDNIGHT)) if window[0] < window[1]]
