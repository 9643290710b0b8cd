"""Tasks of a partner's plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle import tasks
from lifecycle.forms import ChangeTaskForm, ReasonForm, TaskForm
from lifecycle.models import Task, TaskFile
from lifecycle.views.asking import Question, answer, partner_to, undo
from partners.models import Event
from prm import clock, downloads, pages
from prm.access import found_or_404
from team.requests import PersonRequest

ADD = Question("Add a task", "A dated step of ours or theirs.", "Add task")
EDIT = Question("Change a task", "Whoever is put down for it is told.", "Save")
SKIP = Question("Leave a task out", "It stays with the reason and stands before no gate.", "Leave it out")


@login_required
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, "plan tasks")
    first = {"stage": partner.stage, "plan": request.GET.get("plan")}
    form = TaskForm(request.POST or None, partner=partner, initial=first)

    def act(asked: dict[str, Any], at: datetime) -> None:
        wanted = {name: value for name, value in asked.items() if name != "once"}
        tasks.add(partner, by=request.user, at=at, **wanted)

    return answer(request, partner, ADD, form, act, "The task is added.")


@login_required
@require_POST
def done(request: PersonRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)
    return _change(request, task, tasks.done, f"“{task}” is done.")


@login_required
@require_POST
def undone(request: PersonRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)
    return _change(request, task, tasks.undone, f"“{task}” is open again.")


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Another owner, another day, other words."""
    task = _task(request, pk)
    first = {"text": task.text, "owner": task.owner, "due_on": task.due_on}
    form = ChangeTaskForm(request.POST or None, initial=first)

    def act(asked: dict[str, Any], at: datetime) -> Event | None:
        return tasks.change(task, asked, by=request.user, at=at)

    says = f"“{task}” is changed."
    return answer(request, task.partner, EDIT, form, act, says, task.get_absolute_url)


@login_required
@require_http_methods(["GET", "POST"])
def skip(request: PersonRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)

    def act(asked: dict[str, Any], at: datetime) -> Event:
        return tasks.skip(task, asked["reason"], by=request.user, at=at)

    form = ReasonForm(request.POST or None)
    return answer(request, task.partner, SKIP, form, act, f"“{task}” is left out.")


@login_required
@require_safe
def file(request: PersonRequest, pk: int) -> FileResponse:
    """A file that somebody there attached."""
    found = found_or_404(TaskFile.objects.visible_to(request.user), pk=pk)
    return downloads.of(found.file, found.name)


def _task(request: PersonRequest, pk: int) -> Task:
    task = found_or_404(
        Task.objects.visible_to(request.user).select_related("partner", "owner", "fact"), pk=pk
    )
    tasks.allowed_or_403(request.user, task)
    return task


def _change(request: PersonRequest, task: Task, verb: Any, says: str) -> HttpResponse:
    """Press, and say so; a press that came second is told that nothing was left to do."""
    to = pages.next_or(request, task.partner.get_absolute_url())
    try:
        event = verb(task, by=request.user, at=clock.now())
    except tasks.TaskRefused as refusal:
        messages.error(request, str(refusal))
        return pages.done(request, to)
    undo_at = undo(event) if event.kind == "task_done" else ""
    return pages.done(request, to, says, undo=undo_at)
