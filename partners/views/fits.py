"""The assessment of a partner: all that people rate on one page, facts beside it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partners import facts, fits, ratings
from partners.fit_panel import in_words
from partners.forms.fits import AssessmentForm
from partners.forms.organisations import COLUMNS
from partners.models import Event, Partner
from prm import clock, pages
from prm.access import found_or_404
from team.requests import PersonRequest
from team.roles import may, permitted_or_403


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: PersonRequest, pk: int) -> HttpResponse:
    seen = Partner.objects.visible_to(request.user)
    partner = found_or_404(facts.with_facts(seen), pk=pk)
    if request.method == "POST":
        permitted_or_403(request.user, "rate partner", partner)
    standard = fits.standard_for(partner)
    if standard is None:
        return pages.shown(request, "partners/fit.html", {"partner": partner})
    stood = fits.newest_ratings([partner.pk]).get(partner.pk, {})
    form = AssessmentForm(request.POST or None, standard=standard, stood=stood)
    if request.method == "POST" and form.is_valid():
        try:
            return _rated(request, partner, form)
        except ratings.RatingRefused as refusal:
            form.add_error(None, str(refusal))
    context = _context(request, partner, standard, form)
    return (pages.again if form.errors else pages.shown)(request, "partners/fit.html", context)


def _rated(request: PersonRequest, partner: Partner, form: AssessmentForm) -> HttpResponse:
    at = clock.now()
    fit = ratings.assess(partner, form.answers(), by=request.user, at=at)
    event = Event.objects.filter(partner=partner, kind="partner_rated", at=at, by_user=request.user).first()
    verdict = f", {fit.get_verdict_display().lower()}" if fit and fit.verdict else ""
    says = f"{partner} scores {float(fit.score):g}{verdict}." if fit and fit.score is not None else "Saved."
    undo = reverse("partners:undo", args=[event.pk]) if event else ""
    return pages.done(request, pages.next_or(request, partner.get_absolute_url()), says=says, undo=undo)


def _context(
    request: PersonRequest, partner: Partner, standard: fits.Standard, form: AssessmentForm
) -> dict[str, Any]:
    read = facts.answers(partner, [each.source for each in standard.criteria if each.source])
    rules = {each.key: each.rule for each in standard.asked}
    known = [
        {
            "criterion": each,
            "fact": facts.FACTS.get(each.source),
            "answer": in_words(read.get(each.source)),
            "points": rules[each.key].points(read.get(each.source)),
            "mend_url": _mended_at(each.source, partner),
        }
        for each in standard.criteria
        if each.source
    ]
    return {
        "partner": partner,
        "profile": standard.profile,
        "form": form,
        "facts": known,
        "may_rate": may(request.user, "rate partner", partner),
        "may_change": may(request.user, "change partner", partner),
    }


def _mended_at(source: str, partner: Partner) -> str:
    """Where what the record says is corrected."""
    if source in COLUMNS or source == "verticals":
        return f"{reverse('partners:edit', args=[partner.pk])}#id_{source}"
    return reverse("partners:about", args=[partner.pk])
