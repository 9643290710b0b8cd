"""All issues as a list, and how often each cause came about."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from prm import clock, pages
from reviews.issues import figures, listing
from team import choosing
from team.requests import PersonRequest

VIEWS = [
    ("To be solved", "show=open"),
    ("Mine", "owner=me&show=open"),
    ("Overdue", "show=overdue"),
    ("Escalated", "show=escalated&state=open"),
    ("Solved", "state=solved&sort=-raised"),
    ("All", "sort=-raised"),
]


@login_required
@require_safe
@choosing.called_by_id("owner")
def issues(request: PersonRequest) -> HttpResponse:
    found = listing.IssueListing(request.GET, request.user)
    asked = found.url().removeprefix("?")
    share = figures.IN_TIME.value(figures.IN_TIME.rows(listing.of_year(request.user, found.at)))
    context = {
        **found.page(),
        "faults": found.faults,
        "offers": choosing.offers(found.filter, "owner"),
        "views": [(name, f"?{query}", query == asked) for name, query in VIEWS],
        "figure": figures.IN_TIME,
        "in_time": share,
        "kept_url": "?promise=kept",
        "due_url": "?promise=due",
    }
    return pages.shown(request, "reviews/issues/list.html", context)


@login_required
@require_safe
def causes(request: PersonRequest) -> HttpResponse:
    """Of twelve months, each cause onto the issues behind its number."""
    asked = listing.of_year(request.user, clock.now())
    rows = figures.causes(asked, listing.YEAR.days)
    context = {"rows": rows, "n": sum(each.n for each in rows), "least": figures.RECURRING}
    return pages.shown(request, "reviews/issues/causes.html", context)
