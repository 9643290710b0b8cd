"""Adding a partner and editing what we know of it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import duplicates, links, memberships, organisations
from partners.forms.organisations import EditPartnerForm, NewPartnerForm, PartnerForm
from partners.models import Link, Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import permitted_or_403

FORM = "partners/form.html"
either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@either
def add(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "add partner")
    if request.method != "POST":
        form = NewPartnerForm(
            request.user, initial={"owner": request.user, "name": request.GET.get("name", "")[:200]}
        )
        return pages.shown(request, FORM, _adding(form))
    form = NewPartnerForm(request.user, request.POST)
    if not form.is_valid():
        return pages.again(request, FORM, _adding(form))
    if alike := _alike(form, request.user):
        return pages.again(request, FORM, _adding(form, **alike))
    try:
        partner = _born(form, request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return pages.again(request, FORM, _adding(form))
    if partner is None:  # the same form was sent twice
        name = urlencode({"q": form.cleaned_data["name"]})
        return pages.done(request, f"{reverse('partners:list')}?{name}")
    return pages.done(request, partner, _("%(partner)s is added.") % {"partner": partner})


@transaction.atomic
def _born(form: NewPartnerForm, by: User) -> Partner | None:
    at = clock.now()
    if not form.spend(at):
        return None
    partner = organisations.add(by=by, at=at, owner=form.cleaned_data["owner"], **form.facts)
    if referrer := form.cleaned_data["referred_by"]:
        links.link(partner, referrer, Link.Kind.REFERRED_BY, by=by, at=at)
    programme, tier = form.programme_and_tier
    if programme is not None:
        memberships.join(partner, programme, by=by, at=at, tier=tier)
    return partner


def _alike(form: PartnerForm, user: User, of: Partner | None = None) -> dict[str, Any]:
    """The partners it newly looks like, those one may see and how many more; {} where there are none
    or where whoever typed it knows better."""
    if form.cleaned_data["anyway"]:
        return {}
    name, domains = form.newly_told
    found = duplicates.like(name, domains, form.cleaned_data["country"], exclude=of.pk if of else None)
    seen = Partner.objects.visible_to(user).filter(pk__in=[partner.pk for partner in found])
    shown = list(seen.select_related("owner"))
    return {"alike": shown, "hidden_alike": len(found) - len(shown)} if found else {}


def _adding(form: NewPartnerForm, **more: Any) -> dict[str, Any]:
    return {
        "form": form,
        "title": _("Add a partner"),
        "verb": _("Add partner"),
        "back_url": reverse("partners:list"),
        **more,
    }


@login_required
@either
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    permitted_or_403(request.user, "change partner", partner)
    form = EditPartnerForm.of(partner, request.POST if request.method == "POST" else None)
    context = {
        "form": form,
        "partner": partner,
        "title": _("Edit %(partner)s") % {"partner": partner},
        "verb": _("Save"),
        "back_url": partner.get_absolute_url(),
    }
    if request.method != "POST":
        return pages.shown(request, FORM, context)
    if not form.is_valid():
        return pages.again(request, FORM, context)
    if alike := _alike(form, request.user, of=partner):
        return pages.again(request, FORM, context | alike)
    event = organisations.change(partner, form.facts, by=request.user, at=clock.now())
    if event is None:
        return pages.done(request, partner, _("Nothing was different."))
    undo = reverse("partners:undo", args=[event.pk])
    return pages.done(request, partner, _("%(partner)s is saved.") % {"partner": partner}, undo=undo)
