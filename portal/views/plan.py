"""Our plan: what both sides do, and the partner's own tasks to complete."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lifecycle.models import Task
from lifecycle.onboarding import approval, page
from portal import seen
from portal.door import PartnerRequest, for_contacts
from portal.forms import DoneForm
from prm import clock, downloads, pages
from prm.access import found_or_404
from prm.refusals import Refused

SCREEN = "portal/plan.html"
SHOWN = 12  # plans, with the checklists of integrations
HANDED_IN = "We have it, and say soon whether it is complete."


@for_contacts
@require_safe
def plan(request: PartnerRequest) -> HttpResponse:
    return pages.shown(request, SCREEN, _page(request, clock.now()))


@for_contacts
@require_POST
def finish(request: PartnerRequest, pk: int) -> HttpResponse:
    """A task of theirs is done."""
    task = found_or_404(seen.tasks(request.partner).filter(side=Task.Side.THEIRS), pk=pk)
    form, at = DoneForm(request.POST, request.FILES, auto_id=_ids(task)), clock.now()
    if form.is_valid():
        try:
            says = _finish(request, task, form, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            here = reverse("portal:plan", args=[request.token])
            return pages.done(request, pages.next_or(request, here), says)
    return pages.again(request, SCREEN, _page(request, at, task.pk, form))


@transaction.atomic
def _finish(request: PartnerRequest, task: Task, form: DoneForm, at: datetime) -> str:
    said = form.cleaned_data
    if form.spend(at):
        task = approval.finish(task, said["note"], said["file"], by=request.contact, at=at)
    return HANDED_IN if task.needs_approval else "It is done. Thank you."


@for_contacts
@require_safe
def task_file(request: PartnerRequest, pk: int) -> FileResponse:
    """A file they attached."""
    found = found_or_404(seen.task_files(request.partner), pk=pk)
    return downloads.of(found.file, found.name)


def _page(
    request: PartnerRequest, at: datetime, typed: int | None = None, form: DoneForm | None = None
) -> dict[str, Any]:
    rows = list(seen.plans(request.partner).select_related("template")[:SHOWN])
    lines = page.shared(rows, timezone.localdate(at))
    return {
        "token": request.token,
        "partner": request.partner,
        "plans": [(each, formed(lines[each.pk], typed, form)) for each in rows],
    }


def formed(
    lines: Iterable[page.Line], typed: int | None = None, form: DoneForm | None = None
) -> list[tuple[page.Line, DoneForm | None]]:
    """Each line with the form that completes it, where it is theirs to do; `form` is what was typed for the
    task `typed`."""
    return [(line, _form(line.task, form if line.task.pk == typed else None)) for line in lines]


def _form(task: Task, typed: DoneForm | None) -> DoneForm | None:
    """The form that completes a task, where it is theirs to do."""
    todo = task.is_theirs and task.state in {Task.State.PENDING, Task.State.ACTION}
    return typed or (DoneForm(auto_id=_ids(task)) if todo else None)


def _ids(task: Task) -> str:
    return f"t{task.pk}_%s"
