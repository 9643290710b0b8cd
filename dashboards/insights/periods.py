"""Times that figures are asked for: from a day to a day, both included. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from prm import quarters
from prm.days import plus_months

DAY = timedelta(days=1)
OWN, USUAL = "own", "90d"
LONGEST = 3 * 366  # days
NAMES = {
    "90d": _("Last 90 days"),
    "12m": _("Last 12 months"),
    "quarter": _("This quarter"),
    "last_quarter": _("Last quarter"),
    "year": _("This fiscal year"),
    "last_year": _("Last fiscal year"),
}
MONTHS = {"quarter": 3, "last_quarter": 3, "year": 12, "last_year": 12}
CHOICES = [*NAMES.items(), (OWN, _("From … to …"))]
BEFORE, A_YEAR_AGO, NOTHING = "before", "year", "none"
COMPARED = {
    BEFORE: _("The time before"),
    A_YEAR_AGO: _("A year earlier"),
    NOTHING: _("Nothing"),
}


@dataclass(frozen=True)
class Period:
    """From `since` to `until`, both included, of days in a `zone`."""

    since: date
    until: date
    zone: str = "UTC"
    months: int = 0  # of a quarter or a year, so far as it has run; 0 where it is so many days

    def __str__(self) -> str:
        return f"{self.since} – {self.until}"

    @property
    def from_at(self) -> datetime:
        return _midnight(self.since, self.zone)

    @property
    def until_at(self) -> datetime:
        """The end of its last day."""
        return _midnight(self.until + DAY, self.zone)

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    def before(self) -> Period:
        """As many days, just before it; of a quarter or a year the one before, as far as this one has run."""
        if self.months:
            since = plus_months(self.since, -self.months)
            is_whole = self.until + DAY == plus_months(self.since, self.months)
            until = self.since - DAY if is_whole else plus_months(self.until, -self.months)
            return Period(since, until, self.zone)
        return Period(self.since - self.days * DAY, self.since - DAY, self.zone)

    def a_year_ago(self) -> Period:
        """The same days a year earlier."""
        return Period(plus_months(self.since, -12), plus_months(self.until, -12), self.zone)

    def compared(self, how: str) -> Period | None:
        """The time it is compared with."""
        return {BEFORE: self.before, A_YEAR_AGO: self.a_year_ago}.get(how, lambda: None)()

    def holds(self, at: datetime) -> bool:
        return self.from_at <= at < self.until_at

    def weeks(self) -> list[date]:
        """The Mondays of the weeks that it touches."""
        first = self.since - self.since.weekday() * DAY
        return [first + week * 7 * DAY for week in range((self.until - first).days // 7 + 1)]

    def week(self, monday: date) -> Period | None:
        """What of it lies in one week; None where nothing does."""
        if monday > self.until:  # also a day after which there is no other
            return None
        since, until = max(self.since, monday), min(self.until, monday + 6 * DAY)
        return Period(since, until, self.zone) if since <= until else None


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def named(name: str, today: date, zone: str, begins: int) -> Period:
    """A period by its name, where a fiscal year begins in the month `begins`; running ones end today."""
    quarter, year = quarters.of(today, begins), quarters.year_of(today, begins)
    starts, ends = {
        "90d": (today - 89 * DAY, today),
        "12m": (plus_months(today, -12) + DAY, today),
        "quarter": (quarter.first, today),
        "last_quarter": (quarter.after(-1).first, quarter.after(-1).last),
        "year": (date(year, begins, 1), today),
        "last_year": (date(year - 1, begins, 1), quarters.end_of_year(year - 1, begins)),
    }[name]
    return Period(starts, ends, zone, MONTHS.get(name, 0))
