"""Promises: made, kept, moved, broken, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import asks, catching, clocks, commitments
from conversations.forms.promises import CommitmentForm, MoveForm
from conversations.forms.threads import ReasonForm, WithdrawForm
from conversations.models import Commitment
from partners.models import Event, Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

OFFERED = 3  # promises caught in one text


def _seen(user: User, pk: int) -> Commitment:
    related = ("partner", "owner", "contact", "made_in__conversation")
    return found_or_404(Commitment.objects.visible_to(user).select_related(*related), pk=pk)


def _changeable(request: PersonRequest, pk: int) -> Commitment:
    promise = _seen(request.user, pk)
    if promise.owner_id != request.user.pk:
        permitted_or_403(request.user, "change promise", promise.partner)
    return promise


@login_required
@require_safe
def promise(request: PersonRequest, pk: int) -> HttpResponse:
    promise = _seen(request.user, pk)
    events = Event.objects.filter(about_kind="commitment", about_id=pk).select_related(
        "by_user", "by_contact"
    )
    is_mine = promise.owner_id == request.user.pk
    return render(
        request,
        "conversations/promise.html",
        {
            "promise": promise,
            "partner": promise.partner,
            "asks": asks.about(promise) if promise.is_open else [],
            "events": events.order_by("at", "pk")[:50],
            "may_change": is_mine or may(request.user, "change promise", promise.partner),
        },
    )


@login_required
@require_POST
def caught(request: PersonRequest) -> HttpResponse:
    """The promises in what is being typed, to be added by a press. Nothing but the text is looked at, and
    nothing is kept."""
    now = clock.now().astimezone(ZoneInfo(request.user.zone))
    text = request.POST.get("body", "")[: catching.LONGEST]
    found = catching.catch(text, now, clocks.hours_of(request.user))
    return render(request, "conversations/caught.html", {"caught": found[:OFFERED], "year": now.year})


@login_required
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, pk: int) -> HttpResponse:
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    permitted_or_403(request.user, "write to partner", partner)
    form = CommitmentForm(request.POST or None, partner=partner)
    if request.method == "POST" and form.is_valid():
        at, typed = clock.now(), form.cleaned_data
        made = commitments.Promise(
            typed["text"], typed["promised_for"], typed["side"], typed["owner"], typed["contact"]
        )
        try:
            with transaction.atomic():
                if form.spend(at):
                    commitments.make(partner, made, by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(
                request, pages.next_or(request, partner.get_absolute_url()), "Promise written down."
            )
    context = {"partner": partner, "form": form, "heading": f"A promise with {partner}"}
    status = 422 if request.method == "POST" else 200
    return render(request, "conversations/commitment_page.html", context, status=status)


@login_required
@require_POST
def keep(request: PersonRequest, pk: int) -> HttpResponse:
    promise = _changeable(request, pk)
    try:
        event = commitments.keep(promise, by=request.user, at=clock.now())
    except Refused as refusal:
        return _refused(request, promise, str(refusal))
    undo = reverse("partners:undo", args=[event.pk]) if event else ""
    to = pages.next_or(request, promise.partner.get_absolute_url())
    return pages.done(request, to, f"Done: {promise}", undo=undo)


def _refused(request: PersonRequest, promise: Commitment, words: str) -> HttpResponse:
    """A press that a rule refused: the words, on the promise's page."""
    context = {"promise": promise, "partner": promise.partner, "refusal": words, "may_change": True}
    return render(request, "conversations/promise.html", context, status=409)


@login_required
@require_http_methods(["GET", "POST"])
def move(request: PersonRequest, pk: int) -> HttpResponse:
    def moved(promise: Commitment, typed: dict[str, Any], at: datetime) -> Event | None:
        return commitments.renegotiate(
            promise, to=typed["to"], consent=typed["consent"], by=request.user, at=at, reason=typed["note"]
        )

    return _with_form(request, pk, MoveForm, "Move the date", moved, "The promise has a new day.")


@login_required
@require_http_methods(["GET", "POST"])
def break_(request: PersonRequest, pk: int) -> HttpResponse:
    def broken(promise: Commitment, typed: dict[str, Any], at: datetime) -> Event | None:
        return commitments.break_(promise, typed["reason"], by=request.user, at=at)

    return _with_form(
        request, pk, ReasonForm, "It cannot be kept", broken, "Written down as broken, with your reason."
    )


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    def withdrawn(promise: Commitment, typed: dict[str, Any], at: datetime) -> Event | None:
        return commitments.withdraw(promise, typed["reason"], by=request.user, at=at)

    return _with_form(
        request, pk, WithdrawForm, "Withdraw the entry", withdrawn, "Withdrawn; the trace stays."
    )


def _with_form(
    request: PersonRequest,
    pk: int,
    form_class: type[Form],
    heading: str,
    verb: Callable[[Commitment, dict[str, Any], datetime], Event | None],
    says: str,
) -> HttpResponse:
    """A step that asks something first: its form, then the verb, then the partner's page."""
    promise = _changeable(request, pk)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            event = verb(promise, form.cleaned_data, clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            undo = reverse("partners:undo", args=[event.pk]) if event else ""
            return pages.done(request, promise.partner, says, undo=undo)
    context = {
        "form": form,
        "heading": heading,
        "says": f"“{promise}”, for {promise.promised_for:%A %d %B %Y}",
        "button": heading,
        "partner": promise.partner,
        "back": reverse("conversations:promise", args=[pk]),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "conversations/plain_form.html", context, status=status)
