"""Short thanks: the table of phrases under Settings, and the press that puts them away."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from conversations import thanks
from conversations.models import Thanks, Wait
from conversations.views.answers import undo_of
from prm import clock, pages
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import may
from team.views.lists import KeptList

MOST = 100
PHRASES = KeptList(
    Thanks,
    "conversations",
    "thanks",
    "Short thanks",
    "A message made of these phrases and of names only says thanks: one press puts it away.",
)


@login_required
@require_POST
def clear(request: PersonRequest) -> HttpResponse:
    """Put away those of the thanks that were shown which still are nothing more."""
    to = pages.next_or(request, "dashboards:today")
    ids = [each for each in request.POST.getlist("wait") if each.isdecimal() and len(each) < 16]
    seen = Wait.objects.open().visible_to(request.user).filter(pk__in=ids[:MOST])
    found = seen.select_related("conversation", "partner").order_by("conversation", "pk")
    mine = [wait for wait in found if may(request.user, "write to partner", wait.partner)]
    try:
        event = thanks.clear(mine, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, to, str(refusal))
    return pages.done(request, to, f"Put away: {event.note if event else ''}.", undo=undo_of(event))
