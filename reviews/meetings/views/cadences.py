"""How often there are reviews: by tier under Settings, and of one partner."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lifecycle.views.asking import Question, answer, partner_to
from partners.models import Tier
from prm import clock, pages
from reviews import scheduling
from reviews.meetings import dates
from reviews.meetings.forms import CadencesForm, RhythmForm
from reviews.models import Rhythm
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "reviews/cadences.html"
RHYTHM = Question(
    gettext_lazy("How often reviews are held"),
    gettext_lazy(
        "Each day lies whole cadences after the first; a month’s end stays a month’s end. "
        "A review that is planned and was not moved follows."
    ),
    gettext_lazy("Save"),
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cadences(request: PersonRequest) -> HttpResponse:
    """The cadence of each tier."""
    permitted_or_403(request.user, "edit settings")
    tiers = list(Tier.objects.filter(retired_at=None).select_related("programme"))
    chosen = scheduling.by_tier()
    now = {tier.pk: chosen.get(tier.pk) or dates.months_for(tier.rank) for tier in tiers}
    form = CadencesForm(tiers, now, request.POST or None)
    if request.method == "POST" and form.is_valid():
        scheduling.choose(form.chosen, by=request.user, at=clock.now())
        says = _("The cadences are saved. Reviews that are planned already stay on their day.")
        return pages.done(request, "reviews:cadences", says)
    return pages.again(request, SCREEN, {"form": form, "tiers": tiers}, 422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rhythm(request: PersonRequest, pk: int) -> HttpResponse:
    """Of one partner."""
    partner = partner_to(request, pk, "run review")
    kept = Rhythm.objects.filter(partner=partner).first()
    first = {
        "anchor_on": kept.anchor_on if kept else partner.signed_on,
        "months": kept.months if kept else None,
    }
    form = RhythmForm(request.POST or None, initial=first)

    def act(asked: dict[str, Any], at: datetime) -> None:
        scheduling.set_rhythm(partner, asked["anchor_on"], asked["months"], by=request.user, at=at)

    return answer(request, partner, RHYTHM, form, act, _("The reviews are counted from that day."))
