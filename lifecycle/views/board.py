"""The board: the steps of recruitment, then onboarding, growth and evaluation."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from lifecycle import board as rows
from partners.models import Partner
from prm import clock, pages
from team.requests import PersonRequest

EMPTY = {
    "mine": ("You look after nobody on the road", "Partners you own stand here by step and stage."),
    "all": (
        "Nobody is on the road",
        "Add a partner or import a list of prospects; they begin at Identified.",
    ),
}


@login_required
@require_GET
def board(request: PersonRequest) -> HttpResponse:
    partners = Partner.objects.visible_to(request.user).on_the_road()
    columns = rows.columns(rows.narrowed(partners, request.GET, request.user), request.user, clock.now())
    mine = request.GET.get("owner") == "me"
    context = {
        "columns": columns,
        "total": sum(column.count for column in columns),
        "mine": mine,
        "everyone": not request.GET,
        "query": request.GET.urlencode(),
        "empty": EMPTY["mine" if mine else "all"],
    }
    return pages.shown(request, "lifecycle/board.html", context)
