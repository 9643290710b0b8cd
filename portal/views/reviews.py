"""The business reviews with a partner; each is read under its person's own address."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal import seen
from portal.door import PartnerRequest, for_contacts
from prm import clock, pages
from reviews.meetings import sharing

SHOWN = 20


@for_contacts
@require_safe
def reviews(request: PartnerRequest) -> HttpResponse:
    rows = seen.reviews(request.partner).order_by("-on", "-pk")[:SHOWN]
    at = clock.now()
    found = [
        (each, reverse("reviews:shared", args=[sharing.token(each, request.contact, at)])) for each in rows
    ]
    context = {"token": request.token, "partner": request.partner, "reviews": found}
    return pages.shown(request, "portal/reviews.html", context)
