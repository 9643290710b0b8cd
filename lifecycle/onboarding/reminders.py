"""Whom a task of ours reminds: its owner, two days before its due day and once that is over. One that
waits for another task reminds nobody before that is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from conversations.commitments import end_of
from lifecycle.models import Side, Task
from lifecycle.onboarding.plans import RUN
from partners.models import Status
from prm import references, sweeper
from team import notices
from team.models import Notice

SOON, OVERDUE = "task_due_soon", "task_overdue"
DAY = timedelta(days=1)
BEFORE = timedelta(days=3)  # at the end of this day before, two whole days are left


def sweep(at: datetime) -> int:
    """Look at every task of which a moment has come."""
    due = Task.objects.with_blocked().select_related("partner", "owner")
    return sweeper.in_batches(due, at, check)


def check(task: Task, at: datetime) -> None:
    """Remind of the latest moment that has come, and look again at the next; while the partner is parked,
    tomorrow."""
    moments = list(_moments(task))
    come = [(kind, moment) for kind, moment in moments if moment <= at]
    if come and task.owner is not None:
        kind, moment = come[-1]
        about, url = references.to(task), task.get_absolute_url()
        notices.give(task.owner, kind, about, moment, at, _words(task, kind), url)
    later = at + DAY if task.partner.status == Status.PARKED and task.is_open else None
    following = min((moment for _kind, moment in moments if moment > at), default=later)
    Task.objects.filter(pk=task.pk).update(next_check_at=following)


def _moments(task: Task) -> Iterator[tuple[str, datetime]]:
    """When an open task of ours is due soon, and when it is overdue, in its owner's zone."""
    due_on, owner = task.due_on, task.owner
    if task.side != Side.OURS or due_on is None or owner is None or not task.is_open:
        return
    if not task.is_blocked and task.partner.status in RUN:
        yield SOON, end_of(due_on - BEFORE, owner.zone)
        yield OVERDUE, end_of(due_on, owner.zone)


def _words(task: Task, kind: str) -> str:
    if kind == SOON:
        words = _("“{task}” with {partner} is due on {day}")
    else:
        words = _("“{task}” with {partner} was due on {day}")
    return words.format(task=task, partner=task.partner, day=f"{task.due_on:%-d %B %Y}")


def still_stands(notice: Notice) -> bool:
    """Whether the task is open, its owner's still, and its day as it was: asked when the mail is composed."""
    rows = Task.objects.with_blocked().select_related("partner", "owner").filter(owner=notice.person)
    task = rows.filter(pk=notice.cause_id).first()
    return task is not None and (notice.kind, notice.due_at) in set(_moments(task))
