"""Replies reported long afterwards: a lead confirms them, or not. Until then the breach stands.

Several reports of one person are one item: its approver is told once, and decides on all of them in
one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from conversations import clocks, policies, records, responsibility
from conversations.models import Conversation, Message
from conversations.records import MessageRefused, reference
from partners.models import Event
from prm.calendars import NoWorkingTime
from team import notices, roles
from team.models import User

LATE_REPORT = 72 * 3600  # seconds on the clock of the wait; older reports need a lead


def needs_approval(conversation: Conversation, occurred_at: datetime, at: datetime, by: User) -> bool:
    """Whether a reply is reported too long afterwards for this person to correct the figure alone."""
    if roles.may(by, "approve late log"):
        return False
    clock = clocks.clock_of(conversation)
    if clock is None:
        return False
    try:
        gone = policies.rule_for(clock.policy.mode, clock.hours).elapsed(occurred_at, at)
    except NoWorkingTime:
        gone = (at - occurred_at).total_seconds()
    return gone > LATE_REPORT


def ask(message: Message, at: datetime) -> None:
    """Tell the lead of a report; while one of the same person is undecided, it was told already."""
    first = undecided().filter(author=message.author_id).order_by("pk").first() or message
    text = f"{message.author} reports a reply to {first.partner} of {first.occurred_at:%d %B}, not confirmed"
    url = reverse("conversations:late_logs")
    for lead in responsibility.approvers_for(message.author):
        notices.give(lead, "late_log", reference(first), first.occurred_at, at, text, url)


def undecided() -> QuerySet[Message]:
    """The reports nobody has decided on, the oldest first."""
    return Message.objects.filter(unconfirmed=True, declined_at=None, withdrawn_at=None).order_by(
        "recorded_at", "pk"
    )


@transaction.atomic
def approve(message: Message, by: User, at: datetime) -> Event | None:
    """Confirm a late report: from now on it counts, and corrects the figure."""
    held, conversations = records.hold(message)
    if not held.unconfirmed or held.withdrawn_at is not None:
        raise MessageRefused("There is nothing to confirm here.")
    records.change(held, unconfirmed=False, declined_at=None)
    records.settle(conversations, by, at)
    return Event.record("late_log_approved", at, by, held.partner, reference(held))


@transaction.atomic
def approve_all(messages: Iterable[Message], by: User, at: datetime) -> int:
    """Confirm several reports in one press; how many."""
    return sum(approve(message, by, at) is not None for message in messages)


@transaction.atomic
def decline(message: Message, reason: str, by: User, at: datetime) -> Event | None:
    """Do not confirm a late report: it stays in the conversation, and answers nothing."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise MessageRefused("Say why it is not confirmed.")
    held, conversations = records.hold(message)
    if not held.unconfirmed or held.declined_at is not None or held.withdrawn_at is not None:
        raise MessageRefused("There is nothing to confirm here.")
    records.change(held, declined_at=at)
    records.settle(conversations, by, at)
    if held.author is not None and held.author != by:
        text = f"Your late report of a reply to {held.partner} was not confirmed: {reason}"
        url = held.conversation.get_absolute_url()
        notices.give(held.author, "late_log_declined", reference(held), at, at, text, url)
    return Event.record("late_log_declined", at, by, held.partner, reference(held), note=reason)
