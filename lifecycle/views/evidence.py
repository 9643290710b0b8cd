"""Evidence: recorded, withdrawn, and its file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lifecycle import evidence as facts
from lifecycle.forms import EvidenceForm, ReasonForm
from lifecycle.models import Evidence
from lifecycle.views.asking import Question, answer, partner_to
from partners.models import Event
from prm import clock, downloads, references
from prm.access import found_or_404
from team.requests import PersonRequest
from team.roles import permitted_or_403

RECORD = Question("Record evidence", "A dated fact that a gate asks for.", "Record")
WITHDRAW = Question("Withdraw evidence", "It stays with the reason and counts no more.", "Withdraw")


@login_required
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, "record evidence")
    first = {"kind": request.GET.get("kind", ""), "on": timezone.localdate(clock.now())}
    sent = request.method == "POST"
    form = EvidenceForm(request.POST if sent else None, request.FILES if sent else None, initial=first)

    def act(asked: dict[str, Any], at: datetime) -> Event:
        fact = facts.record(
            partner,
            asked["kind"],
            on=asked["on"],
            by=request.user,
            at=at,
            file=asked["file"],
            note=asked["note"],
        )
        return Event.objects.get(
            kind="evidence_recorded", about_kind=references.to(fact).kind, about_id=fact.pk
        )

    return answer(request, partner, RECORD, form, act, "The evidence is recorded.")


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    fact = _seen(request, pk)
    permitted_or_403(request.user, "record evidence", fact.partner)

    def act(asked: dict[str, Any], at: datetime) -> None:
        facts.withdraw(fact, asked["reason"], by=request.user, at=at)

    form = ReasonForm(request.POST or None)
    return answer(request, fact.partner, WITHDRAW, form, act, f"“{fact.get_kind_display()}” is withdrawn.")


@login_required
@require_GET
def file(request: PersonRequest, pk: int) -> FileResponse:
    """The file as a download; opening an agreement is kept in the history."""
    fact = _seen(request, pk)
    if not fact.file:
        raise Http404("There is no file.")
    return downloads.of(facts.opened(fact, by=request.user, at=clock.now()), fact.file_name)


def _seen(request: PersonRequest, pk: int) -> Evidence:
    return found_or_404(Evidence.objects.visible_to(request.user).select_related("partner__owner"), pk=pk)
