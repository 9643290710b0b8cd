"""Finding a partner by name: straight to it where there is no doubt, else to the list."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from partners.listing import PartnerListing
from partners.models import Partner
from team.models import User
from team.requests import PersonRequest


@login_required
@require_safe
def find(request: PersonRequest) -> HttpResponse:
    """Go to the partner called so, or the only one the words find; else to the list of those found."""
    words = request.GET.get("q", "").strip()[:200]
    meant = _meant(words, request.user) if words else None
    return redirect(meant or f"{reverse('partners:list')}?{urlencode({'q': words})}")


def _meant(words: str, user: User) -> Partner | None:
    address = QueryDict(mutable=True)
    address["q"] = words
    found = PartnerListing(address, user).filter.qs
    for these in (found, found.filter(name__iexact=words)):
        first = list(these[:2])
        if len(first) == 1:
            return first[0]
    return None
