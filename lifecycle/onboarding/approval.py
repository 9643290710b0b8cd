"""What the partner's people do: their own tasks, of which some wait for our yes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from conversations import decisions, responsibility
from conversations.decision_kinds import DAY, Fact, Kind, Look, Starter
from conversations.models import Decision, Matter
from lifecycle import tasks
from lifecycle.models import Task, TaskFile
from lifecycle.onboarding.integrating import secrecy
from lifecycle.tasks import TaskRefused
from partners.models import Contact, Event
from prm import references, uploads
from team import notices
from team.models import Role, User

KIND = "plan task"
DONE = "task_done_by_partner"
MOST_FILES = 20

STARTER = Starter(
    name="Tasks of plans",
    seconds=2 * DAY,
    yes=["Thank you, this is what we need. The task is done."],
    no=[
        "Something is missing: please add it and send it again.",
        "This does not fit what we agreed at the kick-off; let us talk about it.",
    ],
    lead_decides=False,
    roles=(Role.HEAD,),
)


@transaction.atomic
def finish(task: Task, note: str, file: UploadedFile | None, by: Contact, at: datetime) -> Task:
    """They have done it: then it is done, or waits for our yes where the task says so."""
    held = _held(task.pk)
    if not held.is_theirs or not held.is_open:
        raise TaskRefused(_("There is nothing left to do about this task."))
    if held.handed_in_at is not None:
        raise TaskRefused(_("We have this already, and look at it."))
    if held.evidence and not note and file is None:
        raise TaskRefused(_("Add a note or a file that shows it."))
    if held.is_of_checklist:
        secrecy.keep_out(note=note)
    if file is not None:
        attach(held, file, by, at)
    if held.needs_approval:
        _hand_in(held, note, by, at)
    else:
        tasks.done(held, by, at, note)
        _tell(held, by, at)
    return held


def attach(task: Task, file: UploadedFile, by: Contact, at: datetime) -> TaskFile:
    """Keep a file with the task."""
    uploads.check(file)
    if task.files.count() >= MOST_FILES:
        raise TaskRefused(_("A task holds {n} files at most.").format(n=MOST_FILES))
    kept = TaskFile(task=task, name=uploads.shown_name(file.name or ""), by_contact=by, at=at)
    kept.file.save(uploads.stored_name(file.name or ""), file, save=False)
    kept.save()
    return kept


def _hand_in(task: Task, note: str, by: Contact, at: datetime) -> None:
    task.note, task.handed_in_at, task.sent_back, task.next_check_at = note, at, "", None
    task.save(update_fields=["note", "handed_in_at", "sent_back", "next_check_at"])
    about = references.to(task)
    decisions.ask(KIND, task.partner, by, at, words=f"{task}\n{note}".strip(), about=about)
    Event.record("task_handed_in", at, by, task.partner, about, changes={"text": task.text}, note=note)


def _tell(task: Task, by: Contact, at: datetime) -> None:
    """Whoever looks after the partner hears what was done there."""
    for person in responsibility.person_or_heads(task.partner.owner):
        what = _("{contact} of {partner} did “{task}”")
        said = what.format(contact=by, partner=task.partner, task=task)
        notices.give(person, DONE, references.to(task), at, at, said, task.get_absolute_url())


# --- our yes or no --------------------------------------------------------------------------------------


def look(matters: Sequence[Matter]) -> Mapping[int, Look]:
    """What one sees before deciding: the task, its plan, and the files."""
    ids = [matter.about_id for matter in matters if matter.about_id is not None]
    rows = Task.objects.select_related("partner", "plan__template").prefetch_related("files")
    found = {row.pk: row for row in rows.filter(pk__in=ids)}
    return {matter.pk: _look(found[matter.about_id]) for matter in matters if matter.about_id in found}


def _look(task: Task) -> Look:
    plan = [Fact(_("Plan"), task.plan.title, task.get_absolute_url())] if task.plan else []
    files = [Fact(_("File"), file.name, file.get_absolute_url()) for file in task.files.all()]
    return Look(f"{task.partner}: {task}", [*plan, *files])


def decided(matter: Matter, decision: Decision, at: datetime) -> None:
    """A yes makes it done, by whoever handed it in; a no sends it back with the reason."""
    task = _held(matter.about_id or 0)
    Task.objects.filter(pk=task.pk).update(handed_in_at=None)
    task.handed_in_at = None
    if decision.is_yes:
        tasks.done(task, matter.contact or decision.by, at, task.note)
        return
    Task.objects.filter(pk=task.pk).update(sent_back=decision.reason, next_check_at=at)
    said = {"text": task.text}
    about = references.to(task)
    Event.record("task_sent_back", at, decision.by, task.partner, about, changes=said, note=decision.reason)


def drop(rows: Iterable[Task], reason: str, by: User, at: datetime) -> None:
    """What of these waits for our yes is not asked any more."""
    for task in rows:
        matter = decisions.open_about(KIND, references.to(task)) if task.handed_in_at else None
        if matter is not None:
            decisions.withdraw(matter, reason, by, at)
            Task.objects.filter(pk=task.pk).update(handed_in_at=None)


DECIDES = Kind(KIND, STARTER, look, decided, owner_decides=True)


def waiting(rows: Iterable[Task]) -> dict[int, str]:
    """Where we decide on those of these tasks that wait for our yes, by id."""
    pks = [task.pk for task in rows if task.handed_in_at]
    open_now = Matter.objects.open().filter(about_kind="task", about_id__in=pks) if pks else []
    return {matter.about_id: matter.get_absolute_url() for matter in open_now if matter.about_id}


def _held(pk: int) -> Task:
    rows = Task.objects.select_for_update(of=("self",)).select_related(
        "partner__owner", "plan__template", "fact"
    )
    return rows.get(pk=pk)
