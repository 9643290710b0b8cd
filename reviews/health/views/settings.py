"""The formula of health under Settings: what it weighs, the effect of a draft, its versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from prm import clock, pages
from prm.refusals import Refused
from reviews.health import effects, formulas
from reviews.health.forms import FormulaForm, PublishForm
from reviews.health.models import HealthFormula
from team.requests import PersonRequest
from team.roles import permitted_or_403

ONE, PUBLISH = (f"reviews/health/{name}.html" for name in ("formula", "publish"))
PAGE = "reviews:health_formula"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def formula(request: PersonRequest) -> HttpResponse:
    """The draft, or what holds; sent, it stands in the draft."""
    permitted_or_403(request.user, "edit health")
    at = clock.now()
    shown = formulas.draft() or formulas.current(at)
    if request.method != "POST":
        return pages.shown(request, ONE, _context(FormulaForm(formula=shown), at))
    form = FormulaForm(request.POST, formula=shown)
    if form.is_valid():
        try:
            formulas.change(form.weights, by=request.user, at=at, **form.numbers)
            return pages.done(request, PAGE, _("It stands in the draft. See its effect, then publish it."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, ONE, _context(form, at))


@login_required
@require_POST
def discard(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "edit health")
    try:
        formulas.discard(by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, PAGE, str(refusal))
    return pages.done(request, PAGE, _("The draft is thrown away."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: PersonRequest) -> HttpResponse:
    """The effect of the draft, then the press that lets it hold."""
    permitted_or_403(request.user, "edit health")
    at, draft = clock.now(), formulas.draft()
    form = PublishForm(request.POST or None, initial={"seen": draft.pk if draft else None})
    if request.method == "POST" and form.is_valid():
        try:
            formulas.publish(**form.cleaned_data, by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(
                request, PAGE, _("The formula holds. The new scores show after the next nightly run.")
            )
    if draft is None and request.method != "POST":
        return pages.done(request, PAGE, _("There is no draft."))
    effect = effects.of(draft, formulas.current(at), at, request.user) if draft else None
    show = pages.again if form.errors else pages.shown
    return show(request, PUBLISH, {"draft": draft, "form": form, "effect": effect})


def _context(form: FormulaForm, at: datetime) -> dict[str, Any]:
    versions = list(HealthFormula.objects.select_related("by"))
    draft = next((each for each in versions if each.state == HealthFormula.State.DRAFT), None)
    current = next(each for each in versions if each.state == HealthFormula.State.PUBLISHED)
    shown = draft or current
    total = sum(shown.weights.values())
    shares = {key: round(100 * weight / total) for key, weight in shown.weights.items()}
    return {
        "form": form,
        "parts": [
            (name, [(field, shares.get(field.name.partition("_")[2], 0)) for field in fields])
            for name, fields in form.parts
        ],
        "draft": draft,
        "current": current,
        "versions": [each for each in versions if each is not draft],
    }
