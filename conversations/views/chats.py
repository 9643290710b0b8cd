"""A chat is pasted, looked at and saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from conversations import pasting
from conversations.chat_form import ChatForm
from partners.models import Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "conversations/chat.html"


@login_required
@require_http_methods(["GET", "POST"])
def paste(request: PersonRequest, pk: int) -> HttpResponse:
    """“Look” shows what is read of the text, and who is who; “Save” keeps it."""
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    permitted_or_403(request.user, "write to partner", partner)
    at = clock.now()
    form = ChatForm(request.POST or None, partner=partner, by=request.user, at=at)
    if request.method != "POST":
        return pages.shown(request, SCREEN, _context(partner, form))
    if form.is_valid() and "save" in request.POST:
        try:
            return pages.done(request, partner, _saved(request, partner, form, at))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, SCREEN, _context(partner, form), status=200 if form.is_valid() else 422)


@transaction.atomic
def _saved(request: PersonRequest, partner: Partner, form: ChatForm, at: datetime) -> str:
    if not form.spend(at):
        return "It was saved already."
    saved = pasting.save(partner, form.said, by=request.user, at=at)
    parts = [f"{saved.written} message{'s' if saved.written != 1 else ''} saved."]
    if saved.known:
        left = "were" if saved.known > 1 else "was"
        parts.append(f"{saved.known} stood there already and {left} left out.")
    if saved.unconfirmed:
        parts.append("What is over 72 hours old counts as an answer once your lead confirms it.")
    return " ".join(parts)


def _context(partner: Partner, form: ChatForm) -> dict[str, Any]:
    return {"partner": partner, "form": form, "chat": form.chat if form.is_bound else None}
