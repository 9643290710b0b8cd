"""Searching what was said: with everybody, or with one partner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from conversations import phrases, searching
from conversations.models import Message
from conversations.phrases import Part, Term
from partners.models import Partner
from prm import pages
from prm.access import found_or_404
from team.models import User
from team.requests import PersonRequest

SCREEN = "conversations/search.html#found"


@dataclass(frozen=True)
class Row:
    """A message that was found, in words; `subject`, `who` and `text` come in parts."""

    message: Any
    subject: list[Part]
    who: list[Part]
    text: list[Part]

    @property
    def url(self) -> str:
        return f"{self.message.conversation.get_absolute_url()}#m{self.message.pk}"


@login_required
@require_safe
def search(request: PersonRequest) -> HttpResponse:
    typed = request.GET.get("q", "").strip()[: phrases.LONGEST]
    partner = _partner(request.user, request.GET.get("partner", ""))
    results = searching.search(request.user, typed, request.GET.get("before", ""), partner)
    asked = {"q": typed, **({"partner": partner.pk} if partner else {})}
    context = {
        "q": typed,
        "partner": partner,
        "results": results,
        "rows": [_row(message, results.terms) for message in results.messages],
        "is_later": "before" in request.GET,
        "first_url": f"?{urlencode(asked)}",
        "everywhere_url": f"?{urlencode({'q': typed})}",
        "older_url": f"?{urlencode({**asked, 'before': results.older})}" if results.older else "",
    }
    return pages.shown(request, SCREEN, context)


def _partner(user: User, which: str) -> Partner | None:
    """The partner whose messages are searched; one that cannot be seen is not found."""
    if not which:
        return None
    return found_or_404(
        Partner.objects.visible_to(user), pk=which if which.isdecimal() and len(which) < 16 else 0
    )


def _row(message: Any, terms: list[Term]) -> Row:
    ours = message.direction == Message.Direction.OUT
    who = (message.author or "We") if ours else (message.contact or "Somebody there")
    beside = f" with {message.contact}" if ours and message.contact else ""
    return Row(
        message,
        phrases.marked(message.subject or message.conversation.subject, terms),
        phrases.marked(f"{who}{beside}", terms),
        phrases.excerpt(message.opening, terms),
    )
