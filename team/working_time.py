"""Working time, the company's and that of people elsewhere: the windows of a week, and the days that
differ.

Every change is a new version of the calendar, which is kept with who made it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.db import IntegrityError, transaction

from prm.calendars import NoWorkingTime, WorkCalendar
from prm.refusals import Refused
from team.models import Calendar, CalendarDay, CalendarVersion, User

Windows = list[list[str]]
OFFICE_HOURS: dict[int | str, Windows] = {str(day): [["09:00", "17:00"]] for day in range(5)}
LONGEST_CLOSURE = 366  # days
LONG_CLOSURE = 700  # closed days from which a gap of 800 days is thinkable


class WorkingTimeRefused(Refused):
    """The calendar would have no working time, or the hours make no sense."""


@transaction.atomic
def add(name: str, zone: str, by: User | None, at: datetime, like: Calendar | None = None) -> Calendar:
    """A further calendar in a zone, with the week and the days of `like`, else Monday to Friday, 9 to 17."""
    name = " ".join(name.split())
    if Calendar.objects.filter(name__iexact=name).exists():
        raise WorkingTimeRefused(f"There is a calendar “{name}” already.")
    made = Calendar.objects.create(
        name=name, zone=zone, weekly=like.weekly if like else OFFICE_HOURS, version=0
    )
    if like is not None:
        days = [
            CalendarDay(calendar=made, on=d.on, windows=d.windows, label=d.label) for d in like.days.all()
        ]
        CalendarDay.objects.bulk_create(days)
    keep(made, f"Added like {like}" if like else "Added", by, at)
    return made


@transaction.atomic
def describe(calendar: Calendar, name: str, zone: str, by: User | None, at: datetime) -> None:
    """Call it something else, or read its hours in another zone; only the zone makes a new version."""
    name = " ".join(name.split())
    if Calendar.objects.filter(name__iexact=name).exclude(pk=calendar.pk).exists():
        raise WorkingTimeRefused(f"There is a calendar “{name}” already.")
    Calendar.objects.filter(pk=calendar.pk).update(name=name)
    change_zone(calendar, zone, by, at)


@transaction.atomic
def change_week(calendar: Calendar, to: dict[int, Windows], by: User | None, at: datetime) -> None:
    """Open in these windows on each weekday (Monday is 0); days not named are closed."""
    held = locked(calendar)
    held.weekly = {str(day): windows for day, windows in sorted(to.items()) if windows}
    keep(held, "Changed the hours of the week", by, at)


@transaction.atomic
def change_zone(calendar: Calendar, to: str, by: User | None, at: datetime) -> None:
    """Read the hours in another zone."""
    held = locked(calendar)
    if held.zone != to:
        held.zone = to
        keep(held, f"Moved to {to}", by, at)


@transaction.atomic
def set_day(
    calendar: Calendar, on: date, windows: Windows, label: str, by: User | None, at: datetime
) -> None:
    """Let a date differ from its weekday: other hours, or none. Refused where it differs already."""
    held = locked(calendar)
    try:
        with transaction.atomic():
            CalendarDay.objects.create(calendar=held, on=on, windows=windows, label=label)
    except IntegrityError as error:
        raise WorkingTimeRefused(f"{on:%d.%m.%Y} is in the list already. Remove it first.") from error
    keep(held, f"{on:%d.%m.%Y}: {label}", by, at)


@transaction.atomic
def close(calendar: Calendar, first: date, last: date, label: str, by: User | None, at: datetime) -> int:
    """Close from one day to another, both included; how many days that is. Days that differ already
    are closed, too."""
    if last < first:
        raise WorkingTimeRefused("The last day lies before the first.")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if len(days) > LONGEST_CLOSURE:
        raise WorkingTimeRefused("A closure can last a year at most.")
    held = locked(calendar)
    held.days.filter(on__in=days).delete()
    CalendarDay.objects.bulk_create(CalendarDay(calendar=held, on=day, label=label[:80]) for day in days)
    keep(held, f"Closed {first:%d.%m.%Y} – {last:%d.%m.%Y}: {label}", by, at)
    return len(days)


@transaction.atomic
def remove_day(day: CalendarDay, by: User | None, at: datetime) -> None:
    """Let the date follow its weekday again."""
    held = locked(day.calendar)
    day.delete()
    keep(held, f"{day.on:%d.%m.%Y} follows its weekday again", by, at)


@transaction.atomic
def give(calendar: Calendar, to: Iterable[User]) -> None:
    """Let exactly these people work by it; whoever else did goes by the company's. No open clock moves."""
    User.objects.filter(calendar=calendar).update(calendar=None)
    User.objects.filter(pk__in=[person.pk for person in to]).update(calendar=calendar)


def locked(calendar: Calendar) -> Calendar:
    """The calendar as it stands, locked against another's change."""
    return Calendar.objects.select_for_update().get(pk=calendar.pk)


def keep(held: Calendar, what: str, by: User | None, at: datetime) -> None:
    """Save it as a new version, and keep what that was."""
    rule = _refuse_without_working_time(held, at)
    held.version += 1
    held.save()
    CalendarVersion.objects.create(
        calendar=held, number=held.version, what=what[:200], kept=rule.as_json(), by=by, at=at
    )


def _refuse_without_working_time(held: Calendar, at: datetime) -> WorkCalendar:
    """The calendar as a rule; refused where 800 days hold no working time."""
    days = list(held.days.all())
    try:
        rule = held.as_rule(days)
        for start in {at, *_gaps_may_begin(days)}:
            rule.due(start, 1)
        return rule
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
