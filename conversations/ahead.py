"""Warnings before the night: what would be warned of in somebody's quiet hours, and leave under two hours
after them, is told before they begin."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from conversations import concerned, responsibility, steps, waits
from conversations.models import Wait
from team import notices, preferences
from team.models import Notice, User
from team.quiet import LEAST_LEFT

WITHIN = timedelta(minutes=15)


def warn_ahead(at: datetime) -> int:
    """The sweep: warn whose quiet hours are about to begin; how many waits were told of."""
    return sum(_warn(person, ends, at) for person, ends in preferences.nights_ahead(at, WITHIN))


def _warn(person: User, night_ends: datetime, at: datetime) -> int:
    """Warn one person of what its night would use up."""
    pressing = Wait.objects.filter(
        metric__in=[*waits.REPLY, Wait.Metric.ISSUE],
        state=Wait.State.OPEN,
        due_at__gt=at,
        due_at__lt=night_ends + LEAST_LEFT,
        warn_at__gt=at,
        warn_at__lt=night_ends,
    )
    untold = pressing.filter(_answered_by(person)).exclude(Exists(_warned(person)))
    found = list(untold.select_related("partner", "conversation").order_by("due_at", "pk"))
    notices.give_all(
        [each for wait in found for each in steps.warnings([person], wait, concerned.of_thread(wait))], at
    )
    return len(found)


def _answered_by(person: User) -> Q:
    """The waits this person answers: as who is responsible, as head where nobody is."""
    mine = Q(responsible=person)
    if person in responsibility.heads():
        mine |= Q(responsible=None)
    return mine


def _warned(person: User) -> QuerySet[Notice]:
    """What this person was warned of before."""
    return Notice.objects.filter(
        person=person,
        kind="wait_warned",
        cause_kind="wait",
        cause_id=OuterRef("pk"),
        due_at=OuterRef("due_at"),
    )
