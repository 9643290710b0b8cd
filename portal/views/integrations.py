"""A partner's integrations: the checklist, environments, people on both sides, and obstacles it raises."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from conversations.models import Wait
from lifecycle.models import Integration
from lifecycle.onboarding.integrating import listing, obstacles, page
from portal import seen, words
from portal.door import PartnerRequest, for_contacts
from portal.views.plan import formed
from prm import clock, pages
from prm.access import found_or_404
from prm.forms import OnceForm
from prm.refusals import Refused

LIST, SCREEN = "portal/integrations.html", "portal/integration.html"
SHOWN = 30
RAISED = "We have it. In the conversation you see by when we answer."


class RaiseForm(OnceForm):
    """What is in the way."""

    text = forms.CharField(
        label="What is in the way",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="Please no passwords or keys: what looks like one is not taken.",
    )
    is_blocking = forms.BooleanField(label="We cannot go on before it is solved", required=False)


@for_contacts
@require_safe
def integrations(request: PartnerRequest) -> HttpResponse:
    rows = seen.integrations(request.partner).select_related(*listing.WITH)[:SHOWN]
    context = {
        "token": request.token,
        "partner": request.partner,
        "rows": listing.measured(rows, timezone.localdate(clock.now())),
    }
    return pages.shown(request, LIST, context)


@for_contacts
@require_safe
def integration(request: PartnerRequest, pk: int) -> HttpResponse:
    return pages.shown(request, SCREEN, _page(request, _found(request, pk), RaiseForm()))


@for_contacts
@require_POST
def raise_obstacle(request: PartnerRequest, pk: int) -> HttpResponse:
    """They say what is in the way; it waits for our answer."""
    found, form = _found(request, pk), RaiseForm(request.POST)
    if form.is_valid():
        try:
            _raise(request, found, form, clock.now())
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            return pages.done(request, reverse("portal:integration", args=[request.token, found.pk]), RAISED)
    return pages.again(request, SCREEN, _page(request, found, form))


@transaction.atomic
def _raise(request: PartnerRequest, found: Integration, form: RaiseForm, at: datetime) -> None:
    if form.spend(at):
        words.not_too_many(request.contact, at)
        said = form.cleaned_data
        obstacles.raise_one(found, said["text"], said["is_blocking"], by=request.contact, at=at)


def _found(request: PartnerRequest, pk: int) -> Integration:
    rows = seen.integrations(request.partner).select_related("plan__template", *listing.WITH)
    found: Integration = found_or_404(rows, pk=pk)
    return found


def _page(request: PartnerRequest, found: Integration, form: RaiseForm) -> dict[str, Any]:
    shown = page.of(found, timezone.localdate(clock.now()))
    threads = set(seen.conversations(request.contact).values_list("pk", flat=True))
    threads &= {obstacle.conversation_id for obstacle in shown.obstacles}
    waits = Wait.objects.open().for_reply().filter(conversation__in=threads)
    return {
        "token": request.token,
        "partner": request.partner,
        "integration": found,
        "page": shown,
        "lines": formed(shown.lines),
        "threads": threads,
        "due": dict(waits.values_list("conversation", "due_at")),
        "form": form,
        "back": request.path if request.method == "GET" else "",
    }
