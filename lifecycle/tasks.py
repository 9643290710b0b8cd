"""Tasks with a partner: added, done, taken up again, skipped with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction

from lifecycle import evidence
from lifecycle.models import Evidence, Plan, Side, Task
from lifecycle.onboarding import offsets
from partners import changes
from partners.history import UndoRefused
from partners.models import Contact, Event, Partner, Stage
from partners.organisations import local_day
from prm import references
from prm.refusals import Refused
from team import companies, notices
from team.companies import zone_of
from team.models import Notice, User
from team.roles import permitted_or_403

GIVEN = "task_given"
CLOSED = "This task was done or skipped already."
WAITS = "They have done it, and it waits for our yes: decide on it under To decide."
OPEN_AGAIN = {
    "done_at": None,
    "done_by": None,
    "done_by_contact": None,
    "skipped_at": None,
    "skipped_reason": "",
}


class TaskRefused(Refused):
    """The task is not in a state for this."""


Follow = Callable[[Task, User | Contact | str, datetime], None]
_followers: list[Follow] = []


def also(follow: Follow) -> None:
    """Register what follows a task that is done, left out or taken up again: it is asked in the same
    transaction."""
    _followers.append(follow)


def _tell_followers(task: Task, by: User | Contact | str, at: datetime) -> None:
    for follow in _followers:
        follow(task, by, at)


@transaction.atomic
def add(
    partner: Partner,
    text: str,
    by: User | str,
    at: datetime,
    side: str = Side.OURS,
    owner: User | None = None,
    due_on: date | None = None,
    is_required: bool = False,
    stage: str = Stage.ONBOARDING,
    plan: Plan | None = None,
    contact: Contact | None = None,
    tells: bool = True,
) -> Task:
    """Add a task, of a running plan or by itself. One of ours without an owner is the partner's owner's, who
    is told of it, unless that was done already."""
    if plan is not None and not plan.is_running:
        raise TaskRefused("This plan has ended. Make another, or add the task by itself.")
    if side == Side.OURS and owner is None:
        owner = partner.owner
    task = Task(
        partner=partner,
        plan=plan,
        text=text,
        side=side,
        owner=owner,
        contact=contact,
        due_on=due_on,
        is_required=is_required,
        stage=stage,
        created_at=at,
        next_check_at=at,
    )
    task.offset_days = _offset(task)
    task.save()
    _record("task_added", task, by, at)
    if tells:
        tell(task, by, at)
    return task


def _offset(task: Task) -> int | None:
    """How many working days after the start of its plan it is due, so that it moves with it."""
    if task.plan is None or task.due_on is None:
        return None
    return offsets.between(companies.working_days(), task.plan.starts_on, task.due_on)


def tell(task: Task, by: User | str, at: datetime) -> None:
    """Tell whoever was put down for it by a colleague."""
    if task.owner is not None and task.owner != by and isinstance(by, User):
        what = f"{by} gave you a task with {task.partner}: {task.text}"
        notices.give(task.owner, GIVEN, references.to(task), at, at, what, task.get_absolute_url())


def still_given(notice: Notice) -> bool:
    """Whether the task is open, at the time its mail is composed."""
    return Task.objects.open().filter(pk=notice.cause_id).exists()


@transaction.atomic
def change(
    task: Task, facts: Mapping[str, Any], by: User, at: datetime, undoes: Event | None = None
) -> Event | None:
    """Change the owner, the due day or the text of an open task; None where all is as it was."""
    rows = Task.objects.select_for_update(of=("self",)).select_related("partner", "owner", "plan")
    held = rows.get(pk=task.pk)
    if not held.is_open:
        raise TaskRefused(CLOSED)
    former = held.owner_id
    made = changes.made(held, facts)
    if not made:
        return None
    held.next_check_at, held.offset_days = at, _offset(held)
    held.save(update_fields=[*facts, "offset_days", "next_check_at"])
    if held.owner_id != former:
        tell(held, by, at)
    return _record("task_changed", held, by, at, undoes=undoes, made=made)


@transaction.atomic
def done(task: Task, by: User | Contact, at: datetime, note: str = "") -> Event:
    """Tick it off. The evidence it stands for is recorded, unless that was done since it began."""
    who = {"done_by": by} if isinstance(by, User) else {"done_by_contact": by}
    _claim(task, done_at=at, sent_back="", next_check_at=None, **who)
    if note:
        task.note = note
        Task.objects.filter(pk=task.pk).update(note=note)
    _prove(task, by, at)
    _follow(task, at)
    event = _record("task_done", task, by, at, note=note)
    _tell_followers(task, by, at)
    return event


@transaction.atomic
def skip(task: Task, reason: str, by: User | str, at: datetime) -> Event:
    """Leave it out, with a reason; a required one then stands before no gate any more."""
    if not reason.strip():
        raise TaskRefused("Reason: say why the task is left out.")
    _claim(task, skipped_at=at, skipped_reason=reason[:300], next_check_at=None)
    _follow(task, at)
    event = _record("task_skipped", task, by, at, note=reason)
    _tell_followers(task, by, at)
    return event


@transaction.atomic
def undone(task: Task, by: User, at: datetime, undoes: Event | None = None) -> Event:
    """Take a done or skipped task up again; the evidence it left is withdrawn."""
    closed = Task.objects.filter(pk=task.pk).exclude(done_at=None, skipped_at=None)
    if not closed.update(**OPEN_AGAIN, next_check_at=at):
        raise TaskRefused("This task is open already.")
    if task.fact is not None and not task.fact.is_withdrawn:
        evidence.withdraw(task.fact, "The task was taken up again.", by=by, at=at)
    for column, value in OPEN_AGAIN.items():
        setattr(task, column, value)
    Plan.objects.filter(tasks=task, stopped_reason="").update(finished_at=None)
    event = _record("task_reopened", task, by, at, undoes=undoes)
    _tell_followers(task, by, at)
    return event


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


def change_back(event: Event, by: User, at: datetime) -> Event:
    """Undo of `change`."""
    task = Task.objects.select_related("partner", "owner").filter(pk=event.about_id or 0).first()
    if task is None:
        raise UndoRefused("This task is gone.")
    allowed_or_403(by, task)
    facts = changes.back(task, {field: pair for field, pair in event.changes.items() if field != "task"})
    written = change(task, facts, by, at, undoes=event)
    if written is None:
        raise UndoRefused("It is as it was before already.")
    return written


def _claim(task: Task, **after: object) -> None:
    here = Task.objects.open().filter(pk=task.pk)
    if not here.filter(handed_in_at=None).update(**after):
        raise TaskRefused(WAITS if here.exists() else CLOSED)
    for column, value in after.items():
        setattr(task, column, value)


def _prove(task: Task, by: User | Contact, at: datetime) -> None:
    if not task.evidence:
        return
    since = Evidence.objects.standing().filter(partner=task.partner_id, kind=task.evidence)
    if since.filter(recorded_at__gte=task.created_at).exists():
        return
    who = by if isinstance(by, User) else str(by)[:40]
    words = f"{task.text}\n{task.note}".strip()
    task.fact = evidence.record(
        task.partner, task.evidence, local_day(at, zone_of(by)), who, at, file=_shown(task), note=words
    )
    Task.objects.filter(pk=task.pk).update(fact=task.fact)


def _shown(task: Task) -> UploadedFile | None:
    """The last file attached to it, again, for the evidence it becomes."""
    kept = task.files.last()
    return SimpleUploadedFile(kept.name, kept.file.read()) if kept else None


def _follow(task: Task, at: datetime) -> None:
    """What waited for it comes up; with its last open task a plan is finished."""
    Task.objects.open().filter(waits_for=task).update(next_check_at=at)
    if task.plan_id is not None:
        finish_plan(task.plan_id, at)


def finish_plan(plan: int, at: datetime) -> None:
    """The plan is finished, unless something of it is open."""
    if not Task.objects.open().filter(plan=plan).exists():
        Plan.objects.running().filter(pk=plan).update(finished_at=at)


def _record(
    kind: str,
    task: Task,
    by: User | Contact | str,
    at: datetime,
    note: str = "",
    undoes: Event | None = None,
    made: changes.Changes | None = None,
) -> Event:
    said = {"task": task.text, **made} if made else {"text": task.text}
    event = Event.record(
        kind, at, by, task.partner, references.to(task), changes=said, note=note, undoes=undoes
    )
    assert event is not None  # only a keyed event can stand already
    return event
