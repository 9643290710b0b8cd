"""Plans of partners: made, read, moved, stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lifecycle.forms import ReasonForm
from lifecycle.models import Integration, Plan
from lifecycle.onboarding import approval, offsets, owners, page, plans, templates
from lifecycle.onboarding.forms import MakePlanForm, StartForm
from lifecycle.onboarding.listing import CHOOSERS, PlanListing
from lifecycle.views.asking import SCREEN, Question, answer, partner_to
from partners import history
from partners.models import Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.questions import Asked, key
from prm.questions import Question as Asking
from prm.together import together
from team import choosing, companies
from team.readers import reader
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

MAKE = Question(
    "Make a plan", "A copy of the template: what is changed later stays with it.", "Make the plan"
)
MOVE = Question("Move the start", "What is open moves with it; what is done stays.", "Move it")
STOP = Question("Stop the plan", "What is open is left out with this reason.", "Stop it")
VIEWS = [
    (gettext_lazy("Running"), "state=running"),
    (gettext_lazy("Late"), "late=true&sort=start"),
    (gettext_lazy("Mine"), "state=running&owner=me"),
    (gettext_lazy("Finished"), "state=finished"),
    (gettext_lazy("All"), ""),
]
BESIDE = {"q", "after", "before", *CHOOSERS}
WITH = ("partner__owner", "template", "version")
SEEN = Asking(lambda who: Plan.objects.visible_to(who).filter(pk=key("plan")).select_related(*WITH))
CHECKS = Asking(lambda: Integration.objects.filter(plan=key("plan")).select_related("product"))
NEWEST = Asking(lambda: templates.newest().filter(template=key("template"))[:1])


@login_required
@require_safe
@choosing.called_by_id("owner")
def plans_page(request: PersonRequest) -> HttpResponse:
    """The plans of all partners."""
    listing = PlanListing(request.GET, request.user)
    asked = listing.url().removeprefix("?")
    context = {
        **listing.page(timezone.localdate(clock.now())),
        "q": request.GET.get("q", ""),
        "typing": choosing.typing(listing.filter, "owner"),
        "offers": choosing.offers(listing.filter, "owner"),
        "choosers": [listing.filter.form[name] for name in CHOOSERS],
        "kept": [(name, value) for name, value in request.GET.items() if name not in BESIDE and value],
        "faults": listing.faults,
        "views": [(name, f"?{query}", query == asked) for name, query in VIEWS],
        "may_edit": may(request.user, "edit settings"),
    }
    return pages.shown(request, "lifecycle/onboarding/plans.html", context)


@login_required
@require_safe
def plan(request: PersonRequest, pk: int) -> HttpResponse:
    """One plan: its timeline, its tasks, where it should be today."""
    found = next(iter(SEEN.ask(reader(request.user), reader=request.user.pk, plan=pk)), None)
    if found is None:
        raise Http404
    with together([*page.asked(found), *_beside(found)]):
        context = _page(request, found)
    return pages.shown(request, "lifecycle/onboarding/plan.html", context)


def _beside(plan: Plan) -> list[Asked[Any]]:
    """What stands beside the tasks: its history, the integration it is the checklist of, the template now."""
    template = plan.template_id or 0
    return [history.about("plan", plan.pk), CHECKS.of(plan=plan.pk), NEWEST.of(template=template)]


def _page(request: PersonRequest, plan: Plan) -> dict[str, Any]:
    events, integrations, newest = (each.ask() for each in _beside(plan))
    may_change = may(request.user, "plan tasks", plan)
    shown = page.of(plan, timezone.localdate(clock.now()))
    is_offered = bool(newest) and plan.is_running and may_change
    return {
        "plan": plan,
        "is_behind": is_offered and newest[0].pk != plan.version_id,
        "partner": plan.partner,
        "integration": next(iter(integrations), None),
        "page": shown,
        "may_change": may_change,
        "to_decide": approval.waiting(shown.tasks),
        "mine": {task.pk for task in shown.tasks if may_change or task.owner_id == request.user.pk},
        "events": events,
    }


@login_required
@require_http_methods(["GET", "POST"])
def make(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to(request, pk, "plan tasks")
    offered = templates.offered(partner)
    first = {"template": offered[0] if offered else None, "starts_on": timezone.localdate(clock.now())}
    form = MakePlanForm(request.POST or None, templates=offered, initial=first)
    if request.POST.get("do") == "preview" and form.is_valid():
        context = {
            "question": MAKE,
            "back_url": partner.get_absolute_url(),
            "next": pages.next_or(request, ""),
        }
        return pages.shown(request, SCREEN, context | {"form": form, **_preview(partner, form.cleaned_data)})
    made: list[Plan] = []

    def act(asked: dict[str, Any], at: datetime) -> None:
        made.append(plans.make(partner, asked["template"], asked["starts_on"], by=request.user, at=at))

    def back() -> str:
        return made[0].get_absolute_url() if made else partner.get_absolute_url()

    question = MAKE if offered else replace(MAKE, words=_("An admin adds a template under Settings first."))
    more = _preview(partner, first) if offered else {}
    return answer(request, partner, question, form, act, _("The plan is made."), back, more)


def _preview(partner: Partner, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a plan would hold: each task with its day, and whom it falls to."""
    version = templates.published(asked["template"])
    steps = version.tasks.all() if version is not None else []
    calendar, start = companies.working_days(), asked["starts_on"]
    cast = owners.around(partner, partner.owner)
    return {
        "partner": partner,
        "template": asked["template"],
        "preview": [
            (step, offsets.day_after(calendar, start, step.offset_days), cast.name(step)) for step in steps
        ],
    }


@login_required
@require_http_methods(["GET", "POST"])
def move(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = StartForm(request.POST or None, initial={"starts_on": found.starts_on})
    moved: list[int] = []

    def act(asked: dict[str, Any], at: datetime) -> None:
        moved.append(plans.move(found, asked["starts_on"], by=request.user, at=at))

    def says() -> str:
        n = sum(moved)
        return ngettext("{n} open task moved with it.", "{n} open tasks moved with it.", n).format(n=n)

    return answer(request, found.partner, MOVE, form, act, says, found.get_absolute_url)


@login_required
@require_http_methods(["GET", "POST"])
def stop(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = ReasonForm(request.POST or None)

    def act(asked: dict[str, Any], at: datetime) -> None:
        plans.stop(found, asked["reason"], by=request.user, at=at)

    return answer(request, found.partner, STOP, form, act, _("The plan has ended."), found.get_absolute_url)


def _seen(request: PersonRequest, pk: int) -> Plan:
    found: Plan = found_or_404(Plan.objects.visible_to(request.user).select_related(*WITH), pk=pk)
    return found


def _to_change(request: PersonRequest, pk: int) -> Plan:
    found = _seen(request, pk)
    permitted_or_403(request.user, "plan tasks", found)
    return found
