"""The company's working time: the windows of a week, and the days that differ.

Every change is a new version of the calendar.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import holidays
from django.db import IntegrityError, transaction
from holidays.registry import COUNTRIES

from prm.calendars import NoWorkingTime
from prm.refusals import Refused
from team.models import Calendar, CalendarDay

Windows = list[list[str]]
LONG_CLOSURE = 700  # closed days from which a gap of 800 days is thinkable


class WorkingTimeRefused(Refused):
    """The calendar would have no working time, or the hours make no sense."""


def change_week(calendar: Calendar, to: dict[int, Windows], at: datetime) -> None:
    """Open in these windows on each weekday (Monday is 0); days not named are closed."""
    with transaction.atomic():
        held = _held(calendar)
        held.weekly = {str(day): windows for day, windows in sorted(to.items()) if windows}
        _keep(held, at)


def change_zone(calendar: Calendar, to: str, at: datetime) -> None:
    """Read the hours in another zone."""
    with transaction.atomic():
        held = _held(calendar)
        if held.zone != to:
            held.zone = to
            _keep(held, at)


def set_day(calendar: Calendar, on: date, windows: Windows, label: str, at: datetime) -> None:
    """Let a date differ from its weekday: other hours, or none. Refused where it differs already."""
    with transaction.atomic():
        held = _held(calendar)
        try:
            with transaction.atomic():
                CalendarDay.objects.create(calendar=held, on=on, windows=windows, label=label)
        except IntegrityError as error:
            raise WorkingTimeRefused(f"{on:%d.%m.%Y} is in the list already. Remove it first.") from error
        _keep(held, at)


def remove_day(day: CalendarDay, at: datetime) -> None:
    """Let the date follow its weekday again."""
    with transaction.atomic():
        held = _held(day.calendar)
        day.delete()
        _keep(held, at)


def add_holidays(
    calendar: Calendar, country: str, subdivision: str, years: Iterable[int], at: datetime
) -> int:
    """Close on the public holidays of a country (and its subdivision); how many days were added.

    Days that are in the list already stay as they are.
    """
    try:
        kept = holidays.country_holidays(country, subdiv=subdivision or None, years=years, language="en_US")
    except (NotImplementedError, KeyError) as error:
        place = f"{country} {subdivision}".strip()
        raise WorkingTimeRefused(f"No holidays are known for {place}.") from error
    with transaction.atomic():
        held = _held(calendar)
        known = set(held.days.values_list("on", flat=True))
        fresh = [
            CalendarDay(calendar=held, on=on, label=name[:80])
            for on, name in sorted(kept.items())
            if on not in known
        ]
        CalendarDay.objects.bulk_create(fresh)
        if fresh:
            _keep(held, at)
    return len(fresh)


def has_holidays() -> bool:
    """Whether any day differs from its weekday yet."""
    return CalendarDay.objects.exists()


def countries() -> list[tuple[str, str]]:
    """The countries whose holidays are known: code and name, by name."""
    named = [(codes[1], re.sub(r"(?<=[a-z])(?=[A-Z])", " ", codes[0])) for codes in COUNTRIES.values()]
    return sorted(named, key=lambda country: country[1])


def _held(calendar: Calendar) -> Calendar:
    """The calendar as it stands, locked against another's change."""
    return Calendar.objects.select_for_update().get(pk=calendar.pk)


def _keep(held: Calendar, at: datetime) -> None:
    _refuse_without_working_time(held, at)
    held.version += 1
    held.save()


def _refuse_without_working_time(held: Calendar, at: datetime) -> None:
    """Refuse a calendar that has nowhere within 800 days a minute of working time."""
    days = list(held.days.all())
    try:
        rule = held.as_rule(days)
        for start in {at, *_gaps_may_begin(days)}:
            rule.due(start, 1)
    except NoWorkingTime as error:
        raise WorkingTimeRefused(
            "This would leave no working time at all, so that nothing could ever fall due. "
            "Open at least one day of the week."
        ) from error
    except (ValueError, TypeError) as error:
        raise WorkingTimeRefused(f"These hours cannot be read: {error}.") from error


def _gaps_may_begin(days: list[CalendarDay]) -> list[datetime]:
    """Where a gap of 800 days could begin: after the last day that differs, and, where very many
    are closed, at each of them."""
    if not days:
        return []
    last = max(day.on for day in days) + timedelta(days=2)
    closed = [day.on for day in days if not day.windows]
    starts = [last, *closed] if len(closed) >= LONG_CLOSURE else [last]
    return [datetime.combine(day, time.min, UTC) for day in starts]
