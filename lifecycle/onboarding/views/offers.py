"""What a template's change means for plans that run: previewed, ticked, taken over."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lifecycle.models import Plan, PlanTemplate
from lifecycle.onboarding import offers
from lifecycle.onboarding.forms import OfferForm
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

ONE, ALL = "lifecycle/onboarding/plan_offer.html", "lifecycle/onboarding/plan_offers.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_offer(request: PersonRequest, pk: int) -> HttpResponse:
    """What would change in one plan."""
    seen = Plan.objects.visible_to(request.user).select_related("partner__owner", "template", "version")
    plan: Plan = found_or_404(seen.exclude(template=None), pk=pk)
    permitted_or_403(request.user, "plan tasks", plan)
    refusal = ""
    if request.method == "POST":
        form = OfferForm(request.POST, plans=[plan])
        try:
            offers.take(plan, form.seen, by=request.user, at=clock.now())
            return pages.done(request, plan, _("The plan follows the template."))
        except Refused as refused:
            refusal = str(refused)
    context = {"plan": plan, "partner": plan.partner, "offer": offers.of_plan(plan), "refusal": refusal}
    return pages.again(request, ONE, context, 409 if refusal else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_offers(request: PersonRequest, pk: int) -> HttpResponse:
    """What would change in all of them; those that are ticked take it over."""
    permitted_or_403(request.user, "edit settings")
    template: PlanTemplate = found_or_404(PlanTemplate.objects.all(), pk=pk)
    shown, refused = offers.of_template(template), []
    if request.method == "POST":
        form = OfferForm(request.POST, plans=[offer.plan for offer in shown])
        taken = 0
        for plan in [offer.plan for offer in shown if offer.plan.pk in form.ticked]:
            try:
                offers.take(plan, form.seen, by=request.user, at=clock.now())
                taken += 1
            except Refused as refusal:
                refused.append(f"{plan.partner}: {refusal}")
        if not refused and taken:
            says = ngettext("{n} plan follows the template.", "{n} plans follow the template.", taken)
            return pages.done(request, template, says.format(n=taken))
        refused = refused or [_("Tick the plans that are to follow.")]
        shown = offers.of_template(template)
    context = {"template": template, "offers": shown, "refused": refused, "most": offers.SHOWN}
    return pages.again(request, ALL, context, 409 if refused else 200)
