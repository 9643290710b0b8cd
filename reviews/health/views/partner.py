"""The health of a partner: its parts, its trend, and the rows behind each line."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from partners.models import Partner
from prm import clock, pages
from prm.access import found_or_404
from reviews.health import formulas, reckoning, showing, trend
from reviews.health.models import HealthRun
from team.requests import PersonRequest

ONE, ROWS = (f"reviews/health/{name}.html" for name in ("partner", "rows"))


@login_required
@require_safe
def health(request: PersonRequest, pk: int) -> HttpResponse:
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    latest = showing.latest(partner)
    context: dict[str, Any] = {"partner": partner, "health": latest}
    if latest is not None:
        rows, formula = showing.history(partner, latest.snapshot.day), latest.snapshot.formula
        context |= {
            "picture": trend.picture(rows, formula.healthy_from, formula.watch_from),
            "history": rows[::-1],
            "changes": trend.changes(rows),
        }
    return pages.shown(request, ONE, context)


@login_required
@require_safe
def rows(request: PersonRequest, pk: int, key: str) -> HttpResponse:
    """The rows of one measure, as of the newest reading."""
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    measure = reckoning.MEASURES.get(key)
    if measure is None:
        raise Http404
    latest = showing.latest(partner)
    line, at, formula = None, clock.now(), None
    if latest is not None:
        formula = latest.snapshot.formula
        at = HealthRun.objects.values_list("at", flat=True).get(day=latest.snapshot.day)
        lines = (line for part in latest.parts for line in part.lines)
        line = next((each for each in lines if each.measure.key == key), None)
    about = reckoning.asked([partner.pk], (formula or formulas.current(at)).rules, at)
    behind = measure.rows(about, request.user)
    context = {"partner": partner, "measure": measure, "line": line, "behind": behind, "day": about.day}
    return pages.shown(request, ROWS, context)
