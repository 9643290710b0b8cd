"""A partner's open deals, and help with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lifecycle.growth.forms import HelpForm
from lifecycle.growth.helping import requests
from lifecycle.growth.models import Deal
from partners.models import Partner
from portal import seen, words
from portal.door import PartnerRequest, for_contacts
from prm import clock, pages
from prm.forms import offer
from prm.refusals import Refused

SCREEN = "portal/deals.html"
SHOWN = 50


class AskForm(HelpForm):
    """For which deal, and what is needed."""

    deal = forms.ModelChoiceField(Deal.objects.none(), label="Deal", empty_label=None)
    field_order = ("deal", "kind", "words", "price")

    def __init__(self, partner: Partner, data: Any = None) -> None:
        super().__init__(data)
        offer(self, "deal", seen.deals(partner))


@for_contacts
@require_http_methods(["GET", "HEAD", "POST"])
def deals(request: PartnerRequest) -> HttpResponse:
    """The list; sent, help is asked for."""
    if request.method != "POST":
        return pages.shown(request, SCREEN, _page(request, AskForm(request.partner)))
    form = AskForm(request.partner, request.POST)
    if form.is_valid():
        try:
            _ask(request, form, clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            here = reverse("portal:deals", args=[request.token])
            return pages.done(request, here, "We have it. Below you see by when we answer.")
    return pages.again(request, SCREEN, _page(request, form))


@transaction.atomic
def _ask(request: PartnerRequest, form: AskForm, at: datetime) -> None:
    if form.spend(at):
        words.not_too_many(request.contact, at)
        requests.ask(form.cleaned_data["deal"], request.partner, **form.asked, by=request.contact, at=at)


def _page(request: PartnerRequest, form: AskForm) -> dict[str, Any]:
    asked = seen.helps(request.partner).select_related("deal")[:SHOWN]
    return {
        "token": request.token,
        "partner": request.partner,
        "deals": seen.deals(request.partner).select_related("customer")[:SHOWN],
        "asked": requests.standing(asked),
        "form": form,
    }
