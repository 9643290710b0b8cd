"""A moment in words, here and where the partner is; and the hours one would choose for a letter."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING, AFTERNOON = time(9), time(14)
MONDAY, FRIDAY = 0, 4


def words(at: datetime, zone: str) -> str:
    """ "Thu 26 Nov 09:00" in a zone."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b} {local:%H:%M}"


def city(zone: str) -> str:
    """What people call a zone: "New York"."""
    return zone.rpartition("/")[2].replace("_", " ")


def there(at: datetime, zone: str, here: str) -> str:
    """ "08:00 in Chicago", with its day where that is another than here; "" where it is as late there."""
    far, near = at.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(here))
    if far.utcoffset() == near.utcoffset():
        return ""
    hour = f"{far:%H:%M}" if far.date() == near.date() else words(at, zone)
    return f"{hour} in {city(zone)}"


def suggested(at: datetime, zone: str) -> list[datetime]:
    """When a letter would reach somebody at the desk in that zone: later today, the next working morning,
    and Monday morning."""
    today = at.astimezone(ZoneInfo(zone)).date()
    week = [today + timedelta(days=n) for n in range(8)]
    working = [day for day in week if day.weekday() <= FRIDAY]
    monday = next(day for day in week[1:] if day.weekday() == MONDAY)
    hours = [(day, MORNING) for day in (*working[:2], monday)]
    hours += [(today, AFTERNOON)] if today in working else []
    moments = {datetime.combine(day, hour, ZoneInfo(zone)) for day, hour in hours}
    return sorted(moment for moment in moments if moment > at)[:3]
