"""Integrations with partners: the list, one of them, and what is done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lifecycle.forms import ReasonForm
from lifecycle.models import Integration
from lifecycle.onboarding import approval, templates
from lifecycle.onboarding.integrating import integrations, page
from lifecycle.onboarding.integrating.forms import BeginForm, IntegrationForm, LiveForm
from lifecycle.onboarding.integrating.listing import IntegrationListing
from lifecycle.views.asking import Question, answer, partner_to
from partners import history
from partners.models import Event, Partner
from prm import clock, pages
from prm.access import found_or_404
from team import choosing
from team.requests import PersonRequest
from team.roles import may

LIST, SCREEN = (f"lifecycle/onboarding/integrating/{name}.html" for name in ("list", "one"))
BEGIN = Question(
    "Begin an integration", "The checklist of the product becomes a plan of both sides.", "Begin"
)
CHANGE = Question("Change the integration", "Whoever you name is told.", "Save")
LIVE = Question("The integration is live", "That is written down as evidence with its day.", "It is live")
STOP = Question("End the integration", "What is open of its checklist is left out.", "End it")
NO_CHECKLIST = "Begin with a checklist first: under Settings, add a plan template that names a product."
VIEWS = [
    ("Being built", "state=running"),
    ("Blocked", "blocked=1"),
    ("Live", "state=live"),
    ("Over", "state=ended&state=stopped"),
    ("All", ""),
]


@login_required
@require_safe
@choosing.called_by_id("person")
def integrations_page(request: PersonRequest) -> HttpResponse:
    listing = IntegrationListing(request.GET, request.user)
    asked = listing.url().removeprefix("?")
    kept = [(name, value) for name in ("state", "blocked", "partner") for value in request.GET.getlist(name)]
    context = {
        **listing.page(timezone.localdate(clock.now())),
        "faults": listing.faults,
        "form": listing.filter.form,
        "typing": choosing.typing(listing.filter, "person"),
        "offers": choosing.offers(listing.filter, "person"),
        "kept": kept,
        "views": [(name, f"?{query}", query == asked) for name, query in VIEWS],
        "begin_url": _begin_url(request),
    }
    return pages.shown(request, LIST, context)


def _begin_url(request: PersonRequest) -> str:
    """Where one is begun with the partner the list is narrowed to; "" where this person may not."""
    asked = request.GET.get("partner", "")[:15]
    seen = Partner.objects.visible_to(request.user)
    partner = seen.filter(pk=asked).first() if asked.isascii() and asked.isdigit() else None
    may_begin = partner is not None and may(request.user, "plan tasks", partner)
    return reverse("lifecycle:integration_begin", args=[partner.pk]) if partner and may_begin else ""


@login_required
@require_safe
def integration(request: PersonRequest, pk: int) -> HttpResponse:
    """One integration: its checklist, obstacles, environments and people, and what stands before live."""
    found = seen_one(request, pk)
    shown = page.of(found, timezone.localdate(clock.now()))
    may_change = integrations.allowed(request.user, found)
    may_task = may_change and may(request.user, "change task", found)
    tasks = [line.task for line in shown.lines]
    context = {
        "integration": found,
        "partner": found.partner,
        "page": shown,
        "may_change": may_change and found.is_standing,
        "may_raise": may(request.user, "write to partner", found.partner) and found.is_standing,
        "to_decide": approval.waiting(tasks),
        "obstacles_of_mine": {
            obstacle.pk
            for obstacle in shown.open_obstacles
            if found.is_standing and (may_change or obstacle.owner_id == request.user.pk)
        },
        "mine": {task.pk for task in tasks if may_task or task.owner_id == request.user.pk},
        "events": history.about("integration", found.pk).ask(),
    }
    return pages.shown(request, SCREEN, context)


@login_required
@require_http_methods(["GET", "POST"])
def begin(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, "plan tasks")
    offered = templates.checklists(partner)
    first = {
        "checklist": offered[0] if offered else None,
        "our_contact": request.user,
        "their_contact": next(iter(integrations.technical(partner)), None),
        "starts_on": timezone.localdate(clock.now()),
    }
    form = BeginForm(request.POST or None, partner=partner, checklists=offered, initial=first)
    begun: list[Integration] = []

    def act(asked: dict[str, Any], at: datetime) -> None:
        args = (partner, asked["checklist"], asked["starts_on"], form.wanted)
        begun.append(integrations.begin(*args, by=request.user, at=at))

    def back() -> str:
        return begun[0].get_absolute_url() if begun else partner.get_absolute_url()

    question = BEGIN if offered else Question(BEGIN.title, _(NO_CHECKLIST), BEGIN.button)
    return answer(request, partner, question, form, act, _("The integration is begun."), back)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    found = to_change(request, pk)
    first = {name: getattr(found, name) for name in integrations.AHEAD}
    if found.misses_theirs and found.their_contact is not None:
        first["their_contact"] = found.their_contact.successor
    form = IntegrationForm(request.POST or None, partner=found.partner, initial=first)

    def act(asked: dict[str, Any], at: datetime) -> None:
        integrations.change(found, asked, by=request.user, at=at)

    says, back = _("The integration is changed."), found.get_absolute_url
    return answer(request, found.partner, CHANGE, form, act, says, back)


@login_required
@require_http_methods(["GET", "POST"])
def live(request: PersonRequest, pk: int) -> HttpResponse:
    found = to_change(request, pk)
    form = LiveForm(request.POST or None, initial={"on": timezone.localdate(clock.now())})

    def act(asked: dict[str, Any], at: datetime) -> Event:
        return integrations.go_live(found, asked["on"], by=request.user, at=at)

    says = _("{integration} is live.").format(integration=found)
    return answer(request, found.partner, LIVE, form, act, says, found.get_absolute_url)


@login_required
@require_http_methods(["GET", "POST"])
def stop(request: PersonRequest, pk: int) -> HttpResponse:
    found = to_change(request, pk)
    form = ReasonForm(request.POST or None)

    def act(asked: dict[str, Any], at: datetime) -> None:
        integrations.stop(found, asked["reason"], by=request.user, at=at)

    return answer(request, found.partner, STOP, form, act, _("It has ended."), found.get_absolute_url)


def seen_one(request: PersonRequest, pk: int) -> Integration:
    """The integration, where this person may see it; else 404."""
    related = ("partner__owner", "product", "plan__template", "our_contact", "their_contact__successor")
    found: Integration = found_or_404(
        Integration.objects.visible_to(request.user).select_related(*related), pk=pk
    )
    return found


def to_change(request: PersonRequest, pk: int) -> Integration:
    """The same, where this person may change it, too; else 403."""
    found = seen_one(request, pk)
    integrations.allowed_or_403(request.user, found)
    return found
