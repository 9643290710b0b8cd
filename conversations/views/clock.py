"""The clock of a conversation: shown, put away, paused, run on, rebased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from conversations import countdown, pauses, reading, retiming, waits
from conversations.forms.clocks import NoReplyForm, PauseForm
from conversations.models import Wait
from conversations.views.answers import form_page, undo_of
from partners.models import Event, Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import may, permitted_or_403


def the_clock(conversation: Any, user: User, at: datetime) -> dict[str, Any]:
    """What the page of a conversation shows of its clock: the waits, the open one, its due time here and
    there, its pauses. The conversation is one that `reading` has read."""
    every = reading.waits(conversation)
    wait = next((one for one in every if one.is_open and one.metric in waits.REPLY), None)
    return {
        "conversation_waits": every,
        "wait": wait,
        "clock": countdown.read(wait, at) if wait else None,
        "has_issue": any(one.metric == Wait.Metric.ISSUE for one in every),
        "paused": wait is not None and wait.paused_until is not None and at < wait.paused_until,
        "pauses": reading.pauses(conversation),
        "may_change": may(user, "change partner", conversation.partner),
        "their_due": _there(wait, conversation.partner, user) if wait else "",
    }


def _there(wait: Wait, partner: Partner, user: User) -> str:
    """The due time where whoever asked is: "Thu 4 Jun, 04:15 in America/New_York"; "" where that is here
    or nobody knows."""
    asker = wait.opened_by.contact if wait.opened_by else None
    zone = (asker.zone if asker else "") or partner.zone
    if not zone or zone == user.zone:
        return ""
    due = wait.due_at.astimezone(ZoneInfo(zone))
    return f"{due:%a} {due.day} {due:%b}, {due:%H:%M} in {zone}"


def _open_wait(request: PersonRequest, pk: int, action: str = "write to partner") -> Wait:
    related = ("conversation__partner__owner", "partner__owner")
    seen = Wait.objects.open().visible_to(request.user).select_related(*related)
    wait = found_or_404(seen, pk=pk)
    permitted_or_403(request.user, action, wait.partner)
    return wait


@login_required
@require_http_methods(["GET", "POST"])
def no_reply_needed(request: PersonRequest, pk: int) -> HttpResponse:
    wait = _open_wait(request, pk)
    form = NoReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            event = waits.cancel(wait, form.cleaned_data["reason"], by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            says = "No reply needed: the clock is off."
            return pages.done(request, "dashboards:today", says, undo=undo_of(event))
    says = "It leaves the figures and is counted among the exclusions."
    back = wait.conversation.get_absolute_url()
    return form_page(request, wait.partner, form, "No reply needed", "Switch the clock off", back, says)


@login_required
@require_http_methods(["GET", "POST"])
def pause(request: PersonRequest, pk: int) -> HttpResponse:
    wait = _open_wait(request, pk)
    form = PauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed, until = form.cleaned_data, form.ends_at(request.user.zone)
        try:
            event = pauses.pause(wait, typed["ground"], until, request.user, clock.now(), typed["note"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, wait.conversation, "The clock stands still.", undo=undo_of(event))
    says = "Only what the partner knows of stops its clock. Waiting for a colleague does not."
    back = wait.conversation.get_absolute_url()
    return form_page(request, wait.partner, form, "Pause the clock", "Pause", back, says)


@login_required
@require_POST
def resume(request: PersonRequest, pk: int) -> HttpResponse:
    wait = _open_wait(request, pk)
    return _step(request, wait, lambda: pauses.resume(wait, request.user, clock.now()), "The clock runs on.")


@login_required
@require_POST
def rebase(request: PersonRequest, pk: int) -> HttpResponse:
    wait = _open_wait(request, pk, "change partner")
    says = "The due time is counted anew, from when they asked."
    return _step(request, wait, lambda: retiming.rebase(wait, request.user, clock.now()), says)


def _step(request: PersonRequest, wait: Wait, verb: Callable[[], Event | None], says: str) -> HttpResponse:
    undo: Any = ""
    try:
        undo = undo_of(verb())
    except Refused as refusal:
        says = str(refusal)
    return pages.done(request, wait.conversation, says, undo=undo)
