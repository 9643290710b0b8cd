"""Programmes a partner is in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partners import history, memberships
from partners.forms.relations import EndForm, JoinForm, MembershipForm
from partners.models import Event, Membership
from partners.views.form_page import answer, belonging, either, partner_to_change, said
from prm import clock, pages
from prm.refusals import Refused
from team.requests import PersonRequest

CURRENT = Membership.objects.filter(ends_on=None).select_related("programme", "tier")


@login_required
@either
def add(request: PersonRequest, pk: int) -> HttpResponse:
    partner = partner_to_change(request.user, pk)
    form = JoinForm(partner, request.POST if request.method == "POST" else None)

    def act() -> Event | None:
        programme, tier = form.programme_and_tier
        if programme is None:
            raise memberships.MembershipRefused(_("Choose the programme it joins."))
        made = memberships.join(
            partner,
            programme,
            by=request.user,
            at=clock.now(),
            tier=tier,
            starts_on=form.cleaned_data["starts_on"],
            regions=form.cleaned_data["regions"],
            is_main=form.cleaned_data["is_main"],
        )
        return history.newest("membership_joined", made.pk)

    return answer(
        request, form, partner, act, _("Join a programme"), _("Join"), says=_("The membership is entered.")
    )


@login_required
@either
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    membership = belonging(CURRENT.all(), request.user, pk)
    form = MembershipForm(membership, request.POST if request.method == "POST" else None)

    def act() -> Event | None:
        return memberships.change(membership, by=request.user, at=clock.now(), **form.cleaned_data)

    title = _("Membership of %(programme)s") % {"programme": membership.programme}
    return answer(
        request, form, membership.partner, act, title, _("Save"), says=_("The membership is saved.")
    )


@login_required
@either
def end(request: PersonRequest, pk: int) -> HttpResponse:
    membership = belonging(CURRENT.all(), request.user, pk)
    initial = {"on": timezone.localdate(clock.now())}
    form = EndForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> Event:
        return memberships.end(membership, on=form.cleaned_data["on"], by=request.user, at=clock.now())

    title = _("End the membership of %(programme)s") % {"programme": membership.programme}
    return answer(
        request,
        form,
        membership.partner,
        act,
        title,
        _("End membership"),
        says=_("The membership is ended."),
    )


@login_required
@require_POST
def make_main(request: PersonRequest, pk: int) -> HttpResponse:
    membership = belonging(CURRENT.all(), request.user, pk)
    try:
        event = memberships.make_main(membership, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return pages.done(request, membership.partner)
    says = _("%(programme)s is the main programme.") % {"programme": membership.programme}
    return said(request, membership.partner, event, says)
