"""Colleagues, suggested while one is typed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from team import choosing
from team.models import User
from team.requests import PersonRequest

SUGGESTED = 20


@login_required
@require_safe
def colleagues(request: PersonRequest) -> HttpResponse:
    """Those who work here and are called like what is typed so far, whatever the field is named that sends
    it; before anything is typed, the first by name."""
    *_others, typed = ["", *request.GET.dict().values()]
    people = User.objects.visible_to(request.user).filter(is_active=True).order_by("name", "pk")
    found = choosing.suggestions(typed, people, choosing.SEVERAL in request.GET, SUGGESTED)
    return render(request, "team/colleagues.html", {"suggestions": found})
