"""Sequences of outreach, under Settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lifecycle.recruitment.outreach import sequences as kept
from lifecycle.recruitment.outreach.forms import StepForm
from lifecycle.recruitment.outreach.models import Sequence, Step
from partners.models import Event
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team import lists
from team.forms import EntryForm
from team.models import User
from team.requests import PersonRequest
from team.roles import permitted_or_403
from team.views.lists import change_entry

LIST, ONE = "lifecycle/recruitment/outreach/sequences.html", "lifecycle/recruitment/outreach/sequence.html"
either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@either
def sequences(request: PersonRequest) -> HttpResponse:
    """The sequences there are, and the form that adds one."""
    permitted_or_403(request.user, "edit settings")
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = lists.add(Sequence, form.cleaned_data["name"])
            return pages.done(request, added, _("“{name}” is there. Give it touches.").format(name=added))
        except Refused as refusal:
            form.add_error("name", str(refusal))
    context = {"sequences": Sequence.objects.prefetch_related("steps"), "form": form}
    return (pages.again if form.is_bound else pages.shown)(request, LIST, context)


@login_required
@either
def sequence(request: PersonRequest, pk: int) -> HttpResponse:
    """One sequence; sent, it gets another touch or is changed as `do` says."""
    permitted_or_403(request.user, "edit settings")
    found = found_or_404(Sequence.objects.select_related("switched_by"), pk=pk)
    if request.method != "POST":
        return _shown(request, found, StepForm())
    if request.POST.get("do", "add") == "add":
        form = StepForm(request.POST)
        if form.is_valid():
            try:
                kept.add_step(found, **form.cleaned_data, by=request.user, at=clock.now())
                return pages.done(request, found, _("The touch is added."))
            except Refused as refusal:
                form.add_error(None, str(refusal))
        return _shown(request, found, form, status=422)
    try:
        says = _change(found, request.POST, request.user, clock.now())
    except Refused as refusal:
        return _shown(request, found, StepForm(), status=409, refusal=str(refusal))
    return pages.done(request, found, says)


def _change(found: Sequence, asked: Any, by: User, at: datetime) -> str:
    if asked["do"] in {"on", "off"}:
        kept.switch(found, asked["do"] == "on", by, at)
        on = _("Its approved mails leave by themselves now.")
        return on if asked["do"] == "on" else _("Each of its mails waits for a press now.")
    return change_entry(found, asked["do"], asked.get("name", ""))


@login_required
@require_POST
def step(request: PersonRequest, pk: int) -> HttpResponse:
    """Change one touch of a sequence, or take it out."""
    permitted_or_403(request.user, "edit settings")
    found = found_or_404(Step.objects.select_related("sequence"), pk=pk)
    form = StepForm.of(found, request.POST)
    try:
        if request.POST.get("do") == "remove":
            kept.remove_step(found, by=request.user, at=clock.now())
            return pages.done(request, found.sequence, _("The touch is taken out."))
        if form.is_valid():
            kept.change_step(found, **form.cleaned_data, by=request.user, at=clock.now())
            return pages.done(request, found.sequence, _("Saved."))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return _shown(request, found.sequence, StepForm(), status=422, typed=(found.pk, form))


def _shown(
    request: PersonRequest,
    found: Sequence,
    form: StepForm,
    status: int = 200,
    refusal: str = "",
    typed: tuple[int, StepForm] | None = None,
) -> HttpResponse:
    given = {typed[0]: typed[1]} if typed else {}
    history = Event.objects.filter(about_kind="sequence", about_id=found.pk).select_related("by_user")
    context = {
        "sequence": found,
        "steps": [(each, given.get(each.pk) or StepForm.of(each)) for each in found.steps.all()],
        "form": form,
        "refusal": refusal,
        "history": history[:10],
    }
    return pages.again(request, ONE, context, status=status)
