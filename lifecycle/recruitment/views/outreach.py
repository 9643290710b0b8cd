"""Outreach: the touches due, and those with one prospect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.forms import ReasonForm
from lifecycle.recruitment.outreach import rules, touches
from lifecycle.recruitment.outreach.forms import BeginForm, TouchForm
from lifecycle.recruitment.outreach.listing import TouchListing
from lifecycle.recruitment.outreach.models import Outreach, Sequence, Touch
from lifecycle.views.asking import partner_to
from partners import contacting
from partners.models import Partner, Status, Step
from prm import clock, outbox, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

SCREEN = "lifecycle/recruitment/outreach/with.html"
VIEWS = [
    ("Due, mine", "state=due&person=me"),
    ("Due", "state=due"),
    ("Planned", "state=planned"),
    ("Done", "state=done&sort=-due"),
]


@login_required
@require_safe
def outreach_page(request: PersonRequest) -> HttpResponse:
    """All touches, narrowed by the address."""
    listing = TouchListing(request.GET, request.user)
    asked = listing.url().removeprefix("?")
    context = {
        **listing.page(timezone.localdate(clock.now())),
        "faults": listing.faults,
        "views": [(name, f"?{query}", query == asked) for name, query in VIEWS],
        "may_settle": may(request.user, "edit settings"),
    }
    return pages.shown(request, "lifecycle/recruitment/outreach/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def outreach_with(request: PersonRequest, pk: int) -> HttpResponse:
    """The outreach to one prospect; sent, it begins."""
    if request.method != "POST":
        partner = found_or_404(Partner.objects.visible_to(request.user).select_related("owner"), pk=pk)
        return _shown(request, partner, BeginForm(partner))
    partner = partner_to(request, pk, "change partner")
    form = BeginForm(partner, request.POST)
    if form.is_valid():
        try:
            _begin(request, partner, form, clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            says = _("Planned. Read the mails, then approve them: nothing leaves before.")
            return pages.done(request, _page_of(partner), says)
    return _shown(request, partner, form, status=422)


@transaction.atomic
def _begin(request: PersonRequest, partner: Partner, form: BeginForm, at: datetime) -> None:
    if form.spend(at):
        asked = form.cleaned_data
        touches.begin(partner, asked["sequence"], asked["contact"], by=request.user, at=at)


@login_required
@require_POST
def approve(request: PersonRequest, pk: int) -> HttpResponse:
    outreach = _outreach(request, pk)
    by_itself = outreach.sequence.sends_by_itself
    says = (
        _("Approved. Each mail leaves on its day, unless they answer.")
        if by_itself
        else _("Approved. On its day each mail waits for your press.")
    )
    return _press(request, outreach.partner, lambda at: touches.approve(outreach, request.user, at), says)


@login_required
@require_POST
def stop(request: PersonRequest, pk: int) -> HttpResponse:
    outreach = _outreach(request, pk)
    form = ReasonForm(request.POST)
    why = form.cleaned_data["reason"] if form.is_valid() else _("Stopped by hand.")
    return _press(
        request,
        outreach.partner,
        lambda at: touches.stop(outreach, why, request.user, at),
        _("It is stopped."),
    )


@login_required
@require_POST
def touch(request: PersonRequest, pk: int) -> HttpResponse:
    """Do with a touch what the pressed button says: save, send, done or skip."""
    found = found_or_404(
        Touch.objects.visible_to(request.user).select_related("outreach__partner", "outreach__sequence"),
        pk=pk,
    )
    partner = found.outreach.partner
    permitted_or_403(request.user, "change partner", partner)
    do, form = request.POST.get("do", "save"), TouchForm(found, request.POST)
    if do in {"save", "send"} and not form.is_valid():
        return _shown(request, partner, BeginForm(partner), status=422, typed=(found.pk, form))
    try:
        says = _do(found, do, form, request, clock.now())
    except Refused as refusal:
        if form.is_valid() and do in {"save", "send"}:
            form.add_error(None, str(refusal))
            return _shown(request, partner, BeginForm(partner), status=422, typed=(found.pk, form))
        messages.error(request, str(refusal))
        says = ""
    return pages.done(request, pages.next_or(request, _page_of(partner)), says)


@transaction.atomic
def _do(found: Touch, do: str, form: TouchForm, request: PersonRequest, at: datetime) -> str:
    user = request.user
    if do == "done":
        touches.done(found, user, at)
        return _("Done.")
    if do == "skip":
        touches.skip(found, request.POST.get("reason", ""), user, at)
        return _("Left out.")
    words = {name: form.cleaned_data[name] for name in ("subject", "text")}
    if any(words[name] != getattr(found, name) for name in words):
        touches.edit(found, **words, by=user, at=at)
    if do == "send":
        touches.send(found, user, at)
        return _("Sent.") if outbox.mails_leave() else _("Recorded.")
    return _("Saved.")


def _press(
    request: PersonRequest, partner: Partner, verb: Callable[[datetime], Any], says: str
) -> HttpResponse:
    try:
        verb(clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        says = ""
    return pages.done(request, _page_of(partner), says)


def _outreach(request: PersonRequest, pk: int) -> Outreach:
    seen = Outreach.objects.visible_to(request.user).select_related("partner__owner", "sequence")
    outreach = found_or_404(seen, pk=pk)
    permitted_or_403(request.user, "change partner", outreach.partner)
    return outreach


def _page_of(partner: Partner) -> str:
    return Outreach(partner=partner).get_absolute_url()


def _shown(
    request: PersonRequest,
    partner: Partner,
    form: BeginForm,
    status: int = 200,
    typed: tuple[int, TouchForm] | None = None,
) -> HttpResponse:
    rows = Outreach.objects.filter(partner=partner).select_related(
        "sequence", "contact", "person", "approved_by"
    )
    all_of_them = list(rows.prefetch_related("touches__message"))
    running = next((each for each in all_of_them if each.is_running), None)
    forms = {typed[0]: typed[1]} if typed else {}
    touched = list(running.touches.all()) if running else []
    context = {
        "partner": partner,
        "running": running,
        "touches": [(each, forms.get(each.pk) or TouchForm(each)) for each in touched],
        "next": next((each for each in touched if each.is_ahead), None),
        "why_stops": rules.why_it_stops(touches.standing(running)) if running else "",
        "past": [each for each in all_of_them if not each.is_running],
        "form": form,
        "has_sequences": Sequence.objects.filter(retired_at=None, steps__isnull=False).exists(),
        "may_change": may(request.user, "change partner", partner),
        "forbidden": contacting.forbidden(partner),
        "is_prospect": partner.status == Status.PROSPECT and partner.step != Step.SIGNED,
        "stop_form": ReasonForm(),
    }
    return pages.again(request, SCREEN, context, status=status)
