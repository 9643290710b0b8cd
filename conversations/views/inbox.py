"""The inbox: what was said lately, and what one makes of it without opening it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from conversations import inbox
from prm import clock, pages
from team.requests import PersonRequest


@login_required
@require_safe
def inbox_page(request: PersonRequest) -> HttpResponse:
    before = inbox.Mark.read(request.GET.get("before", ""))
    shown = inbox.read(request.user, request.GET.get("view", ""), clock.now(), before)
    return pages.shown(request, "conversations/inbox.html", {"inbox": shown})
