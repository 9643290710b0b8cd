"""When and how a person wants to be told: quiet hours, the time of the digest, a way for each kind."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.db import transaction

from prm.refusals import Refused
from team import notices
from team.models import Calendar, Company, Notice, NoticeChoice, NoticeTimes, User, Way
from team.quiet import WEEKEND, Hours


class PreferenceRefused(Refused):
    """This kind cannot travel that way."""


def times_of(person: User) -> NoticeTimes:
    """The times this person set, or the defaults."""
    return NoticeTimes.objects.filter(person=person).first() or NoticeTimes(person=person)


def hours_of(person: User) -> Hours:
    """The person's day as the rules of quiet hours take it."""
    return _hours(person, times_of(person), person.calendar or _office())


def _office() -> Calendar | None:
    company = Company.objects.select_related("calendar").first()
    return company.calendar if company else None


def _hours(person: User, times: NoticeTimes, calendar: Calendar | None) -> Hours:
    return Hours(
        person.zone,
        digest_at=times.digest_at,
        quiet_from=times.quiet_from,
        quiet_until=times.quiet_until,
        quiet_days=_weekend(calendar) if times.quiet_weekends else frozenset(),
    )


def _weekend(calendar: Calendar | None) -> frozenset[int]:
    """The weekdays (Monday 0) on which a calendar is closed."""
    if calendar is None:
        return WEEKEND
    return frozenset(day for day in range(7) if not calendar.weekly.get(str(day)))


def nights_ahead(at: datetime, within: timedelta) -> list[tuple[User, datetime]]:
    """Whose quiet hours begin within that time, and when these end; two queries."""
    office = _office()
    ends: dict[Hours, datetime | None] = {}
    nights = []
    for person in User.objects.current().select_related("notice_times", "calendar"):
        times = getattr(person, "notice_times", None) or NoticeTimes(person=person)
        hours = _hours(person, times, person.calendar or office)
        if hours not in ends:
            ends[hours] = hours.night_ahead(at, within)
        if (end := ends[hours]) is not None:
            nights.append((person, end))
    return nights


@transaction.atomic
def change_times(
    person: User,
    at: datetime,
    digest_at: time,
    quiet_from: time,
    quiet_until: time,
    quiet_weekends: bool,
) -> None:
    """Set the person's times; what waits to be mailed is looked at anew."""
    NoticeTimes.objects.update_or_create(
        person=person,
        defaults={
            "digest_at": digest_at,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "quiet_weekends": quiet_weekends,
        },
    )
    look_again(person, at)


def look_again(person: User, at: datetime) -> None:
    """Let the next sweep work out anew when this person's notices are mailed: its times or zone changed."""
    Notice.objects.filter(person=person, next_check_at__gt=at).update(next_check_at=at)


def ways_of(person: User) -> dict[str, str]:
    """How each kind this person can get travels to it."""
    chosen = dict(NoticeChoice.objects.filter(person=person).values_list("kind", "way"))
    mine = {kind: it for kind, it in notices.kinds().items() if person.is_admin or not it.for_admins}
    return {kind: chosen.get(kind, registered.way) for kind, registered in mine.items()}


@transaction.atomic
def choose(person: User, to: Mapping[str, str]) -> None:
    """Let each kind named travel in the way given, from now on; what is as the kind says is not kept."""
    for kind, way in to.items():
        registered = notices.kinds()[kind]
        if way == Way.OFF and not registered.may_be_off:
            raise PreferenceRefused(f"“{registered.name}” cannot be switched off; it can stay in the app.")
        mine = NoticeChoice.objects.filter(person=person, kind=kind)
        if way == registered.way:
            mine.delete()
        else:
            NoticeChoice.objects.update_or_create(person=person, kind=kind, defaults={"way": Way(way)})
