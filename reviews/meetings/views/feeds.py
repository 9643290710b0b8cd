"""The calendar of one's reviews: its address, and what other programs read there."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from prm import clock, pages
from reviews.meetings import feeds
from team.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: PersonRequest) -> HttpResponse:
    """The address; sent, another one."""
    if request.method == "POST":
        feeds.renew(request.user)
        return pages.done(request, "reviews:subscribe", _("The former address opens nothing any more."))
    return pages.shown(request, "reviews/subscribe.html", {"address": feeds.address(request.user)})


@never_cache
@require_safe
def feed(request: HttpRequest, key: UUID) -> HttpResponse:
    user = feeds.whose(key)
    if user is None:
        raise Http404
    response = HttpResponse(feeds.written(user, clock.now()), content_type="text/calendar; charset=utf-8")
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
