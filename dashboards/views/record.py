"""Our record towards a partner: the rows behind the figures of its page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from conversations import figures
from dashboards import record as records
from partners.models import Partner
from prm import clock, pages
from prm.access import found_or_404
from team.requests import PersonRequest
from team.roles import may


@login_required
@require_safe
def record(request: PersonRequest, pk: int) -> HttpResponse:
    at = clock.now()
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    show = request.GET.get("show", "")
    late_only, figure = show == "late", figures.FIGURES.get(show)
    asked = figures.Asked(at - records.SPAN, at, partner)
    theirs = figures.THEIR_ANSWERS.value(figures.THEIR_ANSWERS.rows(asked))
    context = {
        "partner": partner,
        "record": records.towards(partner, at),
        "answers": records.behind(figure, asked, request.user)
        if figure
        else records.answers(partner, request.user, at, late_only),
        "figures": [(each, each.value(each.rows(asked))) for each in figures.FIGURES.values()],
        "figure": figure,
        "their_figure": figures.THEIR_ANSWERS,
        "their_share": theirs,
        "their_answers": records.theirs(asked, request.user, theirs.n),
        "promises": records.promises(partner, request.user, at),
        "late_only": late_only,
        "since": at - records.SPAN,
        "most": records.MOST,
        "may_know": may(request.user, "know of private conversations", partner),
    }
    return pages.shown(request, "dashboards/record.html", context)
