"""Referrals offered to a partner: taken or declined by a day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lifecycle.growth.referrals import meeting, passing
from lifecycle.growth.referrals.forms import MetForm, day_of
from lifecycle.growth.referrals.models import Offer
from lifecycle.growth.referrals.passing import ReferralRefused
from portal import seen
from portal.door import PartnerRequest, for_contacts
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused

SHOWN = 50


class AnswerForm(forms.Form):
    reason = forms.CharField(max_length=300, required=False)


@for_contacts
@require_safe
def referrals(request: PartnerRequest) -> HttpResponse:
    offers = seen.offers(request.partner).select_related(
        "referral__customer", "referral__deal", "referral__fact"
    )
    context: dict[str, Any] = {
        "token": request.token,
        "partner": request.partner,
        "offers": offers[:SHOWN],
        "today": timezone.localdate(clock.now()),
    }
    return pages.shown(request, "portal/referrals.html", context)


@for_contacts
@require_POST
def answer(request: PartnerRequest, pk: int) -> HttpResponse:
    """Take it, decline it with a reason, or say that the customer was met."""
    offer = found_or_404(seen.offers(request.partner), pk=pk)
    form, at = AnswerForm(request.POST), clock.now()
    says = "It is yours. We open the deal together."
    try:
        if request.POST.get("do") == "met":
            if offer.state != Offer.State.ACCEPTED:
                raise ReferralRefused("Take it first.")
            meeting.met(offer.referral, day_of(MetForm(request.POST)), by=request.contact, at=at)
            says = "Good to know. It stands in our record."
        elif request.POST.get("do") == "accept":
            passing.accept(offer, by=request.contact, at=at)
        else:
            passing.decline(offer, form.data.get("reason", "")[:300], by=request.contact, at=at)
            says = "Thank you for telling us."
    except Refused as refusal:
        messages.error(request, str(refusal))
        says = ""
    return pages.done(request, reverse("portal:referrals", args=[request.token]), says)
