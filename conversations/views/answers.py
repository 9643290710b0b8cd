"""What the pages of conversations share: one short form on a page of its own, and an Undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from partners import history
from partners.models import Event, Partner
from prm import clock
from team.requests import PersonRequest


@dataclass(frozen=True)
class Answered:
    """What the page says of a press, and where it is taken back."""

    says: str
    undo: str = ""


def undo_of(event: Event | None, back: str = "") -> str:
    """Where a step is taken back, and where one is then; nowhere when it cannot be."""
    if event is None or not history.can_undo(event, clock.now()):
        return ""
    address = reverse("partners:undo", args=[event.pk])
    return f"{address}?{urlencode({'next': back})}" if back else address


def form_page(
    request: PersonRequest, partner: Partner, form: Any, heading: str, button: str, back: str, says: str
) -> HttpResponse:
    """The form, empty or with what was refused in it."""
    context = {
        "partner": partner,
        "form": form,
        "heading": heading,
        "button": button,
        "back": back,
        "says": says,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "conversations/plain_form.html", context, status=status)
