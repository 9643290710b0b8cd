"""The partner's page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from partners.models import Partner
from prm import pages
from prm.access import found_or_404
from team.requests import PersonRequest


@login_required
@require_safe
def partner(request: PersonRequest, pk: int) -> HttpResponse:
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    return pages.shown(request, "dashboards/partner.html", {"partner": partner})
