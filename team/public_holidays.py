"""Public holidays of a country or a part of it, in a calendar: taken once, they follow year after year.

What somebody changed stays: a day of one's own is not replaced, a year that was taken is not taken again, and
what was removed from the last of these years does not come back in those that follow.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
from django.db import transaction
from holidays.registry import COUNTRIES

from prm import sweeper
from prm.refusals import Refused
from team import working_time
from team.models import Calendar, CalendarDay, HolidaySource, User
from team.working_time import WorkingTimeRefused

logger = logging.getLogger(__name__)

YEARS_AHEAD = 2  # whole ones after the running year, so that 24 months ahead are always there
LOOK_EVERY = timedelta(days=7)


@transaction.atomic
def add(
    calendar: Calendar, country: str, subdivision: str, years: Iterable[int], by: User | None, at: datetime
) -> int:
    """Close on the public holidays of a place in these years, and let the coming ones follow; how many days
    were added.

    Days that are in the list already stay as they are. Refused for a place nobody knows.
    """
    wanted = sorted(years)
    source, is_new = HolidaySource.objects.select_for_update().get_or_create(
        calendar=calendar,
        country=country,
        subdivision=subdivision,
        defaults={"through": wanted[-1], "next_check_at": at},
    )
    if not is_new:
        source.through, source.next_check_at = max(source.through, wanted[-1]), at
        source.save(update_fields=["through", "next_check_at"])
    return _close(working_time.locked(calendar), of(source, wanted), f"holidays of {source}", by, at)


@transaction.atomic
def stop(source: HolidaySource, by: User | None, at: datetime) -> None:
    """Let no more of this place follow. The days that are in the calendar stay."""
    gone, _ = HolidaySource.objects.filter(pk=source.pk).delete()
    if gone:
        held = working_time.locked(source.calendar)
        working_time.keep(held, f"Holidays of {source} follow no more", by, at)


def keep_up(at: datetime) -> int:
    """The sweep: let the years to come follow, wherever they are due; how many calendars were looked at."""
    return sweeper.in_batches(HolidaySource.objects.select_related("calendar"), at, renew)


def renew(source: HolidaySource, at: datetime) -> None:
    """Take what is missing of the years ahead; look again in a week."""
    today = at.astimezone(ZoneInfo(source.calendar.zone)).date()
    last = today.year + YEARS_AHEAD
    missing = range(max(source.through + 1, today.year), last + 1)
    try:
        if missing:
            _follow(source, missing, at)
            source.through = last
    except Refused as refusal:  # to be mended by a person; the days before stand
        logger.warning("the holidays of %s do not follow in %s: %s", source, source.calendar, refusal)
    source.next_check_at = at + LOOK_EVERY
    source.save(update_fields=["through", "next_check_at"])


@transaction.atomic
def _follow(source: HolidaySource, years: range, at: datetime) -> None:
    held = working_time.locked(source.calendar)
    removed = _removed(source, held)
    days = {on: name for on, name in of(source, years).items() if name not in removed}
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    _close(held, days, f"holidays of {source} for {span}, which followed by themselves", None, at)


def _removed(source: HolidaySource, held: Calendar) -> set[str]:
    """What somebody took out of the last year that was taken."""
    last = of(source, [source.through])
    standing = set(held.days.filter(on__in=last).values_list("on", flat=True))
    return {name for on, name in last.items() if on not in standing}


def _close(held: Calendar, days: Mapping[date, str], what: str, by: User | None, at: datetime) -> int:
    """Close on those of these days that are not in the list; one version of the calendar for all."""
    known = set(held.days.values_list("on", flat=True))
    fresh = [
        CalendarDay(calendar=held, on=on, label=name[:80])
        for on, name in sorted(days.items())
        if on not in known
    ]
    CalendarDay.objects.bulk_create(fresh)
    if fresh:
        working_time.keep(held, f"{len(fresh)} {what}", by, at)
    return len(fresh)


def of(source: HolidaySource, years: Iterable[int]) -> dict[date, str]:
    """The public holidays of a place in these years, by day. Refused where none are known."""
    place = source.country, source.subdivision or None
    try:
        found = holidays.country_holidays(place[0], subdiv=place[1], years=years, language="en_US")
    except (NotImplementedError, KeyError) as error:
        raise WorkingTimeRefused(f"No holidays are known for {source}.") from error
    return dict(found.items())


def are_there() -> bool:
    """Whether any day differs from its weekday yet."""
    return CalendarDay.objects.exists()


def countries() -> list[tuple[str, str]]:
    """The countries whose holidays are known: code and name, by name."""
    named = [(codes[1], re.sub(r"(?<=[a-z])(?=[A-Z])", " ", codes[0])) for codes in COUNTRIES.values()]
    return sorted(named, key=lambda country: country[1])


def place_of(source: HolidaySource) -> str:
    """The place in words: "Germany, BY"."""
    country = dict(countries()).get(source.country, source.country)
    return f"{country}, {source.subdivision}" if source.subdivision else country
