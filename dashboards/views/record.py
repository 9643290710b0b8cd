"""Our record towards a partner: the rows behind the figures of its page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from dashboards import record as records
from partners.models import Partner
from prm import clock, pages
from prm.access import found_or_404
from team.requests import PersonRequest


@login_required
@require_safe
def record(request: PersonRequest, pk: int) -> HttpResponse:
    at = clock.now()
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    late_only = request.GET.get("show") == "late"
    context = {
        "partner": partner,
        "record": records.towards(partner, at),
        "answers": records.answers(partner, at, late_only),
        "promises": records.promises(partner, at),
        "late_only": late_only,
        "since": at - records.SPAN,
        "most": records.MOST,
    }
    return pages.shown(request, "dashboards/record.html", context)
