"""Environments and obstacles of an integration."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lifecycle.models import Environment, Integration, Obstacle
from lifecycle.onboarding.integrating import environments, integrations, obstacles
from lifecycle.onboarding.integrating.forms import (
    EnvironmentForm,
    ObstacleForm,
    ObstacleOwnerForm,
    SolveForm,
    first_of,
)
from lifecycle.onboarding.views.integrations import seen_one, to_change
from lifecycle.views.asking import Question, answer
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

ADD = Question("Add an environment", "The partner sees it in the portal.", "Add it")
EDIT = Question("Change the environment", "The partner sees it in the portal.", "Save")
RAISE = Question("Something is in the way", "What blocks it stands before going live.", "Note it")
PASS = Question("Change the obstacle", "Whoever is put down for it is told.", "Save")
SOLVE = Question("The obstacle is solved", "Both sides read how.", "It is solved")


@login_required
@require_http_methods(["GET", "POST"])
def environment_add(request: PersonRequest, pk: int) -> HttpResponse:
    return _keep(request, to_change(request, pk), None)


@login_required
@require_http_methods(["GET", "POST"])
def environment(request: PersonRequest, pk: int) -> HttpResponse:
    seen = Integration.objects.visible_to(request.user)
    kept = found_or_404(Environment.objects.filter(integration__in=seen), pk=pk)
    return _keep(request, to_change(request, kept.integration_id), kept)


def _keep(request: PersonRequest, found: Integration, kept: Environment | None) -> HttpResponse:
    first = (
        {name: getattr(kept, name) for name in EnvironmentForm.base_fields if name != "once"} if kept else {}
    )
    form = EnvironmentForm(request.POST or None, initial=first)

    def act(asked: dict[str, Any], at: datetime) -> None:
        environments.keep(found, kept, form.facts, by=request.user, at=at)

    question, says = (EDIT if kept else ADD), _("The environment is saved.")
    return answer(request, found.partner, question, form, act, says, found.get_absolute_url)


@login_required
@require_http_methods(["GET", "POST"])
def obstacle_add(request: PersonRequest, pk: int) -> HttpResponse:
    found = seen_one(request, pk)
    permitted_or_403(request.user, "write to partner", found.partner)
    form = ObstacleForm(request.POST or None, integration=found)

    def act(asked: dict[str, Any], at: datetime) -> None:
        obstacles.raise_one(found, by=request.user, at=at, **form.facts)

    return answer(request, found.partner, RAISE, form, act, _("It is noted."), found.get_absolute_url)


@login_required
@require_http_methods(["GET", "POST"])
def obstacle(request: PersonRequest, pk: int) -> HttpResponse:
    """Who solves it, and whether it blocks."""
    kept = _obstacle(request, pk)
    form = ObstacleOwnerForm(request.POST or None, integration=kept.integration, initial=first_of(kept))

    def act(asked: dict[str, Any], at: datetime) -> None:
        obstacles.change(kept, form.facts, by=request.user, at=at)

    says, partner = _("The obstacle is changed."), kept.integration.partner
    return answer(request, partner, PASS, form, act, says, kept.integration.get_absolute_url)


@login_required
@require_http_methods(["GET", "POST"])
def obstacle_solve(request: PersonRequest, pk: int) -> HttpResponse:
    kept = _obstacle(request, pk)
    form = SolveForm(request.POST or None)

    def act(asked: dict[str, Any], at: datetime) -> None:
        obstacles.solve(kept, asked["resolution"], by=request.user, at=at)

    says, partner = _("The obstacle is solved."), kept.integration.partner
    return answer(request, partner, SOLVE, form, act, says, kept.integration.get_absolute_url)


@login_required
@require_POST
def obstacle_reopen(request: PersonRequest, pk: int) -> HttpResponse:
    kept, says = _obstacle(request, pk), _("The obstacle is open again.")
    try:
        obstacles.open_again(kept, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        says = ""
    return pages.done(request, kept.integration, says)


def _obstacle(request: PersonRequest, pk: int) -> Obstacle:
    """The obstacle, where this person may change its integration, or solves it."""
    seen = Integration.objects.visible_to(request.user)
    rows = Obstacle.objects.filter(integration__in=seen)
    kept = found_or_404(rows.select_related("integration__partner__owner", "integration__product"), pk=pk)
    if kept.owner_id != request.user.pk:
        integrations.allowed_or_403(request.user, kept.integration)
    return kept
