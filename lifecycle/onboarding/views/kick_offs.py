"""The kick-off with a partner: planned, changed, called off, held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lifecycle.forms import ReasonForm
from lifecycle.models import KickOff
from lifecycle.onboarding import kick_offs
from lifecycle.onboarding.forms import HeldForm, KickOffForm
from lifecycle.views.asking import Question, answer, partner_to
from partners.models import Event
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

PLAN = Question("Plan the kick-off", "Everybody you tick is asked by mail, with a calendar file.", "Invite")
CHANGE = Question("Change the kick-off", "Everybody is told, with a calendar file.", "Change it, and tell")
CALL_OFF = Question("Call the kick-off off", "Everybody who was asked reads the reason.", "Call it off")
HELD = "lifecycle/onboarding/kick_off_held.html"
SHOWN = 50


@login_required
@require_safe
def kick_off(request: PersonRequest, pk: int) -> HttpResponse:
    """One kick-off: who is asked when and about what, and what came of it."""
    found = _seen(request, pk)
    about = Event.objects.filter(about_kind="kick-off", about_id=found.pk)
    context = {
        "kick_off": found,
        "partner": found.partner,
        "has_begun": found.starts_at <= clock.now(),
        "may_change": may(request.user, "plan tasks", found),
        "contacts": found.contacts.all(),
        "colleagues": found.colleagues.all(),
        "promises": found.message.commitments.select_related("owner") if found.message else [],
        "events": about.select_related("by_user", "by_contact")[:SHOWN],
    }
    return pages.shown(request, "lifecycle/onboarding/kick_off.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def plan(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask people to it; where one is planned, that one is shown."""
    partner = partner_to(request, pk, "plan tasks")
    if request.method == "GET" and (standing := kick_offs.planned(partner)):
        return redirect(standing)
    form = KickOffForm(request.POST or None, partner=partner, organiser=request.user)
    made: list[KickOff] = []

    def act(asked: dict[str, Any], at: datetime) -> None:
        made.append(kick_offs.plan(partner, form.wanted, by=request.user, at=at))

    def back() -> str:
        return made[0].get_absolute_url() if made else partner.get_absolute_url()

    return answer(request, partner, PLAN, form, act, _("The invitations are on their way."), back)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    first = {
        "starts_at": found.starts_at,
        "minutes": found.length,
        "place": found.place,
        "agenda": found.agenda,
        "contacts": found.contacts.all(),
        "colleagues": found.colleagues.all(),
    }
    form = KickOffForm(request.POST or None, partner=found.partner, organiser=found.organiser, initial=first)

    def act(asked: dict[str, Any], at: datetime) -> None:
        kick_offs.change(found, form.wanted, by=request.user, at=at)

    says, back = _("The change is on its way."), found.get_absolute_url
    return answer(request, found.partner, CHANGE, form, act, says, back)


@login_required
@require_http_methods(["GET", "POST"])
def call_off(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = ReasonForm(request.POST or None)

    def act(asked: dict[str, Any], at: datetime) -> None:
        kick_offs.call_off(found, asked["reason"], by=request.user, at=at)

    says, back = _("The kick-off is called off."), found.get_absolute_url
    return answer(request, found.partner, CALL_OFF, form, act, says, back)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: PersonRequest, pk: int) -> HttpResponse:
    """It was held: minutes, and promises out of them."""
    found, at = _to_change(request, pk), clock.now()
    form = HeldForm(request.POST or None, initial={"minutes": found.agenda, "shared": True})
    if request.method == "POST" and form.is_valid():
        try:
            _hold(request, found, form, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, found, _("The kick-off is written down, and counts as evidence."))
    context = {"kick_off": found, "partner": found.partner, "form": form}
    return pages.again(request, HELD, context, 422 if form.errors else 200)


@transaction.atomic
def _hold(request: PersonRequest, found: KickOff, form: HeldForm, at: datetime) -> None:
    if form.spend(at):
        said, theirs = form.cleaned_data, found.contacts.order_by("pk").first()
        promises = form.promises(theirs)
        kick_offs.hold(found, said["minutes"], said["shared"], promises, by=request.user, at=at)


def _seen(request: PersonRequest, pk: int) -> KickOff:
    seen = KickOff.objects.visible_to(request.user).select_related("partner__owner", "organiser", "message")
    found: KickOff = found_or_404(seen, pk=pk)
    return found


def _to_change(request: PersonRequest, pk: int) -> KickOff:
    found = _seen(request, pk)
    permitted_or_403(request.user, "plan tasks", found)
    return found
