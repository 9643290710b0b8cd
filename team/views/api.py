"""The API as a person reads it: how to come in, and every resource."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from prm import pages
from prm.api.guide import guides
from team.requests import PersonRequest


@login_required
@require_safe
def api(request: PersonRequest) -> HttpResponse:
    base = request.build_absolute_uri("/api/v1/")
    return pages.shown(request, "team/api.html", {"guides": guides().values(), "base": base})


@login_required
@require_safe
def resource(request: PersonRequest, name: str) -> HttpResponse:
    """One resource: its fields and what can be done with it."""
    guide = guides().get(name)
    if guide is None:
        raise Http404(f"no resource is called {name}")
    return pages.shown(request, "team/api_resource.html", {"guide": guide})
