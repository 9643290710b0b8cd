"""A page that asks before a step is taken: a partner, a form, one button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise

from partners.models import Event, Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.forms import OnceForm
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "lifecycle/ask.html#ask"

Act = Callable[[dict[str, Any], datetime], Event | None]


@dataclass(frozen=True)
class Question:
    """What the page says: its title, a sentence below it, the words on the button."""

    title: str | Promise
    words: str | Promise
    button: str | Promise


def partner_to(request: PersonRequest, pk: int, action: str) -> Partner:
    """The partner, where this person may see it and do `action` to it; else 404 or 403."""
    partners = Partner.objects.visible_to(request.user).select_related("owner", "end_reason")
    partner = found_or_404(partners, pk=pk)
    permitted_or_403(request.user, action, partner)
    return partner


def undo(event: Event | None) -> str:
    return reverse("partners:undo", args=[event.pk]) if event else ""


def answer(
    request: PersonRequest,
    partner: Partner,
    question: Question,
    form: forms.Form,
    act: Act,
    says: str | Callable[[], str],
    back: Callable[[], str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Ask; once the form is sent and readable take the step, and say so on the page `back` names
    afterwards: the partner's, unless given. `more` is what the page shows beside the question."""
    back = back or partner.get_absolute_url
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        try:
            with transaction.atomic():
                fresh = not isinstance(form, OnceForm) or form.spend(at)
                event = act(form.cleaned_data, at) if fresh else None
            said = says if isinstance(says, str) else says()
            return pages.done(request, pages.next_or(request, back()), said, undo=undo(event))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "partner": partner,
        "question": question,
        "form": form,
        "next": pages.next_or(request, ""),
        "back_url": back(),
        **(more or {}),
    }
    show = pages.shown if request.method in {"GET", "HEAD"} else pages.again
    return show(request, SCREEN, context)
