"""The lists of partners under Settings: types, end reasons, and programmes with their tiers."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from partners import lists
from partners.models import EndReason, PartnerType, Programme, Source, Tier
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.forms import EntryForm
from team.requests import PersonRequest
from team.roles import permitted_or_403
from team.views.lists import KeptList, change_entry

SCREEN = "partners/programmes.html"

TYPES = KeptList(PartnerType, "partners", "types", "Partner types", "What sort of partner somebody is.")
END_REASONS = KeptList(
    EndReason, "partners", "end_reasons", "End reasons", "Why a prospect is declined or a partnership ends."
)

SOURCES = KeptList(
    Source, "partners", "sources", "Sources", "By what prospects come; what each brings is counted by it."
)


class ProgrammeForm(EntryForm):
    kind = forms.ModelChoiceField(
        label="For partners of type",
        queryset=PartnerType.objects.filter(retired_at=None),
        empty_label="Choose…",
    )


class TierForm(EntryForm):
    weight = forms.DecimalField(
        label="Share of a manager's load",
        min_value=0,
        max_value=20,
        decimal_places=2,
        initial=1,
        help_text="1 is a steady partner in growth.",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def programmes(request: PersonRequest) -> HttpResponse:
    """Each programme with its tiers, highest first, and the form that adds a programme."""
    permitted_or_403(request.user, "edit settings")
    form = ProgrammeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = lists.add_programme(**form.cleaned_data)
            return pages.done(request, "partners:programmes", f"“{added}” is there. Give it tiers.")
        except Refused as refusal:
            form.add_error("name", str(refusal))
    answer = pages.again if form.is_bound else pages.shown
    return answer(request, SCREEN, _context(form=form))


@login_required
@require_POST
def programme(request: PersonRequest, pk: int) -> HttpResponse:
    """One programme: renamed, moved, retired or restored."""
    permitted_or_403(request.user, "edit settings")
    held = found_or_404(Programme.objects.all(), pk=pk)
    return _said(
        request, lambda: change_entry(held, request.POST.get("do", ""), request.POST.get("name", ""))
    )


@login_required
@require_POST
def add_tier(request: PersonRequest, pk: int) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    held = found_or_404(Programme.objects.all(), pk=pk)

    def verb() -> str:
        return f"“{lists.add_tier(held, **_typed(request))}” is the lowest tier of {held} now."

    return _said(request, verb)


@login_required
@require_POST
def tier(request: PersonRequest, pk: int) -> HttpResponse:
    """One tier: changed, moved, retired or restored."""
    permitted_or_403(request.user, "edit settings")
    held = found_or_404(Tier.objects.select_related("programme"), pk=pk)
    return _said(request, lambda: _change_tier(held, request))


def _change_tier(held: Tier, request: PersonRequest) -> str:
    do = request.POST.get("do", "")
    if do == "change":
        return f"It is called “{lists.change_tier(held, **_typed(request), at=clock.now())}” now."
    if do in {"up", "down"}:
        lists.move_tier(held, -1 if do == "up" else 1)
        return f"“{held}” moved {do}."
    if do == "retire":
        lists.retire_tier(held, clock.now())
        return f"“{held}” is offered no more. What carries it keeps it."
    if do == "restore":
        lists.restore_tier(held)
        return f"“{held}” is offered again."
    raise lists.ListRefused("A tier can be changed, moved, retired or restored.")


def _typed(request: PersonRequest) -> dict[str, Any]:
    """Name and weight as typed; what cannot be read is refused in words that name the field."""
    form = TierForm(request.POST)
    if not form.is_valid():
        raise lists.ListRefused(
            " ".join(f"{form[name].label}: {errors[0]}" for name, errors in form.errors.items())
        )
    return form.cleaned_data


def _said(request: PersonRequest, verb: Callable[[], str]) -> HttpResponse:
    try:
        return pages.done(request, "partners:programmes", verb())
    except Refused as refusal:
        return pages.again(request, SCREEN, _context(refusal=str(refusal)), status=409)


def _context(form: ProgrammeForm | None = None, refusal: str = "") -> dict[str, Any]:
    held = Programme.objects.select_related("kind").prefetch_related("tiers").order_by("position", "name")
    return {
        "programmes": held,
        "form": form or ProgrammeForm(),
        "refusal": refusal,
    }
