"""The joint plan of one partner: its goals, objectives and targets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.views.asking import Question, answer, partner_to
from partners.models import Partner
from prm import addresses, clock, pages
from prm.access import found_or_404
from prm.money import Money
from prm.refusals import Refused
from reviews.meetings import listing
from reviews.models import Review
from reviews.planning import goals, showing, standing, targets
from reviews.planning.forms import GoalForm, TargetChangeForm, TargetForm
from reviews.planning.models import Goal, Target
from team.companies import zone_of
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

SCREEN, ROWS = "reviews/planning/plan.html", "reviews/planning/target.html"
CHANGE = "change joint plan"
ADD_GOAL = Question(
    gettext_lazy("A goal of theirs"),
    gettext_lazy("What the partner wants for itself stands first in the joint plan. It reads it, too."),
    gettext_lazy("Add it to the joint plan"),
)
CHANGE_GOAL = Question(
    gettext_lazy("A goal of theirs"), gettext_lazy("The partner reads it."), gettext_lazy("Save")
)
ADD_TARGET = Question(
    gettext_lazy("A target for a quarter"),
    gettext_lazy("What it brings is read from deals, training and satisfaction. The partner reads both."),
    gettext_lazy("Add it to the joint plan"),
)
CHANGE_TARGET = Question(
    gettext_lazy("Change the target"),
    gettext_lazy("What was wanted before stays in the history."),
    gettext_lazy("Save"),
)


@login_required
@require_safe
def plan(request: PersonRequest, pk: int) -> HttpResponse:
    partner = seen(request, pk)
    return pages.shown(request, SCREEN, context_of(request, partner))


def context_of(request: PersonRequest, partner: Partner, **more: Any) -> dict[str, Any]:
    """What the page of a joint plan shows."""
    return {
        "partner": partner,
        "page": showing.page(partner, listing.today(), "all" in request.GET),
        "may_change": may(request.user, CHANGE, partner),
        "next_review": Review.objects.ahead().filter(partner=partner).first(),
        **more,
    }


def seen(request: PersonRequest, pk: int) -> Partner:
    """The partner, where this person may see it; else 404."""
    partner: Partner = found_or_404(Partner.objects.visible_to(request.user).select_related("owner"), pk=pk)
    return partner


# --- goals ------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def goal_add(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, CHANGE)

    def act(asked: dict[str, Any], at: datetime) -> None:
        goals.add(partner, asked["text"], by=request.user, at=at, ours=asked["ours"])

    return _ask(request, partner, ADD_GOAL, GoalForm(request.POST or None), act, _("The goal is there."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def goal_change(request: PersonRequest, pk: int) -> HttpResponse:
    goal = _goal(request, pk)
    form = GoalForm(request.POST or None, initial={"text": goal.text, "ours": goal.ours})

    def act(asked: dict[str, Any], at: datetime) -> None:
        goals.change(goal, asked["text"], by=request.user, at=at, ours=asked["ours"])

    return _ask(request, goal.partner, CHANGE_GOAL, form, act, _("The goal is changed."))


@login_required
@require_POST
def goal_end(request: PersonRequest, pk: int) -> HttpResponse:
    """It is reached or dropped."""
    goal = _goal(request, pk)
    try:
        goals.end(goal, request.POST.get("do", ""), by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.again(request, SCREEN, context_of(request, goal.partner, refusal=refusal), 409)
    return pages.done(request, address_of(goal.partner), _("The goal has ended."))


def _goal(request: PersonRequest, pk: int) -> Goal:
    rows = Goal.objects.visible_to(request.user).select_related("partner__owner")
    goal: Goal = found_or_404(rows, pk=pk)
    permitted_or_403(request.user, CHANGE, goal)
    return goal


# --- targets ----------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def target_add(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, CHANGE)
    quarters = targets.offered(clock.now(), zone_of())
    form = TargetForm(partner, quarters, request.POST or None, initial={"quarter": quarters[1].first})

    def act(_asked: dict[str, Any], at: datetime) -> None:
        targets.set_one(partner, form.asked, by=request.user, at=at)

    return _ask(request, partner, ADD_TARGET, form, act, _("The target is set."))


@login_required
@require_safe
def target(request: PersonRequest, pk: int) -> HttpResponse:
    """What the figure is made of, and the pipeline beside it."""
    found = _target(request, pk)
    shown = standing.of_target(found, listing.today())
    context = {
        "partner": found.partner,
        "each": shown,
        "ahead": standing.ahead_of(shown),
        "may_change": may(request.user, CHANGE, found),
    }
    return pages.shown(request, ROWS, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def target_change(request: PersonRequest, pk: int) -> HttpResponse:
    found = _target(request, pk)
    permitted_or_403(request.user, CHANGE, found)
    wanted = Money(found.wanted, found.currency).amount if found.currency else found.wanted
    first = {"wanted": f"{wanted:f}" if found.currency else wanted, "objective": found.objective_id}
    form = TargetChangeForm(found, request.POST or None, initial=first)

    def act(asked: dict[str, Any], at: datetime) -> None:
        targets.change(found, asked["wanted"], asked["objective"], by=request.user, at=at)

    return _ask(request, found.partner, CHANGE_TARGET, form, act, _("The target is changed."))


@login_required
@require_POST
def target_drop(request: PersonRequest, pk: int) -> HttpResponse:
    found = _target(request, pk)
    permitted_or_403(request.user, CHANGE, found)
    targets.drop(found, by=request.user, at=clock.now())
    return pages.done(request, address_of(found.partner), _("The target is out of the plan."))


def _target(request: PersonRequest, pk: int) -> Target:
    rows = Target.objects.visible_to(request.user).select_related("partner__owner", "objective")
    found: Target = found_or_404(rows, pk=pk)
    return found


# --- shared -----------------------------------------------------------------------------------------------


def address_of(partner: Partner) -> str:
    """Where the joint plan of a partner stands."""
    return addresses.of("reviews:joint_plan", partner.pk)


def _ask(
    request: PersonRequest, partner: Partner, question: Question, form: forms.Form, act: Any, says: str
) -> HttpResponse:
    return answer(request, partner, question, form, act, says, lambda: address_of(partner))
