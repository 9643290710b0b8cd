"""The digest: switched on and off for a partner by us, stopped by whoever gets it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from partners.models import Partner
from portal import digests
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403


@csrf_exempt  # mail programs press by themselves, without a page of ours (RFC 8058); the address is signed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def digest(request: HttpRequest, token: str) -> HttpResponse:
    """Only a press stops it: scanners of mail follow every address."""
    found = digests.behind(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        verb = digests.resume if "resume" in request.POST else digests.stop
        verb(found, at=clock.now())
        found.refresh_from_db(fields=["stopped_at"])
    context: dict[str, Any] = {"digest": found, "partner": found.contact.partner}
    answer = render(request, "portal/digest.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@login_required
@require_POST
def switch(request: PersonRequest, pk: int) -> HttpResponse:
    """Whether the people of a partner get it."""
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    permitted_or_403(request.user, "change partner", partner)
    verb = digests.switch_on if request.POST.get("on") else digests.switch_off
    back = pages.next_or(request, partner.get_absolute_url())
    try:
        verb(partner, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, back, str(refusal))
    return pages.done(request, back, "Switched on." if request.POST.get("on") else "Switched off.")
