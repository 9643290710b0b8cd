"""A partner's deal registrations: what it asked for, how it stands, and a form to register one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lifecycle.growth import registrations as verbs
from lifecycle.growth.forms import RegistrationForm
from partners.models import Status
from portal import seen
from portal.door import PartnerRequest, for_contacts
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused

SCREEN = "portal/registrations.html"
SHOWN = 50
TAKEN_BACK = "Taken back by the partner."


@for_contacts
@require_safe
def registrations(request: PartnerRequest) -> HttpResponse:
    return pages.shown(request, SCREEN, _page(request, RegistrationForm()))


@for_contacts
@require_POST
def register(request: PartnerRequest) -> HttpResponse:
    """Ask for a deal to be registered."""
    form, at = RegistrationForm(request.POST), clock.now()
    if form.is_valid():
        try:
            _ask(request, form, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, _here(request), "We have it, and decide whether it is yours.")
    return pages.again(request, SCREEN, _page(request, form))


@transaction.atomic
def _ask(request: PartnerRequest, form: RegistrationForm, at: datetime) -> None:
    if form.spend(at):
        customer, products = form.customer_at(at), form.cleaned_data["products"]
        verbs.ask(
            request.partner, customer=customer, by=request.contact, at=at, products=products, **form.facts
        )


@for_contacts
@require_POST
def take_back(request: PartnerRequest, pk: int) -> HttpResponse:
    """It is not wanted any more."""
    registration = found_or_404(seen.registrations(request.partner), pk=pk)
    try:
        verbs.withdraw(registration, TAKEN_BACK, by=request.contact, at=clock.now())
        says = "It is taken back."
    except Refused as refusal:
        says = str(refusal)
    return pages.done(request, _here(request), says)


def _page(request: PartnerRequest, form: RegistrationForm) -> dict[str, Any]:
    rows = seen.registrations(request.partner).select_related("customer")
    return {
        "token": request.token,
        "partner": request.partner,
        "registrations": rows[:SHOWN],
        "may_register": request.partner.status == Status.LIVE,
        "form": form,
    }


def _here(request: PartnerRequest) -> str:
    return reverse("portal:registrations", args=[request.token])
