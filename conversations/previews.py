"""What a policy or a calendar would do, before it is saved: a message of a Friday afternoon, and when
it falls due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from conversations import policies
from conversations.clocks import Clock
from conversations.models import Policy, Wait
from prm.calendars import NoWorkingTime, WorkCalendar
from team.models import Calendar

FRIDAY = 4


@dataclass(frozen=True)
class Example:
    """A message and what follows from it, in words of the zone it was read in: (what, when)."""

    name: str
    written: str
    steps: list[tuple[str, str]]


def friday(zone: str, on: date) -> datetime:
    """15:00 in `zone` on the next Friday from `on`."""
    day = on + timedelta(days=(FRIDAY - on.weekday()) % 7)
    return datetime.combine(day, time(15), ZoneInfo(zone))


def words(at: datetime) -> str:
    """A moment with its weekday: "Friday 5 June, 15:00"."""
    return f"{at:%A} {at.day} {at:%B}, {at:%H:%M}"


def of_policy(policy: Policy, calendar: Calendar, on: date) -> Example:
    """What this policy, saved or not, would do on these hours to a message of the next Friday, if
    nobody answers."""
    written = friday(calendar.zone, on)
    clock = Clock(policy, calendar.as_rule(), calendar)
    first = clock.times(written, clock.target(Wait.Metric.FIRST))
    following = clock.times(written, clock.target(Wait.Metric.NEXT))
    moments = [
        ("The first reply is due", first["due_at"]),
        ("A later reply is due", following["due_at"]),
        ("For the first reply, whoever answers is warned", first["warn_at"]),
        ("The lead hears of it", first["lead_at"]),
        ("The heads hear of it", first["head_at"]),
    ]
    steps = [(what, _there(at, calendar.zone)) for what, at in moments if at is not None]
    return Example(str(policy.name), words(written), steps)


def of_hours(hours: WorkCalendar, on: date) -> Example:
    """When a message of the next Friday would fall due on these hours, under each active policy."""
    written = friday(hours.zone.key, on)
    steps = [(policy.name, _due(policy, hours, written)) for policy in policies.in_order()]
    return Example("", words(written), steps)


def _due(policy: Policy, hours: WorkCalendar, written: datetime) -> str:
    try:
        due_at = policies.rule_for(policy.mode, hours).due(written, policy.first_seconds)
    except NoWorkingTime:
        return "never: there is no working time"
    return _there(due_at, hours.zone.key)


def _there(at: datetime, zone: str) -> str:
    return words(at.astimezone(ZoneInfo(zone)))
