"""The door of the portal: an address is taken for the person it was given to, or shut."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from partners.models import Contact, Partner
from portal import passes
from portal.zones import zone_of
from prm import clock


class PartnerRequest(HttpRequest):
    """A request of a partner's person; `partner` is all it may see."""

    contact: Contact
    partner: Partner
    token: str


View = Callable[..., HttpResponseBase]


def for_contacts(view: View) -> View:
    """Open the view to whoever holds a pass; everybody else reads why it is shut."""

    @never_cache
    @wraps(view)
    def opened(request: Any, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        at = clock.now()
        given = passes.behind(token)
        if given is None or (shut := passes.why_closed(given, at)):
            answer: HttpResponseBase = _shut(
                request, shut if given else "This address leads nowhere.", 410 if given else 404
            )
        else:
            passes.seen(given, at)
            request.contact, request.partner, request.token = given.contact, given.contact.partner, token
            with timezone.override(zone_of(given.contact)):
                answer = view(request, *args, **kwargs)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    return opened


def _shut(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "portal/closed.html", {"why": why}, status=status)
