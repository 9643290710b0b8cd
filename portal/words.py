"""What the portal tells a partner's person, and how much it takes from one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from conversations import policies
from conversations.models import Message, Policy, Wait
from partners.models import Contact, Partner
from prm.refusals import Refused

MOST_AN_HOUR = 30  # messages of one person

CLOCKS = {
    Policy.Mode.ELAPSED: "{hours} hours, round the clock",
    Policy.Mode.WORKING_DAYS: "{hours} hours of working days",
    Policy.Mode.BUSINESS_HOURS: "{hours} business hours",
}


class TooMany(Refused):
    """More messages than a person writes."""


def promise(partner: Partner) -> str:
    """The promise to a partner in its own words: "24 hours, round the clock"; "" where none is made."""
    policy = policies.matching(partner, Message.Channel.PORTAL)
    if policy is None:
        return ""
    return CLOCKS[Policy.Mode(policy.mode)].format(hours=f"{policy.next_seconds / 3600:g}")


def received(wait: Wait | None) -> str:
    """What stands there after a message was sent; the time in the reader's zone."""
    if wait is None:
        return "We have your message."
    due = timezone.localtime(wait.due_at)
    return f"We have your message. You have our answer by {date_format(due, 'l j F, H:i')} ({due:%Z})."


def not_too_many(contact: Contact, at: datetime) -> None:
    """Refuse what no person types."""
    lately = Message.objects.filter(
        contact=contact, channel=Message.Channel.PORTAL, recorded_at__gt=at - timedelta(hours=1)
    )
    if lately.count() >= MOST_AN_HOUR:
        raise TooMany("That is a lot of messages for one hour. What you wrote is still here: send it later.")
