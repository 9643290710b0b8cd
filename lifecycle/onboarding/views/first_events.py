"""Which first commercial event is looked for after signing, by type of partner."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lifecycle.models import FirstEventRule
from lifecycle.onboarding import first_events
from lifecycle.onboarding.forms import FirstEventForm
from partners.models import PartnerType
from prm import clock, pages
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "lifecycle/onboarding/first_events.html"
SHOWN = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def first_events_page(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    form = FirstEventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            chosen = first_events.choose(**form.cleaned_data, by=request.user, at=clock.now())
            says = _("{rule}: for whoever is signed from now on.").format(rule=chosen)
            return pages.done(request, "lifecycle:first_events", says)
        except Refused as refusal:
            form.add_error("what", str(refusal))
    kinds, labels = first_events.chosen(), dict(FirstEventRule.What.choices)
    types = PartnerType.objects.filter(retired_at=None)
    context = {
        "form": form,
        "general": labels[first_events.chosen_for(kinds, None)],
        "types": [(kind, labels[kinds[kind.pk]] if kind.pk in kinds else "") for kind in types],
        "versions": FirstEventRule.objects.select_related("kind", "by")[:SHOWN],
    }
    return pages.again(request, SCREEN, context, 422 if form.errors else 200)
