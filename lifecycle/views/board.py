"""The board: the steps of recruitment, then onboarding, growth and evaluation."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from lifecycle import board as rows
from partners.filters import Lists, PartnerFilter
from prm import clock, pages
from prm.listing import chips, faults
from team import choosing
from team.requests import PersonRequest

EMPTY = {
    "mine": ("You look after nobody on the road", "Partners you own stand here by step and stage."),
    "none": ("Nobody on the road matches", "Take a filter away to see more."),
    "all": (
        "Nobody is on the road",
        "Add a partner or import a list of prospects; they begin at Identified.",
    ),
}


OF_THE_LIST = ("stage", "step", "status", "sort", "after", "before")


@login_required
@require_GET
@choosing.called_by_id("owner", several=True)
def board(request: PersonRequest) -> HttpResponse:
    """Prospects and live partners, narrowed by the filters of the list."""
    on_the_road = rows.on_the_road(request.user)
    filters = PartnerFilter(request.GET, on_the_road, request.user, Lists.named_in(request.GET))
    columns = rows.columns(request.user, clock.now(), filters.found if request.GET else None)
    rest = request.GET.copy()
    for name in OF_THE_LIST:
        rest.pop(name, None)
    mine = rest.urlencode() == "owner=me"
    context = {
        "columns": columns,
        "total": sum(column.count for column in columns),
        "mine": mine,
        "everyone": not request.GET,
        "here": request.get_full_path(),
        "chips": chips(filters, request.GET),
        "faults": faults(filters),
        "offers": filters.offers,
        "query": request.GET.urlencode(),
        "rest": rest.urlencode(),
        "empty": EMPTY["mine" if mine else "none" if request.GET else "all"],
    }
    return pages.shown(request, "lifecycle/board.html", context)
