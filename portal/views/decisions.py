"""What we decided about a partner, why, and until when it can be contested; and contesting it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from conversations import appeals, deciders
from conversations.models import Decision
from portal import seen
from portal.door import PartnerRequest, for_contacts
from portal.forms import ContestForm
from prm import clock, newest, pages
from prm.access import found_or_404
from prm.refusals import Refused

SCREEN = "portal/decisions.html"
SHOWN = 20


@for_contacts
@require_safe
def decisions(request: PartnerRequest) -> HttpResponse:
    return pages.shown(request, SCREEN, _page(request, clock.now()))


@for_contacts
@require_POST
def contest(request: PartnerRequest, pk: int) -> HttpResponse:
    """Contest a no, once."""
    decision = found_or_404(seen.decisions(request.partner), pk=pk)
    form, at = ContestForm(request.POST), clock.now()
    if form.is_valid():
        try:
            with transaction.atomic():
                if form.spend(at):
                    appeals.contest(decision, form.cleaned_data["words"], by=request.contact, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            here = reverse("portal:decisions", args=[request.token])
            return pages.done(request, here, f"We have it. {deciders.who_decides_anew(decision, at)}")
    return pages.again(request, SCREEN, _page(request, at, pk, form))


@for_contacts
@require_POST
def take_back(request: PartnerRequest, pk: int) -> HttpResponse:
    """Who contested it does so no more."""
    decision = found_or_404(seen.decisions(request.partner), pk=pk)
    try:
        appeals.take_back(decision, by=request.contact, at=clock.now())
        says = "You contest it no more. It stays as we decided."
    except Refused as refusal:
        says = str(refusal)
    return pages.done(request, reverse("portal:decisions", args=[request.token]), says)


def _page(
    request: PartnerRequest, at: datetime, typed: int | None = None, form: ContestForm | None = None
) -> dict[str, Any]:
    ours = seen.decisions(request.partner).select_related(
        "matter", "appeal__wait", "appeal__decision", "appeal__contact"
    )
    page = newest.page(ours, request.GET.get("before", ""), "at", SHOWN)
    return {
        "token": request.token,
        "partner": request.partner,
        "contact": request.contact,
        "decisions": [_shown(each, at, form if each.pk == typed else None) for each in page.rows],
        "older_url": f"?{urlencode({'before': page.older})}" if page.older else "",
        "waiting": seen.matters(request.partner).filter(appeals=None).select_related("wait", "kind"),
    }


def _shown(
    decision: Decision, at: datetime, typed: ContestForm | None
) -> tuple[Decision, ContestForm | None, str]:
    """The decision, and where it can be contested the form and who decides then."""
    form = _form(decision, at, typed)
    return decision, form, deciders.who_decides_anew(decision, at) if form else ""


def _form(decision: Decision, at: datetime, typed: ContestForm | None) -> ContestForm | None:
    """The form to contest a decision, where it can be; what was typed is kept in any case."""
    if typed is None and not appeals.is_contestable(decision, at):
        return None
    return typed or ContestForm(auto_id=f"d{decision.pk}_%s")
