"""Objectives of the company: the list, and which objectives of joint plans serve each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partners.models import seen_by
from prm import clock, pages, quarters
from prm.access import found_or_404
from prm.refusals import Refused
from reviews.planning import company
from reviews.planning.forms import CompanyObjectiveForm
from reviews.planning.models import CompanyObjective, Objective
from team.companies import fiscal_month
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

LIST, ONE = "reviews/planning/company.html", "reviews/planning/company_objective.html"
SET = "set company objectives"
MOST = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def company_objectives(request: PersonRequest) -> HttpResponse:
    """All that stand, by year; the head adds to them."""
    at, may_set = clock.now(), may(request.user, SET)
    form = CompanyObjectiveForm(company.years(at), request.POST or None, initial={"owner": request.user})
    if request.method == "POST":
        permitted_or_403(request.user, SET)
        if _kept(form, at, lambda: company.add(form.wanted, by=request.user, at=at)):
            return pages.done(request, "reviews:company_objectives", _("The objective is there."))
    mine = Count("served_by", filter=seen_by(request.user, "served_by__partner"))
    rows = CompanyObjective.objects.filter(dropped_at=None).select_related("owner").annotate(n=mine)
    begins = fiscal_month()
    context = {
        "rows": [(each, quarters.name_of_year(each.year, begins)) for each in rows[:MOST]],
        "form": form if may_set else None,
        "may_set": may_set,
    }
    return pages.again(request, LIST, context, 422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def company_objective(request: PersonRequest, pk: int) -> HttpResponse:
    """One, with what serves it; the head changes its words, year and owner."""
    found = found_or_404(CompanyObjective.objects.select_related("owner"), pk=pk)
    at, begins = clock.now(), fiscal_month()
    years = dict(company.years(at)) | {found.year: quarters.name_of_year(found.year, begins)}
    first = {"text": found.text, "year": found.year, "owner": found.owner_id}
    form = CompanyObjectiveForm(sorted(years.items()), request.POST or None, initial=first)
    if request.method == "POST":
        permitted_or_403(request.user, SET)
        if _kept(form, at, lambda: company.change(found, form.wanted, by=request.user, at=at)):
            return pages.done(request, found, _("The objective is changed."))
    serving = Objective.objects.visible_to(request.user).filter(serves=found)
    context = {
        "objective": found,
        "year": quarters.name_of_year(found.year, begins),
        "serving": serving.select_related("partner").order_by("partner__sort_name", "pk")[:MOST],
        "form": form if may(request.user, SET) and found.dropped_at is None else None,
    }
    return pages.again(request, ONE, context, 422 if form.errors else 200)


@login_required
@require_POST
def company_objective_drop(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, SET)
    company.drop(found_or_404(CompanyObjective.objects.all(), pk=pk), by=request.user, at=clock.now())
    return pages.done(request, "reviews:company_objectives", _("The objective is dropped."))


def _kept(form: Any, at: datetime, act: Any) -> bool:
    """Whether what was typed could be kept; what stands against it stands at the form."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            if form.spend(at):
                act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
