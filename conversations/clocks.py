"""The clock of a wait: a policy read on somebody's office hours, copied when the wait opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from conversations import policies
from conversations.models import Conversation, Policy, Wait
from prm.calendars import NoWorkingTime, Pause, WorkCalendar
from team.models import Calendar, Company, User

DAY = 24 * 3600  # seconds
SOON = 2 * DAY


@dataclass(frozen=True)
class Reading:
    """A policy read on office hours."""

    policy: Policy
    hours: WorkCalendar

    def target(self, metric: str) -> int:
        """Seconds, on the policy's clock."""
        return self.policy.first_seconds if metric == Wait.Metric.FIRST else self.policy.next_seconds

    def times(self, opened_at: datetime, seconds: int, pauses: Iterable[Pause] = ()) -> dict[str, Any]:
        """When it is due, when we warn before, and when lead and heads hear after: the lead in working
        time, the heads in working days and never before the lead. With it what lists show of them."""
        stops = list(pauses)
        rule = policies.rule_for(self.policy.mode, self.hours)
        due_at = rule.due(opened_at, seconds, stops)
        lead_at = self.hours.due(due_at, self.policy.lead_after_seconds, stops)
        return {
            "due_at": due_at,
            "warn_at": rule.due(opened_at, seconds * float(self.policy.warn_share), stops),
            "lead_at": lead_at,
            "head_at": self._head_at(due_at, lead_at, stops),
            "paused_until": max((ends for _, ends in stops), default=None),
            "due_outside": not self.hours.is_open(due_at),
        }

    def kept(self, opened_at: datetime) -> dict[str, Any]:
        """The hours as a wait keeps them."""
        return self.hours.as_json(since=opened_at.date() - timedelta(days=1))

    def _head_at(self, due_at: datetime, lead_at: datetime, stops: list[Pause]) -> datetime | None:
        days = self.policy.head_after_days
        if days is None:
            return None
        whole_days = policies.rule_for(Policy.Mode.WORKING_DAYS, self.hours)
        return max(lead_at, whole_days.due(due_at, days * DAY, stops))


@dataclass(frozen=True)
class Clock(Reading):
    """A policy read on the office hours of a calendar that is kept."""

    source: Calendar


def clock_of(conversation: Conversation, channel: str = "") -> Clock | None:
    """The clock a wait opened now would keep, asked on `channel`; None before set-up or where no policy
    fits.

    The hours are those of the person responsible, else the company's.
    """
    policy = policies.matching(conversation.partner, channel, conversation.membership)
    company = Company.objects.select_related("calendar").first()
    if policy is None or company is None:
        return None
    person = conversation.responsible
    source = (person.calendar if person else None) or company.calendar
    return Clock(policy, source.as_rule(), source)


def hours_of(person: User) -> WorkCalendar:
    """The working time of one of us: its own, else the company's; before set-up round the clock."""
    source = person.calendar or (person.company.calendar if person.company else None)
    return source.as_rule() if source else WorkCalendar.always()


def kept_by(wait: Wait) -> Reading:
    """What a wait was opened under."""
    return Reading(wait.policy, WorkCalendar.from_json(wait.calendar))


def is_soon_after(wait: Wait, answered_at: datetime | None, again_at: datetime | None) -> bool:
    """Whether the partner wrote again within two working days of its answer."""
    if answered_at is None or again_at is None:
        return False
    days = policies.rule_for(Policy.Mode.WORKING_DAYS, WorkCalendar.from_json(wait.calendar))
    return days.elapsed(answered_at, again_at) <= SOON


def pauses_of(wait: Wait) -> list[Pause]:
    """When the clock of a wait stood or stands still."""
    return list(wait.pauses.standing().values_list("starts_at", "ends_at"))


def known_pauses_of(wait: Wait) -> list[Pause]:
    """The same, of a wait whose times are worked out: one that was never paused is not asked."""
    return pauses_of(wait) if wait.paused_until is not None else []


def snapshot(clock: Clock, metric: str, opened_at: datetime, pauses: Iterable[Pause] = ()) -> dict[str, Any]:
    """What is copied onto a wait when it opens."""
    seconds, stops = clock.target(metric), list(pauses)
    try:
        times = clock.times(opened_at, seconds, stops)
    except NoWorkingTime:  # hours that lost their last window must not lose a message
        clock = Clock(clock.policy, WorkCalendar.always(), clock.source)
        times = clock.times(opened_at, seconds, stops)
    return {
        "policy": clock.policy,
        "target_seconds": seconds,
        "calendar": clock.kept(opened_at),
        "calendar_of": clock.source,
        "calendar_version": clock.source.version,
        "next_check_at": times["warn_at"],
        **times,
    }
