"""The joint plan: the partner's goals, which it keeps itself, objectives, and targets with their actuals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal import seen
from portal.door import PartnerRequest, for_contacts
from portal.forms import GoalForm
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from reviews.meetings import listing
from reviews.planning import goals, showing, standing
from reviews.planning.models import Goal

SCREEN, ROWS = "portal/joint_plan.html", "portal/target.html"


@for_contacts
@require_safe
def joint_plan(request: PartnerRequest) -> HttpResponse:
    return _shown(request, GoalForm())


@for_contacts
@require_POST
def add_goal(request: PartnerRequest) -> HttpResponse:
    form, at = GoalForm(request.POST), clock.now()

    def act() -> None:
        goals.add(request.partner, form.cleaned_data["text"], by=request.contact, at=at)

    return _pressed(request, form, act, _("It is in the plan. We say what we do for it."), at)


@for_contacts
@require_POST
def change_goal(request: PartnerRequest, pk: int) -> HttpResponse:
    """Other words for it; or it is reached, or dropped."""
    goal = found_or_404(seen.goals(request.partner), pk=pk)
    do, at = request.POST.get("do", ""), clock.now()
    ends = do in {Goal.State.REACHED, Goal.State.DROPPED}
    form = GoalForm({"text": goal.text} if ends else request.POST, auto_id=f"g{goal.pk}_%s")

    def act() -> None:
        if ends:
            goals.end(goal, do, by=request.contact, at=at)
        else:
            goals.change(goal, form.cleaned_data["text"], by=request.contact, at=at)

    return _pressed(request, form, act, _("The plan is changed."), at, goal)


@for_contacts
@require_safe
def target(request: PartnerRequest, pk: int) -> HttpResponse:
    """What a number is made of; single answers to surveys are not shown to colleagues."""
    found = found_or_404(seen.targets(request.partner).select_related("partner", "objective"), pk=pk)
    each = standing.of_target(found, listing.today())
    is_private = each.measure.is_private
    context = {
        "token": request.token,
        "partner": request.partner,
        "each": each,
        "entries": [] if is_private else [entry.for_partner() for entry in each.entries],
        "ahead": [entry.for_partner() for entry in standing.ahead_of(each)],
        "is_private": is_private,
    }
    return pages.shown(request, ROWS, context)


def _pressed(
    request: PartnerRequest,
    form: GoalForm,
    act: Callable[[], None],
    says: str,
    at: datetime,
    goal: Goal | None = None,
) -> HttpResponse:
    if form.is_valid():
        try:
            with transaction.atomic():
                if form.spend(at):
                    act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, reverse("portal:joint_plan", args=[request.token]), says)
    return _shown(request, form, goal, status=422)


def _shown(
    request: PartnerRequest, form: GoalForm, goal: Goal | None = None, status: int = 200
) -> HttpResponse:
    """The page; a form that was refused stands at its goal, or where one is added."""
    page = showing.page(request.partner, listing.today(), "all" in request.GET).for_partner()
    rows = [
        (each, _form(each, form if goal is not None and goal.pk == each.pk else None)) for each in page.goals
    ]
    context = {
        "token": request.token,
        "partner": request.partner,
        "page": page,
        "goals": rows,
        "form": form if goal is None else GoalForm(),
    }
    return pages.again(request, SCREEN, context, status)


def _form(goal: Goal, typed: GoalForm | None) -> GoalForm | None:
    """The form that changes a goal, while it is pursued."""
    new = GoalForm(initial={"text": goal.text}, auto_id=f"g{goal.pk}_%s") if goal.is_open else None
    return typed or new
