"""Undo of what was just sent."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations import unsending
from conversations.models import Message
from conversations.views import entries
from prm import clock, pages
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403


def undo_of(message: Message) -> str:
    """Where what was just sent is taken back."""
    return reverse("conversations:unsend", args=[message.pk])


@login_required
@require_POST
def unsend(request: PersonRequest, pk: int) -> HttpResponse:
    message = entries.seen(request.user, pk)
    permitted_or_403(request.user, "write to partner", message.conversation.partner)
    has_files = message.attachments.exists()
    try:
        place = unsending.unsend(message, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, message.conversation, str(refusal))
    files = " Choose its files again." if has_files else ""
    return pages.done(request, place.address, f"Taken back. Your words are here as a draft.{files}")
