"""The surveys a partner's person is asked to answer, and whether it wants any."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal import seen
from portal.door import PartnerRequest, for_contacts
from prm import clock, pages
from reviews.surveying import addresses, answering

SHOWN = 20


@for_contacts
@require_safe
def surveys(request: PartnerRequest) -> HttpResponse:
    """What this very person was asked; a colleague's invitations are the colleague's."""
    context: dict[str, Any] = {
        "token": request.token,
        "partner": request.partner,
        "invitations": [(each, addresses.path(each)) for each in seen.invitations(request.contact)[:SHOWN]],
        "stopped": answering.has_stopped(request.contact),
    }
    return pages.shown(request, "portal/surveys.html", context)


@for_contacts
@require_POST
def switch(request: PartnerRequest) -> HttpResponse:
    """It wants no surveys, or wants them again."""
    wants = bool(request.POST.get("on"))
    verb = answering.resume if wants else answering.stop
    verb(request.contact, clock.now())
    says = "We may ask you again." if wants else "You get no surveys any more."
    return pages.done(request, reverse("portal:surveys", args=[request.token]), says)
