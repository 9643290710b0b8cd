"""Settings: what is decided, how soon, by whom and in which words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import decision_kinds as kinds
from conversations.decision_forms import KindForm, ReasonWordsForm, ThresholdForm
from conversations.models import Approval, DecisionKind, DecisionReason
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

ONE = "conversations/decision_kind.html"


@login_required
@require_safe
def decision_kinds(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    shown = [(kind, kinds.promise_of(kind), list(kind.approvals.all())) for kind in kinds.rows(clock.now())]
    return pages.shown(request, "conversations/decision_kinds.html", {"kinds": shown})


@login_required
@require_http_methods(["GET", "POST"])
def decision_kind(request: PersonRequest, pk: int) -> HttpResponse:
    kind = _kind(request, pk)
    form = KindForm(request.POST or None, kind=kind)
    if request.method != "POST":
        return pages.shown(request, ONE, _context(kind))
    return _do(
        request,
        kind,
        form,
        "form",
        lambda: kinds.change(kind, by=request.user, at=clock.now(), **form.settings),
        "Saved. What waits already keeps the promise it was asked under.",
    )


@login_required
@require_POST
def add_reason(request: PersonRequest, pk: int) -> HttpResponse:
    kind, form = _kind(request, pk), ReasonWordsForm(request.POST)

    def act() -> object:
        said = form.cleaned_data
        return kinds.add_reason(kind, said["answer"], said["words"], by=request.user, at=clock.now())

    return _do(request, kind, form, "reason_form", act, "The words can be chosen now.")


@login_required
@require_POST
def remove_reason(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    reason = found_or_404(DecisionReason.objects.select_related("kind"), pk=pk)
    return _remove(request, reason.kind, lambda: kinds.remove_reason(reason, request.user, clock.now()))


@login_required
@require_POST
def add_threshold(request: PersonRequest, pk: int) -> HttpResponse:
    kind, form = _kind(request, pk), ThresholdForm(request.POST)

    def act() -> object:
        said = form.cleaned_data
        return kinds.add_threshold(kind, said["role"], said["asked"], by=request.user, at=clock.now())

    return _do(request, kind, form, "threshold_form", act, "From this amount on, this role decides.")


@login_required
@require_POST
def remove_threshold(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    approval = found_or_404(Approval.objects.select_related("kind"), pk=pk)
    return _remove(
        request, approval.kind, lambda: kinds.remove_threshold(approval, request.user, clock.now())
    )


def _kind(request: PersonRequest, pk: int) -> DecisionKind:
    permitted_or_403(request.user, "edit settings")
    return found_or_404(DecisionKind.objects.all(), pk=pk)


def _do(
    request: PersonRequest,
    kind: DecisionKind,
    form: forms.Form,
    name: str,
    act: Callable[[], object],
    says: str,
) -> HttpResponse:
    """Do it where the form is readable; else the page again with what was typed."""
    if form.is_valid():
        try:
            act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, kind, says)
    return pages.again(request, ONE, _context(kind, **{name: form}))


def _remove(request: PersonRequest, kind: DecisionKind, act: Callable[[], object]) -> HttpResponse:
    says = "Removed."
    try:
        act()
    except Refused as refusal:
        says = str(refusal)
    return pages.done(request, kind, says)


def _context(kind: DecisionKind, **typed: forms.Form) -> dict[str, Any]:
    return {
        "kind": kind,
        "registered": kinds.named(kind.key),
        "form": KindForm(kind=kind),
        "reason_form": ReasonWordsForm(auto_id="reason_%s"),
        "threshold_form": ThresholdForm(auto_id="amount_%s"),
        "reasons": kind.reasons.all(),
        "thresholds": kind.approvals.exclude(currency=""),
        **typed,
    }
