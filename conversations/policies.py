"""What we promise: the policy of set-up, its versions, and the clock each mode keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from conversations.models import Policy, Wait
from partners.models import Event
from prm.calendars import Window, WorkCalendar
from prm.questions import Question
from prm.refusals import Refused
from team.models import User

STANDARD = "standard"
WHOLE_DAY: list[Window] = [("00:00", "24:00")]
PROMISED = 24 * 3600  # seconds, on the clock of the mode


class PolicyRefused(Refused):
    """The policy cannot be founded or changed like this."""


CURRENT = Question(lambda: Policy.objects.filter(family=STANDARD, is_active=True).order_by("pk")[:1])


def current() -> Policy | None:
    """The policy under which waits open now; None before set-up or where it is switched off."""
    return next(iter(CURRENT.ask()), None)


@transaction.atomic
def found(mode: str, at: datetime) -> Policy:
    """The first promise, made at set-up: an answer within 24 hours on the clock of `mode`."""
    _known(mode)
    if Policy.objects.filter(family=STANDARD).exists():
        raise PolicyRefused("The promise was made already; change it under Settings.")
    return Policy.objects.create(family=STANDARD, mode=mode, created_at=at)


@transaction.atomic
def change(mode: str, by: User, at: datetime) -> Policy:
    """A new version of the promise. Waits that are open keep the version they were opened under."""
    _known(mode)
    versions = Policy.objects.select_for_update().filter(family=STANDARD)
    active = versions.filter(is_active=True).first()
    if active is not None and active.mode == mode:
        return active
    newest = versions.aggregate(newest=Max("version"))["newest"] or 0
    versions.filter(is_active=True).update(is_active=False)
    made = Policy.objects.create(family=STANDARD, version=newest + 1, mode=mode, created_at=at)
    Event.record(
        "policy_changed", at, by, changes={"mode": [active.mode if active else None, mode]}, note=str(made)
    )
    return made


@transaction.atomic
def switch_off(policy: Policy, by: User, at: datetime) -> int:
    """Open no more waits under this policy and cancel those still open; how many were."""
    Policy.objects.filter(pk=policy.pk).update(is_active=False)
    cancelled = (
        Wait.objects.open()
        .filter(policy__family=policy.family)
        .update(
            state=Wait.State.CANCELLED,
            cancelled_reason="The policy was switched off.",
            cancelled_at=at,
            next_check_at=None,
        )
    )
    Event.record("policy_switched_off", at, by, changes={"cancelled": cancelled}, note=str(policy))
    return cancelled


def rule_for(mode: str, hours: WorkCalendar) -> WorkCalendar:
    """The clock of a mode, from the office hours: round the clock; whole working days less
    holidays; or these hours themselves."""
    if mode == Policy.Mode.ELAPSED:
        return WorkCalendar.always()
    if mode == Policy.Mode.WORKING_DAYS:
        return WorkCalendar(
            hours.zone.key,
            {day: WHOLE_DAY for day, windows in hours.weekly.items() if windows},
            {day: WHOLE_DAY if windows else [] for day, windows in hours.exceptions.items()},
        )
    return hours


def preview(
    mode: str,
    zone: str,
    weekly: Mapping[int | str, Sequence[Sequence[str]]],
    days: Iterable[date] | Mapping[date, Sequence[Sequence[str]]],
    moment: datetime,
) -> datetime:
    """When a message of `moment` would fall due, in UTC, with these hours before they are saved.

    `weekly` as `Calendar.weekly` or `WorkCalendar` have it; `days` are holidays, or dates with
    their windows. Raises ValueError or NoWorkingTime where the hours cannot be used.
    """
    _known(mode)
    differing = days if isinstance(days, Mapping) else {day: [] for day in days}
    hours = WorkCalendar(
        zone,
        {int(day): _windows(windows) for day, windows in weekly.items()},
        {day: _windows(windows) for day, windows in differing.items()},
    )
    return rule_for(mode, hours).due(moment, PROMISED)


def _windows(windows: Sequence[Sequence[str]]) -> list[Window]:
    return [(opens, closes) for opens, closes in windows]


def _known(mode: str) -> None:
    if mode not in Policy.Mode.values:
        raise PolicyRefused(f"“{mode}” is no way to keep the promise; choose one of the modes.")
