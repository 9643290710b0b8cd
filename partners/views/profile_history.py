"""Settings › Ideal Partner Profile › what was done: who changed, published and discarded what, and why."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from partners import profile_events
from partners.models import Profile
from prm import pages, paging
from prm.listing import key_in
from prm.paging import Order
from team.requests import PersonRequest
from team.roles import permitted_or_403

NEWEST = Order("at", descending=True, nullable=False)


@login_required
@require_safe
def history(request: PersonRequest) -> HttpResponse:
    """What was done to all versions, else to those of the family of the one that the address names."""
    permitted_or_403(request.user, "edit profile")
    profile = Profile.objects.filter(pk=key_in(request.GET.get("of", ""))).first()
    events = profile_events.of(profile.family if profile else "")
    shown = paging.page(events, NEWEST, request.GET.get("after", ""), request.GET.get("before", ""))
    of = f"of={profile.pk}&" if profile else ""
    context = {
        "profile": profile,
        "events": shown.rows,
        "previous_url": f"?{of}before={shown.previous}" if shown.previous else "",
        "next_url": f"?{of}after={shown.next}" if shown.next else "",
    }
    return pages.shown(request, "partners/profile/history.html", context)
