"""What the pipeline is made of, under Settings: its phases, and the products deals are about."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lifecycle.growth import phases as kept
from lifecycle.growth.forms import PhaseForm
from lifecycle.growth.models import Phase, Product
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403
from team.views.lists import KeptList

SCREEN = "lifecycle/growth/phases.html"
PRODUCTS = KeptList(Product, "lifecycle", "products", "Products", "What deals are about.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def phases(request: PersonRequest) -> HttpResponse:
    """The phases in order, and the form that adds one."""
    permitted_or_403(request.user, "edit settings")
    form = PhaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = kept.add(form.cleaned_data["name"], form.cleaned_data["probability"])
            return pages.done(request, "lifecycle:phases", _("“{phase}” is a phase now.").format(phase=added))
        except Refused as refusal:
            form.add_error("name", str(refusal))
    return _shown(request, form, 422 if form.is_bound else 200)


@login_required
@require_POST
def phase(request: PersonRequest, pk: int) -> HttpResponse:
    """Change one phase: `do` says what (save, up, down, retire, restore)."""
    permitted_or_403(request.user, "edit settings")
    changed = found_or_404(Phase.objects.all(), pk=pk)
    form = PhaseForm(request.POST)
    do = request.POST.get("do", "save")
    try:
        if do == "save" and not form.is_valid():
            name, errors = next(iter(form.errors.items()))
            raise kept.PhaseRefused(f"{changed}: {form.fields[name].label}: {errors[0]}")
        says = kept.change(changed, do, form.cleaned_data if do == "save" else {}, clock.now())
    except Refused as refusal:
        return _shown(request, PhaseForm(), 409, str(refusal))
    return pages.done(request, "lifecycle:phases", says)


def _shown(request: PersonRequest, form: PhaseForm, status: int, refusal: str = "") -> HttpResponse:
    context = {"form": form, "phases": Phase.objects.all(), "refusal": refusal}
    return pages.again(request, SCREEN, context, status=status)
