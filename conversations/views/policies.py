"""Response policies under Settings: which there are, what each says, and what it would do."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import policies, previews
from conversations.models import Policy
from conversations.policy_form import PolicyForm
from prm import clock, pages
from prm.access import found_or_404
from prm.calendars import NoWorkingTime
from prm.refusals import Refused
from team.models import Company
from team.requests import PersonRequest
from team.roles import permitted_or_403

LIST = "conversations/policies.html"
ONE = "conversations/policy.html"


@login_required
@require_safe
def policies_page(request: PersonRequest) -> HttpResponse:
    """Each policy in the order in which they are tried; those switched off below."""
    permitted_or_403(request.user, "edit settings")
    scoped = policies.in_order().prefetch_related("tiers", "kinds", "regions")
    return pages.shown(request, LIST, {"policies": scoped, "off": policies.switched_off()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    return _edit(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: PersonRequest, pk: int) -> HttpResponse:
    """One policy: what it says now, and a new version of it."""
    permitted_or_403(request.user, "edit settings")
    held = found_or_404(Policy.objects.filter(decides=""), pk=pk)
    newest = Policy.objects.filter(family=held.family).order_by("-is_active", "-version").first() or held
    return _edit(request, newest)


@login_required
@require_POST
def preview(request: PersonRequest) -> HttpResponse:
    """What the policy just typed would do; without words where it cannot be read yet."""
    permitted_or_403(request.user, "edit settings")
    return pages.shown(request, f"{ONE}#due", _context(None, PolicyForm(request.POST)))


@login_required
@require_POST
def switch_off(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    held = found_or_404(Policy.objects.filter(decides=""), pk=pk)
    try:
        cancelled = policies.switch_off(held, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, "conversations:policies", str(refusal))
    says = f"“{held.name}” is switched off. Open clocks under it that were stopped: {cancelled}."
    return pages.done(request, "conversations:policies", says)


@login_required
@require_POST
def switch_on(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    held = found_or_404(Policy.objects.filter(decides=""), pk=pk)
    try:
        policies.switch_on(held, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, "conversations:policies", str(refusal))
    return pages.done(request, "conversations:policies", f"“{held.name}” is switched on for what comes now.")


def _edit(request: PersonRequest, held: Policy | None) -> HttpResponse:
    """The editor: “Show” only reckons the example anew, “Save” makes the policy or its new version."""
    form = PolicyForm(request.POST or None, policy=held)
    if request.method != "POST":
        return pages.shown(request, ONE, _context(held, form))
    if form.is_valid() and "show" not in request.POST:
        try:
            return pages.done(request, "conversations:policies", _saved(request, held, form))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, ONE, _context(held, form), status=200 if form.is_valid() else 422)


def _saved(request: PersonRequest, held: Policy | None, form: PolicyForm) -> str:
    at, by = clock.now(), request.user
    if held is None:
        made = policies.add(by, at, **form.terms)
        return f"“{made.name}” is there, for what comes from now on."
    made = policies.revise(held, by, at, **form.terms)
    if made.pk == held.pk:
        return f"“{made.name}” stays as it is."
    return f"“{made.name}” is changed, for what comes from now on."


def _context(held: Policy | None, form: PolicyForm) -> dict[str, Any]:
    return {
        "policy": held,
        "form": form,
        "example": _example(form),
        "versions": Policy.objects.filter(family=held.family).order_by("-version")[:10] if held else [],
        "here": held.get_absolute_url() if held else reverse("conversations:policy_add"),
    }


def _example(form: PolicyForm) -> previews.Example | None:
    """What the form as it stands would do; None where it cannot be read."""
    read = form if form.is_bound else PolicyForm({**_defaults(form), **form.initial})
    if not read.is_valid():
        return None
    said = {name: value for name, value in read.terms.items() if name in policies.TERMS}
    calendar = Company.objects.select_related("calendar").get().calendar
    try:
        return previews.of_policy(Policy(**said), calendar, timezone.localdate(clock.now()))
    except NoWorkingTime:
        return None


def _defaults(form: PolicyForm) -> dict[str, Any]:
    """What an untouched form shows; a new policy has no name yet."""
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in shown.items() if value is not None} | {"name": "New"}
