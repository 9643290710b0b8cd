"""How a partnership ends, on one page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lifecycle import tasks
from lifecycle.ending import endings, parts
from lifecycle.ending.forms import PlanEndForm
from lifecycle.ending.models import Ending, Loose
from lifecycle.views.asking import partner_to
from partners.models import Partner, Status
from prm import clock, pages, references
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

SCREEN = "lifecycle/ending/page.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ending(request: PersonRequest, pk: int) -> HttpResponse:
    """The end of one partnership; sent, it is planned."""
    if request.method != "POST":
        seen = Partner.objects.visible_to(request.user).select_related("owner")
        return _shown(request, found_or_404(seen, pk=pk), PlanEndForm())
    partner = partner_to(request, pk, "advance stage")
    form = PlanEndForm(request.POST)
    if form.is_valid():
        try:
            _plan(partner, form, request.user, clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            says = _("The end is planned. What stands is listed: say what happens to each.")
            return pages.done(request, Ending(partner=partner).get_absolute_url(), says)
    return _shown(request, partner, form, status=422)


@transaction.atomic
def _plan(partner: Partner, form: PlanEndForm, by: User, at: datetime) -> None:
    if form.spend(at):
        asked = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        endings.plan(partner, **asked, by=by, at=at)


@login_required
@require_POST
def look_again(request: PersonRequest, pk: int) -> HttpResponse:
    found = _ending(request, pk)

    def act(at: datetime) -> str:
        n = endings.look_again(found, request.user, at)
        return _("{n} more are listed.").format(n=n) if n else _("Nothing new stands.")

    return _press(request, found, act)


@login_required
@require_POST
def call_off(request: PersonRequest, pk: int) -> HttpResponse:
    found = _ending(request, pk)

    def act(at: datetime) -> str:
        endings.call_off(found, request.POST.get("reason", "")[:300], request.user, at)
        return _("It is called off; the partnership goes on.")

    return _press(request, found, act)


@login_required
@require_POST
def loose_end(request: PersonRequest, pk: int) -> HttpResponse:
    """Say what happens to one thing; `do` done ticks it off, too."""
    seen = Loose.objects.filter(ending__in=Ending.objects.visible_to(request.user))
    loose = found_or_404(seen.select_related("ending__partner__owner", "task__partner"), pk=pk)
    permitted_or_403(request.user, "advance stage", loose.ending.partner)

    def act(at: datetime) -> str:
        outcome = request.POST.get("outcome", "")
        if " ".join(outcome.split()) != loose.outcome:
            endings.say(loose, outcome, request.user, at)
        if request.POST.get("do") == "done" and loose.task is not None:
            tasks.done(loose.task, by=request.user, at=at)
            return _("Settled.")
        return _("Saved.")

    return _press(request, loose.ending, act)


def _press(request: PersonRequest, found: Ending, act: Callable[[datetime], str]) -> HttpResponse:
    try:
        with transaction.atomic():
            says = act(clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        says = ""
    return pages.done(request, found.get_absolute_url(), says)


def _ending(request: PersonRequest, pk: int) -> Ending:
    found = found_or_404(Ending.objects.visible_to(request.user).select_related("partner__owner"), pk=pk)
    permitted_or_403(request.user, "advance stage", found.partner)
    return found


def _shown(request: PersonRequest, partner: Partner, form: PlanEndForm, status: int = 200) -> HttpResponse:
    rows = Ending.objects.filter(partner=partner).select_related("end_reason", "made_by")
    found = list(rows)
    for each in found:
        each.partner = partner
    standing = next((each for each in found if each.state != Ending.State.CALLED_OFF), None)
    context = {
        "partner": partner,
        "ending": standing,
        "groups": _groups(standing) if standing else [],
        "called_off": [each for each in found if each.state == Ending.State.CALLED_OFF],
        "form": form,
        "is_live": partner.status == Status.LIVE,
        "may_end": may(request.user, "advance stage", partner),
    }
    return pages.again(request, SCREEN, context, status=status)


def _groups(found: Ending) -> list[tuple[str, list[dict[str, Any]]]]:
    """What it settles, by the sort of thing, each with where it stands."""
    loose = list(found.loose_ends.select_related("task"))
    rows = references.resolve(each.about for each in loose)
    for row in rows.values():
        if getattr(row, "partner_id", None) == found.partner_id:
            row.partner = found.partner
    order = [part.key for part in parts.all_parts()]
    loose.sort(key=lambda each: (order.index(each.part) if each.part in order else len(order), each.pk))
    said = [
        (each.part, {"loose": each, "url": references.url(each.about, row) if row else ""})
        for each in loose
        for row in [rows.get(each.about)]
    ]
    return [
        (parts.titled(key), [row for _part, row in these])
        for key, these in groupby(said, key=lambda pair: pair[0])
    ]
