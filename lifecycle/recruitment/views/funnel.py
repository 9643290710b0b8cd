"""The page of what each source brings."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lifecycle.recruitment import funnel as figures
from lifecycle.recruitment.forms import PeriodForm
from prm import clock, forms, listing, pages
from team.requests import PersonRequest


@login_required
@require_safe
def funnel(request: PersonRequest) -> HttpResponse:
    at = clock.now()
    usual = figures.usual_periods(timezone.localdate(at))
    asked = PeriodForm(request.GET)
    unknown = listing.unknown(request.GET, asked.fields)
    faults = [*forms.faults(asked), *listing.unknown_faults(unknown)]
    period = None if faults else asked.period or usual[0][1]
    context = {
        "form": PeriodForm(period.days) if period else asked,
        "faults": faults,
        "unknown": unknown,
        "period": period,
        "usual": [(name, other.days, other == period) for name, other in usual],
        "at": at,
    }
    if period:
        context |= {"heads": figures.HEADS, "rows": figures.of(period, request.user)}
    return pages.shown(request, "lifecycle/recruitment/funnel.html", context)
