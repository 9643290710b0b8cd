"""All reviews: as a list, and as a month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from prm import pages
from reviews.meetings import figures, listing
from reviews.models import Review
from team import choosing
from team.requests import PersonRequest

VIEWS = [
    (gettext_lazy("To come"), "show=open"),
    (gettext_lazy("Mine"), "owner=me&show=open"),
    (gettext_lazy("Overdue"), "show=overdue&sort=due"),
    (gettext_lazy("Out of window"), "window=out"),
    (gettext_lazy("Held"), "held=365&sort=-on"),
    (gettext_lazy("All"), ""),
]
YEAR = 365


@login_required
@require_safe
@choosing.called_by_id("owner")
def reviews(request: PersonRequest) -> HttpResponse:
    found, on = listing.ReviewListing(request.GET, request.user), listing.today()
    asked = found.url().removeprefix("?")
    context = {
        **found.page(on),
        **_window(request, on),
        "faults": found.faults,
        "offers": choosing.offers(found.filter, "owner"),
        "views": [(name, f"?{query}", query == asked) for name, query in VIEWS],
    }
    return pages.shown(request, "reviews/list.html", context)


def _window(request: PersonRequest, on: date) -> dict[str, Any]:
    """The figure of a year, and the addresses of the rows behind it."""
    asked = figures.Asked(on - timedelta(days=YEAR), on, request.user)
    share = figures.IN_WINDOW.value(figures.IN_WINDOW.rows(asked))
    return {
        "in_window": share,
        "in_url": f"?window=in&due={YEAR}",
        "counted_url": f"?due={YEAR}",
        "figure": figures.IN_WINDOW,
    }


@login_required
@require_safe
def calendar(request: PersonRequest) -> HttpResponse:
    """One month, with everybody's reviews or one's own."""
    on = listing.today()
    first = listing.month_of(request.GET.get("month", ""), on)
    rows, mine = Review.objects.visible_to(request.user), request.GET.get("owner") == listing.ME
    if mine:
        rows = rows.filter(partner__owner=request.user)
    former, following = listing.beside(first)
    whose = "&owner=me" if mine else ""
    context = {
        "first": first,
        "weeks": listing.month(first, rows, on),
        "former_url": f"?month={former}{whose}",
        "following_url": f"?month={following}{whose}",
        "views": [
            (gettext_lazy("Everybody’s"), f"?month={first:%Y-%m}", not mine),
            (gettext_lazy("Mine"), f"?month={first:%Y-%m}&owner=me", mine),
        ],
        "list_url": reverse("reviews:reviews"),
    }
    return pages.shown(request, "reviews/calendar.html", context)
