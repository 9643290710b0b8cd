"""Quarters of a fiscal year that begins in any month. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from prm.days import plus_months

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Quarter:
    """Three months from `first` on, of a year that begins in the month `begins`."""

    first: date
    begins: int = 1

    @property
    def last(self) -> date:
        return plus_months(self.first, 3) - DAY

    @property
    def name(self) -> str:
        """Like Q2 2026, or Q2 2026/27 of a year that begins in another month than January. One that was
        laid when the year began otherwise is named by its days."""
        passed = (self.first.month - self.begins) % 12
        if passed % 3 or self.first.day != 1:
            return f"{self.first:%-d %b %Y} to {self.last:%-d %b %Y}"
        return f"Q{passed // 3 + 1} {year_name(self.first, self.begins)}"

    def __str__(self) -> str:
        return self.name

    def after(self, n: int = 1) -> Quarter:
        """The quarter so many quarters on."""
        return Quarter(plus_months(self.first, 3 * n), self.begins)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def gone(self, today: date) -> float:
        """Which part of it is over, counted in whole days, today among them: from 0 to 1."""
        days = (self.last - self.first).days + 1
        return min(max((today - self.first).days + 1, 0), days) / days


def of(day: date, begins: int = 1) -> Quarter:
    """The quarter that a day lies in."""
    back = (day.month - begins) % 3
    return Quarter(plus_months(day.replace(day=1), -back), begins)


def year_of(day: date, begins: int = 1) -> int:
    """The fiscal year that a day lies in, by the calendar year in which it begins."""
    return day.year - (day.month < begins)


def year_name(day: date, begins: int = 1) -> str:
    """Like 2026, or 2026/27 where it begins in another month than January."""
    return name_of_year(year_of(day, begins), begins)


def name_of_year(year: int, begins: int = 1) -> str:
    return str(year) if begins == 1 else f"{year}/{(year + 1) % 100:02d}"


def end_of_year(year: int, begins: int = 1) -> date:
    """The last day of a fiscal year."""
    return plus_months(date(year, begins, 1), 12) - DAY
