"""Merging: choose the other one, compare field by field, confirm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from partners import duplicates, history, merging
from partners.forms.merging import MergeForm
from partners.models import Contact, Merge, Partner
from partners.views.form_page import belonging, either, partner_to_change
from prm import clock, pages, search
from prm.access import found_or_404
from team.models import User
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "partners/merge.html"
ACTION = "merge partners"
MOST = 10


@login_required
@either
def partners(request: PersonRequest, pk: int) -> HttpResponse:
    kept = partner_to_change(request.user, pk, ACTION)
    wanted = request.GET.get("with", "")
    if not wanted.isdecimal():
        query = request.GET.get("q", "").strip()
        found = _searched(kept, request.user, query) if query else _alike(kept, request.user)
        return pages.shown(request, SCREEN, {"kept": kept, "partner": kept, "found": found, "q": query})
    gone = partner_to_change(request.user, int(wanted), ACTION)
    return _compare(request, kept, gone, merging.PARTNER_FIELDS, merging.merge_partners, kept)


@login_required
@either
def contacts(request: PersonRequest, pk: int) -> HttpResponse:
    there = Contact.objects.filter(withdrawn_at=None, merged_into=None)
    kept = belonging(there, request.user, pk, ACTION)
    others = there.filter(partner=kept.partner).exclude(pk=pk)
    wanted = request.GET.get("with", "")
    if not wanted.isdecimal():
        context = {"kept": kept, "partner": kept.partner, "found": others, "is_contact": True}
        return pages.shown(request, SCREEN, context)
    gone = found_or_404(others, pk=int(wanted))
    return _compare(request, kept, gone, merging.CONTACT_FIELDS, merging.merge_contacts, kept.partner)


def _alike(partner: Partner, user: User) -> list[Partner]:
    """The partners that look like it, the likeliest first."""
    domains = [row.domain for row in partner.domains.all()]
    alike = duplicates.like(partner.name, domains, partner.country, exclude=partner.pk)
    seen = Partner.objects.visible_to(user).select_related("owner").in_bulk([match.pk for match in alike])
    return [seen[match.pk] for match in alike if match.pk in seen]


def _searched(partner: Partner, user: User, query: str) -> list[Partner]:
    rows = Partner.objects.visible_to(user).filter(search_key__contains=search.fold(query))
    return list(rows.exclude(pk=partner.pk).select_related("owner").order_by("sort_name", "pk")[:MOST])


def _compare(
    request: PersonRequest,
    kept: Any,
    gone: Any,
    names: Sequence[str],
    merge: Callable[..., Merge],
    partner: Partner,
) -> HttpResponse:
    form = MergeForm(kept, gone, names, request.POST if request.method == "POST" else None)
    context = {
        "kept": kept,
        "gone": gone,
        "partner": partner,
        "form": form,
        "is_contact": isinstance(kept, Contact),
    }
    if request.method != "POST":
        return pages.shown(request, SCREEN, context)
    permitted_or_403(request.user, ACTION, partner)
    if form.is_valid():
        try:
            merged = merge(kept, gone, form.chosen(), by=request.user, at=clock.now())
            return _done(request, partner, merged)
        except merging.MergeRefused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, SCREEN, context)


def _done(request: PersonRequest, partner: Partner, merged: Merge) -> HttpResponse:
    event = history.newest(f"{merged.kind}s_merged", merged.pk)
    undo = reverse("partners:undo", args=[event.pk]) if event else ""
    says = _("Merged %(words)s. It can be taken back for 30 days.") % {"words": merged.words}
    return pages.done(request, partner, says, undo=undo)
