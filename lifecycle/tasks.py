"""Tasks with a partner: added, done, taken up again, skipped with a reason."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lifecycle.models import Task
from partners.history import UndoRefused
from partners.models import Event, Partner, Stage
from prm import references
from prm.refusals import Refused
from team import notices
from team.models import Notice, User
from team.roles import permitted_or_403

GIVEN = "task_given"


class TaskRefused(Refused):
    """The task is not in a state for this."""


@transaction.atomic
def add(
    partner: Partner,
    text: str,
    by: User | str,
    at: datetime,
    side: str = Task.Side.OURS,
    owner: User | None = None,
    due_on: date | None = None,
    is_required: bool = False,
    stage: str = Stage.ONBOARDING,
) -> Task:
    """Add a step to the plan. One of ours without an owner is the partner's owner's."""
    if side == Task.Side.OURS and owner is None:
        owner = partner.owner
    task = Task.objects.create(
        partner=partner,
        text=text,
        side=side,
        owner=owner,
        due_on=due_on,
        is_required=is_required,
        stage=stage,
        created_at=at,
    )
    _record("task_added", task, by, at)
    if owner is not None and owner != by and isinstance(by, User):
        what = f"{by} gave you a task with {partner}: {text}"
        notices.give(owner, GIVEN, references.to(task), at, at, what, partner.get_absolute_url())
    return task


def still_given(notice: Notice) -> bool:
    """Whether the task is open, at the time its mail is composed."""
    return Task.objects.open().filter(pk=notice.cause_id).exists()


@transaction.atomic
def done(task: Task, by: User, at: datetime) -> Event:
    """Tick it off."""
    _claim(task, "This task was done or skipped already.", done_at=at, done_by=by)
    return _record("task_done", task, by, at)


@transaction.atomic
def skip(task: Task, reason: str, by: User, at: datetime) -> Event:
    """Leave it out, with a reason; a required one then stands before no gate any more."""
    if not reason.strip():
        raise TaskRefused("Reason: say why the task is left out.")
    _claim(task, "This task was done or skipped already.", skipped_at=at, skipped_reason=reason[:300])
    return _record("task_skipped", task, by, at, note=reason)


@transaction.atomic
def undone(task: Task, by: User, at: datetime, undoes: Event | None = None) -> Event:
    """Take a done or skipped task up again."""
    closed = Task.objects.filter(pk=task.pk).exclude(done_at=None, skipped_at=None)
    open_again = {"done_at": None, "done_by": None, "skipped_at": None, "skipped_reason": ""}
    if not closed.update(**open_again):
        raise TaskRefused("This task is open already.")
    for column, value in open_again.items():
        setattr(task, column, value)
    return _record("task_reopened", task, by, at, undoes=undoes)


def allowed_or_403(user: User, task: Task) -> None:
    """Whose task it is may change it, and who may change tasks of the partner."""
    if task.owner_id != user.pk:
        permitted_or_403(user, "change task", task)


def take_back(event: Event, by: User, at: datetime) -> Event:
    """Undo of `done` and `skip`."""
    task = Task.objects.select_related("partner").filter(pk=event.about_id or 0).first()
    if task is None:
        raise UndoRefused("This task is gone.")
    allowed_or_403(by, task)
    return undone(task, by=by, at=at, undoes=event)


def _claim(task: Task, otherwise: str, **after: object) -> None:
    if not Task.objects.open().filter(pk=task.pk).update(**after):
        raise TaskRefused(otherwise)
    for column, value in after.items():
        setattr(task, column, value)


def _record(
    kind: str, task: Task, by: User | str, at: datetime, note: str = "", undoes: Event | None = None
) -> Event:
    about = references.to(task)
    changes = {"text": task.text}
    event = Event.record(kind, at, by, task.partner, about, changes=changes, note=note, undoes=undoes)
    assert event is not None  # only a keyed event can stand already
    return event
