"""What tiers want and give, under Settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.growth.tiering import benefits, criteria, editing, effects
from lifecycle.growth.tiering.forms import BenefitForm, NoticeDaysForm, PublishForm, RequirementForm
from lifecycle.growth.tiering.models import Benefit, OwnMeasure, Requirement, TierRules
from partners.models import Programme
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403
from team.views.lists import KeptList

LIST, ONE, PUBLISH = (f"lifecycle/growth/tiering/{name}.html" for name in ("programmes", "rules", "publish"))
MEASURES = KeptList(
    OwnMeasure,
    "lifecycle",
    "tier_measures",
    "Numbers for tiers",
    "What tiers can want beside what is counted.",
)
State = TierRules.State
Act = Callable[[datetime], str]


@login_required
@require_safe
def programmes(request: PersonRequest) -> HttpResponse:
    """Every programme with its version and draft."""
    permitted_or_403(request.user, "edit tiers")
    rows = Programme.objects.filter(retired_at=None).select_related("kind").prefetch_related("tier_rules")
    counted = rows.annotate(n=Count("memberships", filter=Q(memberships__ends_on=None)))
    found = [
        (each, n, _in(each, State.PUBLISHED), _in(each, State.DRAFT))
        for each in counted
        for n in [getattr(each, "n", 0)]
    ]
    return pages.shown(request, LIST, {"programmes": found})


def _in(programme: Programme, state: str) -> TierRules | None:
    return next((each for each in programme.tier_rules.all() if each.state == state), None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tier_rules(request: PersonRequest, pk: int) -> HttpResponse:
    """The rules of one programme; sent, a tier wants something in the draft."""
    programme = _programme(request, pk)
    if request.method != "POST":
        return pages.shown(request, ONE, _context(programme))
    form = RequirementForm(request.POST, programme=programme)

    def act(at: datetime) -> str:
        asked = dict(form.cleaned_data)
        kept = editing.want(programme, **asked, by=request.user, at=at)
        return _("{tier} wants it, in the draft.").format(tier=kept.tier)

    return _press(request, programme, "form", form, act)


@login_required
@require_POST
def drop(request: PersonRequest, pk: int) -> HttpResponse:
    """A tier wants something no more, in the draft."""
    permitted_or_403(request.user, "edit tiers")
    rows = Requirement.objects.select_related("rules__programme", "tier")
    wanted = found_or_404(rows, pk=pk)
    programme = wanted.rules.programme

    def act(at: datetime) -> str:
        editing.drop(programme, wanted.tier, wanted.criterion, by=request.user, at=at)
        return _("It is taken out of the draft.")

    return _press(request, programme, "", None, act)


@login_required
@require_POST
def notice_days(request: PersonRequest, pk: int) -> HttpResponse:
    programme = _programme(request, pk)
    form = NoticeDaysForm(request.POST)

    def act(at: datetime) -> str:
        editing.give_notice(programme, form.cleaned_data["days"], by=request.user, at=at)
        return _("It stands in the draft.")

    return _press(request, programme, "days_form", form, act)


@login_required
@require_POST
def discard(request: PersonRequest, pk: int) -> HttpResponse:
    programme = _programme(request, pk)

    def act(at: datetime) -> str:
        editing.discard(programme, by=request.user, at=at)
        return _("The draft is thrown away.")

    return _press(request, programme, "", None, act)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: PersonRequest, pk: int) -> HttpResponse:
    """The effect of the draft, then the press that lets it hold."""
    programme, at = _programme(request, pk), clock.now()
    draft = editing.draft_of(programme)
    form = PublishForm(request.POST or None, initial={"seen": draft.pk if draft else None})
    if request.method == "POST" and form.is_valid():
        try:
            editing.publish(programme, **form.cleaned_data, by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            says = _("The rules hold. Memberships are measured within a minute.")
            return pages.done(request, TierRules(programme=programme).get_absolute_url(), says)
    if draft is None and request.method != "POST":
        return pages.done(request, TierRules(programme=programme).get_absolute_url(), _("There is no draft."))
    effect = effects.of(draft, timezone.localdate(at), request.user) if draft else None
    context = {"programme": programme, "draft": draft, "form": form, "effect": effect}
    show = pages.again if form.errors else pages.shown
    return show(request, PUBLISH, context)


@login_required
@require_POST
def add_benefit(request: PersonRequest, pk: int) -> HttpResponse:
    programme = _programme(request, pk)
    form = BenefitForm(request.POST, programme=programme)

    def act(at: datetime) -> str:
        made = benefits.add(**form.cleaned_data, by=request.user, at=at)
        return _("{tier} gives it from now on.").format(tier=made.tier)

    return _press(request, programme, "benefit_form", form, act)


@login_required
@require_POST
def retire_benefit(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "edit tiers")
    benefit = found_or_404(Benefit.objects.select_related("tier__programme"), pk=pk)

    def act(at: datetime) -> str:
        benefits.retire(benefit, by=request.user, at=at)
        return _("It is given no more. What is promised stays promised.")

    return _press(request, benefit.tier.programme, "", None, act)


def _press(
    request: PersonRequest, programme: Programme, name: str, form: forms.Form | None, act: Act
) -> HttpResponse:
    refusal = ""
    if form is None or form.is_valid():
        try:
            says = act(clock.now())
            return pages.done(request, TierRules(programme=programme).get_absolute_url(), says)
        except Refused as error:
            refusal = str(error)
    if form is not None and refusal:
        form.add_error(None, refusal)
    context = _context(programme) | ({name: form} if form is not None else {"refusal": refusal})
    return pages.again(request, ONE, context)


def _programme(request: PersonRequest, pk: int) -> Programme:
    permitted_or_403(request.user, "edit tiers")
    programme: Programme = found_or_404(Programme.objects.select_related("kind"), pk=pk)
    return programme


def _context(programme: Programme) -> dict[str, Any]:
    versions = list(programme.tier_rules.select_related("by").order_by("-number"))
    draft = next((each for each in versions if each.state == State.DRAFT), None)
    current = next((each for each in versions if each.state == State.PUBLISHED), None)
    shown = draft or current
    wanted = list(shown.requirements.select_related("tier")) if shown else []
    known = criteria.known()
    given = list(Benefit.objects.filter(tier__programme=programme, retired_at=None))
    tiers = list(programme.tiers.filter(retired_at=None))
    return {
        "programme": programme,
        "versions": [each for each in versions if each is not draft],
        "draft": draft,
        "current": current,
        "tiers": [
            {
                "tier": each,
                "is_lowest": n == len(tiers) - 1,
                "wants": [effects.in_words(one, known) for one in wanted if one.tier_id == each.pk],
                "gives": [one for one in given if one.tier_id == each.pk],
            }
            for n, each in enumerate(tiers)
        ],
        "form": RequirementForm(programme=programme),
        "days_form": NoticeDaysForm(initial={"days": (shown or TierRules()).notice_days}),
        "benefit_form": BenefitForm(programme=programme),
    }
