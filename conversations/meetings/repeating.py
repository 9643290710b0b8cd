"""The days a series falls on: the common part of RFC 5545's rules, bounded whatever the rule says.

Every period (day, week, month, year) from the first day to the last is looked at once, so that a rule
that never falls on a day costs what any other does.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_DAYS = 366 * 7  # between the first day and the last


@dataclass(frozen=True)
class Rule:
    """How a series repeats. `days` are (which, weekday), which 0 for every; `positions` pick in a period."""

    frequency: str
    interval: int = 1
    count: int | None = None
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    days: tuple[tuple[int, int], ...] = ()
    positions: frozenset[int] = frozenset()
    week_begins: int = 0


def days(rule: Rule, first: date, last: date) -> Iterator[date]:
    """The days of a series from its first day to `last`, in order."""
    if (last - first).days > MOST_DAYS:
        raise ValueError("a series is looked at over some years only")
    left = rule.count
    for period in _periods(rule, first, last):
        for day in _picked(rule, _in(rule, period, first)):
            if day < first:
                continue
            if day > last or left == 0:
                return
            left = left - 1 if left is not None else None
            yield day


def _periods(rule: Rule, first: date, last: date) -> Iterator[list[date]]:
    """The days of each period that the interval takes in."""
    if rule.frequency == "DAILY":
        for n in range(0, (last - first).days + 1, rule.interval):
            yield [first + timedelta(days=n)]
    elif rule.frequency == "WEEKLY":
        monday = first - timedelta(days=(first.weekday() - rule.week_begins) % 7)
        for n in range(0, (last - monday).days + 1, 7 * rule.interval):
            yield [monday + timedelta(days=n + day) for day in range(7)]
    elif rule.frequency == "MONTHLY":
        months = (last.year - first.year) * 12 + last.month - first.month
        for n in range(0, months + 1, rule.interval):
            years, month = divmod(first.month - 1 + n, 12)
            yield _month(first.year + years, month + 1)
    else:
        for year in range(first.year, last.year + 1, rule.interval):
            yield [day for month in range(1, 13) for day in _month(year, month)]


def _month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _in(rule: Rule, period: list[date], first: date) -> list[date]:
    """The days of a period that the rule names; what it leaves open is as on the first day."""
    found = [day for day in period if not rule.months or day.month in rule.months]
    if rule.month_days:
        found = [day for day in found if _stands_at(day, rule.month_days)]
    if rule.days:
        return [
            day for day in found if any(_is_nth(day, which, weekday, rule) for which, weekday in rule.days)
        ]
    if rule.month_days or rule.frequency == "DAILY":
        return found
    if rule.frequency == "WEEKLY":
        return [day for day in found if day.weekday() == first.weekday()]
    month = rule.months or ({first.month} if rule.frequency == "YEARLY" else set())
    return [day for day in found if day.day == first.day and (not month or day.month in month)]


def _stands_at(day: date, month_days: frozenset[int]) -> bool:
    length = monthrange(day.year, day.month)[1]
    return day.day in month_days or day.day - length - 1 in month_days


def _is_nth(day: date, which: int, weekday: int, rule: Rule) -> bool:
    """Whether it is that weekday, and the so-manieth of its month or, in a yearly rule, of its year."""
    if day.weekday() != weekday:
        return False
    if which == 0 or rule.frequency in {"DAILY", "WEEKLY"}:
        return True
    if rule.frequency == "YEARLY" and not rule.months:
        begins, ends = date(day.year, 1, 1), date(day.year, 12, 31)
    else:
        begins = day.replace(day=1)
        ends = day.replace(day=monthrange(day.year, day.month)[1])
    nth = (day - begins).days // 7 + 1
    return which == nth or which == -((ends - day).days // 7 + 1)


def _picked(rule: Rule, found: list[date]) -> list[date]:
    if not rule.positions:
        return found
    return [day for n, day in enumerate(found) if n + 1 in rule.positions or n - len(found) in rule.positions]
