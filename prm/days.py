"""Days counted in months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def plus_months(day: date, months: int) -> date:
    """The same day so many months on, or the month's last one: 31 January + 1 → 28 February.

    Count from one anchor rather than step by step, so that a month's end does not drift.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
