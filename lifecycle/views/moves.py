"""Moving a partner along the road, aside, or off it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lifecycle import gates, transitions
from lifecycle.forms import AdvanceForm, DeclineForm, EndForm, ParkForm, ReopenForm
from lifecycle.road import road
from lifecycle.transitions import TransitionRefused
from lifecycle.views import telling
from lifecycle.views.asking import Question, answer, partner_to, undo
from partners.models import Event, Partner
from prm import clock, pages
from team.requests import PersonRequest
from team.roles import may

PARK = Question("Park", "It leaves the board and comes back on a day.", "Park")
DECLINE = Question(
    "Decline",
    "This is a decision: the partner reads its reason, and can contest it if it is ours.",
    "Decline",
)
REOPEN = Question("Reopen", "It goes on at the step where it was left.", "Reopen")
END = Question("End the partnership", "It leaves the board for good; its history stays.", "End it")


@login_required
@require_GET
def road_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The road by itself: stages, gate, moves, evidence and tasks."""
    partner = partner_to(request, pk, "read partner")
    context = _context(request, partner, clock.now(), request.GET.get("to", ""))
    return pages.shown(request, "lifecycle/move.html#road", context)


@login_required
@require_POST
def advance(request: PersonRequest, pk: int) -> HttpResponse:
    """Move it; a script that asks for JSON is told in JSON, a refusal there is a 409."""
    partner = partner_to(request, pk, "advance stage")
    form, at = AdvanceForm(request.POST), clock.now()
    if not form.is_valid():
        unread = TransitionRefused("To: choose a place on the road.")
        return _refused(request, partner, unread, at, status=422)
    asked = form.cleaned_data
    try:
        event = transitions.advance(
            partner, asked["to"], by=request.user, at=at, reason=asked["reason"], seen=asked["seen"]
        )
    except TransitionRefused as refusal:
        return _refused(request, partner, refusal, at)
    return _moved(request, partner, event)


def _moved(request: PersonRequest, partner: Partner, event: Event) -> HttpResponse:
    says = f"{partner} moved to {partner.place_label}."
    if telling.wants_json(request):
        return telling.done(request, says, undo(event), place=gates.here(partner.stage, partner.step))
    to = pages.next_or(request, partner.get_absolute_url())
    return pages.done(request, to, says, undo=undo(event))


def _refused(
    request: PersonRequest,
    partner: Partner,
    refusal: TransitionRefused,
    at: datetime,
    status: int = 409,
) -> HttpResponse:
    partner.refresh_from_db()
    asked = request.POST.get("to", "")
    if telling.wants_json(request):
        overridable = refusal.can_override and may(request.user, "override gate", partner)
        where = f"{reverse('lifecycle:road', args=[partner.pk])}?to={asked}#override"
        override = where if overridable else ""
        return telling.refused(request, refusal.detail, refusal.reasons, status, override=override)
    context = _context(request, partner, at, asked if refusal.can_override else "")
    typed = {"refusal": refusal, "reason": request.POST.get("reason", "")}
    return pages.again(request, "lifecycle/move.html#road", context | typed)


def _context(request: PersonRequest, partner: Partner, at: datetime, override_to: str) -> dict[str, Any]:
    to = gates.place(override_to) if override_to in gates.BOARD else None
    shown = road(partner, request.user, at, override_to=to)
    here = partner.get_absolute_url() if request.method == "POST" else request.path
    return {"partner": partner, "next": pages.next_or(request, ""), "here": here, **shown}


@login_required
@require_http_methods(["GET", "POST"])
def park(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, "advance stage")

    def act(asked: dict[str, Any], at: datetime) -> Event:
        return transitions.park(partner, asked["until"], by=request.user, at=at, reason=asked["reason"])

    return answer(request, partner, PARK, ParkForm(request.POST or None), act, f"{partner} is parked.")


@login_required
@require_POST
def unpark(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, "advance stage")
    at = clock.now()
    try:
        event = transitions.unpark(partner, by=request.user, at=at)
    except TransitionRefused as refusal:
        return _refused(request, partner, refusal, at)
    return pages.done(request, partner, f"{partner} is taken up again.", undo=undo(event))


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, "decide")

    def act(asked: dict[str, Any], at: datetime) -> Event:
        return transitions.decline(
            partner, asked["side"], asked["end_reason"], asked["note"], by=request.user, at=at
        )

    return answer(
        request, partner, DECLINE, DeclineForm(request.POST or None), act, f"{partner} is declined."
    )


@login_required
@require_http_methods(["GET", "POST"])
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, "decide")

    def act(asked: dict[str, Any], at: datetime) -> Event:
        return transitions.reopen(partner, by=request.user, at=at, reason=asked["reason"])

    form = ReopenForm(request.POST if request.method == "POST" else None)
    return answer(request, partner, REOPEN, form, act, f"{partner} is reopened.")


@login_required
@require_http_methods(["GET", "POST"])
def end(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, "advance stage")

    def act(asked: dict[str, Any], at: datetime) -> Event:
        return transitions.end(partner, asked["end_reason"], asked["note"], by=request.user, at=at)

    form = EndForm(request.POST or None)
    return answer(request, partner, END, form, act, f"The partnership with {partner} has ended.")
