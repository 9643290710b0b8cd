"""Meetings that are planned: which are to be logged, which come next, and the address that brings them."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from conversations.mail import person_address
from conversations.meetings import ahead, settling
from conversations.models import Meeting
from partners.models import Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

PAGE = "conversations/meetings.html"
MOST, WITHIN = 100, timedelta(days=60)


@login_required
@require_safe
def meetings(request: PersonRequest) -> HttpResponse:
    at = clock.now()
    context = {
        "meetings": ahead.of(request.user, at, WITHIN, MOST),
        "address": person_address.of(request.user, person_address.CALENDAR),
        "back_to": reverse("conversations:meetings"),
    }
    return pages.shown(request, PAGE, context)


@login_required
@require_POST
def not_held(request: PersonRequest, pk: int) -> HttpResponse:
    meeting = mine_or_404(request, pk)
    permitted_or_403(request.user, "write to partner", meeting.partner)
    to = pages.next_or(request, reverse("conversations:meetings"))
    try:
        settling.not_held(meeting, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, to, str(refusal))
    undo = reverse("conversations:meeting_ask_again", args=[pk])
    return pages.done(request, to, f"“{meeting}” did not take place.", undo)


@login_required
@require_POST
def ask_again(request: PersonRequest, pk: int) -> HttpResponse:
    meeting = mine_or_404(request, pk)
    permitted_or_403(request.user, "write to partner", meeting.partner)
    to = pages.next_or(request, reverse("conversations:meetings"))
    try:
        settling.ask_again(meeting, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, to, str(refusal))
    return pages.done(request, to, f"“{meeting}” is to be logged again.")


def mine_or_404(request: PersonRequest, pk: int, partner: Partner | None = None) -> Meeting:
    """A meeting of whoever asks, with this partner where one is given."""
    mine = Meeting.objects.mine(request.user).select_related("partner")
    return found_or_404(mine.filter(partner=partner) if partner else mine, pk=pk)
