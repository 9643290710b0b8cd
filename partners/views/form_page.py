"""A page that is one form about a partner: it cleans, calls one verb and goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import models
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partners import history
from partners.models import Event, Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import permitted_or_403

FORM = "partners/form.html"
either = require_http_methods(["GET", "HEAD", "POST"])


def partner_to_change(user: User, pk: int, action: str = "change partner") -> Partner:
    """The partner, if this person may see it and do this to it."""
    partner = found_or_404(Partner.objects.visible_to(user).select_related("owner"), pk=pk)
    permitted_or_403(user, action, partner)
    return partner


def belonging(rows: models.QuerySet[Any], user: User, pk: int, action: str = "change partner") -> Any:
    """The row of a partner, if this person may see the partner and do this to it."""
    seen = rows.filter(partner__in=Partner.objects.visible_to(user)).select_related("partner")
    row = found_or_404(seen, pk=pk)
    permitted_or_403(user, action, row.partner)
    return row


def answer(
    request: PersonRequest,
    form: forms.BaseForm,
    partner: Partner,
    act: Callable[[], Event | None],
    title: str,
    verb: str,
    says: str,
    template: str = FORM,
    doubts: Callable[[], dict[str, Any]] = dict,
    **more: Any,
) -> HttpResponse:
    """Show the form; sent, let `act` call the verb and offer Undo of the event it returns.

    What `doubts` finds first is shown with the form, which can be sent once more, ticked "anyway".
    """
    context = {"form": form, "partner": partner, "title": title, "verb": verb, **more}
    context.setdefault("back_url", partner.get_absolute_url())
    if request.method != "POST":
        return pages.shown(request, template, context)
    if form.is_valid():
        if found := doubts():
            return pages.again(request, template, context | found)
        try:
            return said(request, partner, act(), says)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, template, context)


def said(request: PersonRequest, partner: Partner, event: Event | None, says: str) -> HttpResponse:
    """Back to the partner with the sentence and, where it has an inverse, Undo."""
    undo = ""
    if event is not None and history.can_undo(event, clock.now()):
        undo = reverse("partners:undo", args=[event.pk])
    return pages.done(request, pages.next_or(request, partner.get_absolute_url()), says, undo=undo)
