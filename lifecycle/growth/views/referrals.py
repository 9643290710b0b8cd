"""Referrals we pass: the list, a new one, and how each stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.growth.referrals import meeting, passing, rules
from lifecycle.growth.referrals.forms import MetForm, ReferralForm, ToForm, day_of
from lifecycle.growth.referrals.models import Offer, Referral
from partners.models import Event, Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.paging import Order, page
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

ACTION = "pass referrals"
LIST, NEW, ONE = (f"lifecycle/growth/{name}.html" for name in ("referrals", "referral_new", "referral"))
VIEWS = [("Open", "open"), ("Nobody took it", "nobody"), ("Taken", "taken"), ("All", "")]
NEWEST = Order("made_at", descending=True, nullable=False)
SHOWN = 12  # candidates


@login_required
@require_safe
def referrals(request: PersonRequest) -> HttpResponse:
    state = request.GET.get("state", "open")
    rows = Referral.objects.visible_to(request.user).select_related("customer", "deal", "fact", "made_by")
    rows = rows.filter(state=state) if state in Referral.State.values else rows
    answered = Count("offers", filter=~Q(offers__state=Offer.State.OFFERED))
    rows = rows.annotate(n=Count("offers"), answered=answered)
    shown = page(rows, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "rows": shown.rows,
        "views": [(name, f"?state={value}", value == state) for name, value in VIEWS],
        "next_url": f"?state={state}&after={shown.next}" if shown.next else "",
        "previous_url": f"?state={state}&before={shown.previous}" if shown.previous else "",
        "may_pass": may(request.user, ACTION),
    }
    return pages.shown(request, LIST, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: PersonRequest) -> HttpResponse:
    """What it is, then to whom: the rule shows the partners in their order."""
    permitted_or_403(request.user, ACTION)
    if request.method != "POST":
        return pages.shown(request, NEW, {"form": ReferralForm()})
    form, at = ReferralForm(request.POST), clock.now()
    if not form.is_valid():
        return pages.again(request, NEW, {"form": form})
    asked = form.cleaned_data
    found = passing.candidates(asked["region"], asked["vertical"], asked["rule"], request.user, at)[:SHOWN]
    context = {"form": form, "found": found, "searched": True, "first": found[0].pk if found else 0}
    if request.POST.get("do") != "pass":
        return pages.shown(request, NEW, context)
    to = ToForm(Partner.objects.filter(pk__in=[each.pk for each in found]), request.POST)
    if to.is_valid():
        try:
            made = _passed(form, to, request, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            where = made or "lifecycle:referrals"
            return pages.done(request, where, _("It is offered; the answer is due in the promised days."))
    else:
        form.add_error(None, to.errors["to"][0])
    return pages.again(request, NEW, context)


@transaction.atomic
def _passed(form: ReferralForm, to: ToForm, request: PersonRequest, at: datetime) -> Referral | None:
    if not form.spend(at):
        return None
    rule, days = form.cleaned_data["rule"], form.cleaned_data["days"]
    partners = list(to.cleaned_data["to"].select_related("owner"))
    return passing.pass_on(form.opportunity(at), partners, rule, days, by=request.user, at=at)


@login_required
@require_safe
def referral(request: PersonRequest, pk: int) -> HttpResponse:
    return pages.shown(request, ONE, _context(request, _seen(request, pk)))


@login_required
@require_POST
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Offer it to one more partner, pull it back, or say that they met: `do` says which."""
    permitted_or_403(request.user, ACTION)
    found, at = _seen(request, pk), clock.now()
    try:
        if request.POST.get("do") == "pull_back":
            passing.pull_back(found, request.POST.get("reason", ""), by=request.user, at=at)
            says = _("It is offered no more.")
        elif request.POST.get("do") == "met":
            meeting.met(found, day_of(MetForm(request.POST)), by=request.user, at=at)
            says = _("It stands as evidence: referral met.")
        else:
            asked = request.POST.get("partner", "")
            seen = Partner.objects.visible_to(request.user).select_related("owner")
            partner = found_or_404(seen, pk=int(asked) if asked.isascii() and asked.isdigit() else 0)
            passing.offer(found, partner, by=request.user, at=at)
            says = _("It is offered to {partner}.").format(partner=partner)
    except Refused as refusal:
        messages.error(request, str(refusal))
        says = ""
    return pages.done(request, found, says)


def _seen(request: PersonRequest, pk: int) -> Referral:
    related = ("customer", "deal", "fact", "made_by", "region", "vertical")
    return found_or_404(Referral.objects.visible_to(request.user).select_related(*related), pk=pk)


def _context(request: PersonRequest, found: Referral) -> dict[str, Any]:
    offers = list(found.offers.select_related("partner"))
    may_pass = may(request.user, ACTION)
    known = {each.partner_id for each in offers}
    rule = found.rule if found.rule != Referral.Rule.CHOSEN else Referral.Rule.TURN
    rest: list[rules.Candidate] = []
    if may_pass and found.state in {Referral.State.OPEN, Referral.State.NOBODY}:
        others = passing.candidates(found.region, found.vertical, rule, request.user, clock.now())
        rest = [each for each in others if each.pk not in known][:SHOWN]
    events = Event.objects.filter(about_kind="referral", about_id=found.pk)
    return {
        "referral": found,
        "offers": offers,
        "rest": rest,
        "may_pass": may_pass,
        "met_form": MetForm(initial={"on": timezone.localdate(clock.now())}),
        "events": events.select_related("by_user", "by_contact", "partner")[:50],
    }
