"""Who of a partner's people is let in: passes are given, shown and ended here."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from partners.models import Contact, Partner
from portal import passes as given_passes
from portal.forms import PassForm
from portal.models import Digest, PartnerDigest, Pass
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "portal/passes.html"
SHOWN = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def passes(request: PersonRequest, pk: int) -> HttpResponse:
    """The passes of a contact, and the form that gives one."""
    seen = Contact.objects.filter(partner__in=Partner.objects.visible_to(request.user))
    contact = found_or_404(seen.select_related("partner"), pk=pk)
    permitted_or_403(request.user, "change partner", contact.partner)
    form, at = PassForm(request.POST or None), clock.now()
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            with transaction.atomic():
                if form.spend(at):
                    given_passes.give(contact, typed["days"], request.user, at, mailed=typed["mailed"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, request.path, "The pass is given. Its address stands below.")

    rows = Pass.objects.filter(contact=contact).select_related("given_by", "ended_by", "contact__partner")
    context = {
        "contact": contact,
        "partner": contact.partner,
        "form": form,
        "switched_on": PartnerDigest.objects.filter(partner=contact.partner).select_related("by").first(),
        "digest": Digest.objects.filter(contact=contact).first(),
        "rows": [(row, given_passes.why_closed(row, at), given_passes.address(row)) for row in rows[:SHOWN]],
    }
    answer = pages.again if form.is_bound else pages.shown
    return answer(request, SCREEN, context)


@login_required
@require_POST
def end(request: PersonRequest, pk: int) -> HttpResponse:
    seen = Pass.objects.filter(contact__partner__in=Partner.objects.visible_to(request.user))
    given = found_or_404(seen.select_related("contact__partner"), pk=pk)
    permitted_or_403(request.user, "change partner", given.contact.partner)
    try:
        given_passes.end(given, by=request.user, at=clock.now())
        says = "The pass is ended. Its address opens nothing any more."
    except Refused as refusal:
        says = str(refusal)
    return pages.done(request, _page_of(given), says)


def _page_of(given: Pass) -> str:
    return reverse("portal:passes", args=[given.contact_id])
