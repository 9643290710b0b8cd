"""The clock of a wait: a policy read on somebody's office hours, copied when the wait opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from conversations import policies
from conversations.models import Conversation, Policy, Wait
from prm.calendars import NoWorkingTime, WorkCalendar
from team.models import Calendar, Company


@dataclass(frozen=True)
class Clock:
    """A policy with the office hours it is read on."""

    policy: Policy
    hours: WorkCalendar
    source: Calendar

    def target(self, metric: str) -> int:
        """Seconds, on the policy's clock."""
        return self.policy.first_seconds if metric == Wait.Metric.FIRST else self.policy.next_seconds

    def times(self, opened_at: datetime, seconds: int) -> dict[str, datetime]:
        """When it is due, when we warn before and when the lead hears after."""
        rule = policies.rule_for(self.policy.mode, self.hours)
        due_at = rule.due(opened_at, seconds)
        return {
            "due_at": due_at,
            "warn_at": rule.due(opened_at, seconds * float(self.policy.warn_share)),
            "lead_at": self.hours.due(due_at, self.policy.lead_after_seconds),
        }


def clock_of(conversation: Conversation) -> Clock | None:
    """The clock a wait opened now would keep; None before set-up or with the policy off.

    The hours are those of the person responsible, else the company's.
    """
    policy, company = policies.current(), Company.objects.select_related("calendar").first()
    if policy is None or company is None:
        return None
    whose = conversation.whose
    source = (whose.calendar if whose else None) or company.calendar
    return Clock(policy, source.as_rule(), source)


def snapshot(clock: Clock, metric: str, opened_at: datetime) -> dict[str, Any]:
    """What is copied onto a wait when it opens."""
    seconds = clock.target(metric)
    try:
        times = clock.times(opened_at, seconds)
    except NoWorkingTime:  # hours that lost their last window must not lose a message
        clock = Clock(clock.policy, WorkCalendar.always(), clock.source)
        times = clock.times(opened_at, seconds)
    return {
        "policy": clock.policy,
        "target_seconds": seconds,
        "calendar": clock.hours.as_json(since=opened_at.date() - timedelta(days=1)),
        "calendar_of": clock.source,
        "calendar_version": clock.source.version,
        "next_check_at": times["warn_at"],
        **times,
    }
