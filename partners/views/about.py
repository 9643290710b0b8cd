"""What else there is about a partner: its programmes, who looks after it, its links."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from partners import panels
from partners.models import Partner
from prm import pages
from prm.access import found_or_404
from team.requests import PersonRequest


@login_required
@require_safe
def about(request: PersonRequest, pk: int) -> HttpResponse:
    """A page of its own, or what opens beside the timeline."""
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    context = {"partner": partner, **panels.about(partner, request.user)}
    return pages.shown(request, "partners/about.html#about", context)
