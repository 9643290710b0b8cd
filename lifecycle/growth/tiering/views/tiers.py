"""Memberships near a change, and the page of one: where it stands, what is under way, what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations import decisions
from conversations.models import Decision
from lifecycle.growth.tiering import benefits, changing, criteria, recording, showing, telling
from lifecycle.growth.tiering.forms import ProposeForm, RecordForm, TellForm
from lifecycle.growth.tiering.listing import SHOWS, StandingListing
from lifecycle.growth.tiering.models import OwnMeasure, Requirement, Standing, TierChange
from partners.models import Membership, seen_by
from prm import clock, pages, references
from prm.access import found_or_404
from prm.forms import OnceForm
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

LIST, ONE, ROWS = (f"lifecycle/growth/tiering/{name}.html" for name in ("list", "tier", "rows"))
SHOWN = 20


@login_required
@require_safe
def tiers_page(request: PersonRequest) -> HttpResponse:
    listing = StandingListing(request.GET, request.user)
    show = request.GET.get("show", "")
    context = {
        **listing.page(),
        "faults": listing.faults,
        "views": [(name, f"?show={key}", key == show) for key, name in SHOWS.items()]
        + [(_("All"), "?", not show)],
        "may_edit": may(request.user, "edit tiers"),
        "show": show,
    }
    return pages.shown(request, LIST, context)


@login_required
@require_safe
def tier(request: PersonRequest, pk: int) -> HttpResponse:
    return pages.shown(request, ONE, _context(request, _seen(request, pk), clock.now()))


@login_required
@require_safe
def tier_rows(request: PersonRequest, pk: int, requirement: int) -> HttpResponse:
    """What one number is made of."""
    membership = _seen(request, pk)
    standing = found_or_404(Standing.objects.select_related("membership"), membership=membership)
    wanted = found_or_404(
        Requirement.objects.filter(rules=standing.rules_id).select_related("tier"), pk=requirement
    )
    criterion, rows = showing.rows_behind(standing, wanted)
    context = {
        "membership": membership,
        "partner": membership.partner,
        "standing": standing,
        "criterion": criterion,
        "line": showing.line_of(wanted, standing.values, criteria.known(), membership.pk),
        "rows": rows,
    }
    return pages.shown(request, ROWS, context)


@login_required
@require_POST
def propose(request: PersonRequest, pk: int) -> HttpResponse:
    membership = _seen(request, pk)
    permitted_or_403(request.user, "propose tier", membership)
    form = ProposeForm(request.POST, membership=membership)

    def act(at: datetime) -> None:
        asked = form.cleaned_data
        changing.propose(membership, asked["to"], asked["reason"], by=request.user, at=at)

    return _press(request, membership, "propose", form, act, _("It is proposed."))


@login_required
@require_POST
def record(request: PersonRequest, pk: int) -> HttpResponse:
    """Write down a number of our own."""
    membership = _seen(request, pk)
    permitted_or_403(request.user, "propose tier", membership)
    form = RecordForm(request.POST)

    def act(at: datetime) -> None:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        recording.record(membership.partner, **typed, by=request.user, at=at)

    return _press(request, membership, "record", form, act, _("It is recorded; tiers are measured tonight."))


@login_required
@require_POST
def tell(request: PersonRequest, pk: int) -> HttpResponse:
    """Send the partner what was drafted, as it was changed."""
    seen = TierChange.objects.visible_to(request.user)
    related = ("membership__partner__owner", "membership__programme", "before", "to", "rules")
    change = found_or_404(seen.select_related(*related), pk=pk)
    permitted_or_403(request.user, "propose tier", change)
    membership = _seen(request, change.membership_id)
    if request.POST.get("do") == "known" and not change.is_open:
        knows = partial(changing.told_the_end, change)
        return _press(request, membership, "known", None, knows, _("They are not to be told any more."))
    form = TellForm(request.POST, partner=change.partner, is_notice=change.waits_to_be_told)

    def act(at: datetime) -> None:
        typed = form.cleaned_data
        until = typed.get("until")
        telling.send(change, typed["contact"], typed["subject"], typed["body"], until, by=request.user, at=at)

    return _press(request, membership, "tell", form, act, _("They are told."))


@login_required
@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back what was proposed by hand."""
    change = found_or_404(
        TierChange.objects.visible_to(request.user).select_related("membership__partner"), pk=pk
    )
    permitted_or_403(request.user, "propose tier", change)

    def act(at: datetime) -> None:
        changing.withdraw(change, request.POST.get("reason", "")[:300], by=request.user, at=at)

    membership = _seen(request, change.membership_id)
    return _press(request, membership, "withdraw", None, act, _("It is taken back."))


def _press(
    request: PersonRequest,
    membership: Membership,
    name: str,
    form: forms.Form | None,
    act: Callable[[datetime], object],
    says: str,
) -> HttpResponse:
    """Do it once and say so, or show the page again with what was typed."""
    at, refused = clock.now(), ""
    if form is None or form.is_valid():
        try:
            with transaction.atomic():
                if not isinstance(form, OnceForm) or form.spend(at):
                    act(at)
        except Refused as refusal:
            refused = str(refusal)
        else:
            return pages.done(request, Standing(membership=membership).get_absolute_url(), says)
    if form is not None and refused:
        form.add_error(None, refused)
    context = _context(request, membership, at)
    if form is not None:
        context[f"{name}_form"] = form
    else:
        context["refusal"] = refused
    return pages.again(request, ONE, context)


def _seen(request: PersonRequest, pk: int) -> Membership:
    related = ("partner__owner", "programme", "tier")
    seen = Membership.objects.filter(seen_by(request.user)).select_related(*related)
    membership: Membership = found_or_404(seen, pk=pk)
    return membership


def _context(request: PersonRequest, membership: Membership, at: datetime) -> dict[str, Any]:
    shown = [each for each in showing.of(membership.partner) if each.standing.membership_id == membership.pk]
    rows = membership.tier_changes.select_related("before", "to", "rules", "proposed_by", "told_in")
    changes = list(rows[:SHOWN])
    for each in changes:
        each.membership = membership
    change = next((each for each in changes if each.is_open), None)
    untold = set(membership.tier_changes.to_tell().values_list("pk", flat=True))
    to_tell = next((each for each in changes if each.pk in untold), None)
    may_propose = may(request.user, "propose tier", membership)
    return {
        "membership": membership,
        "partner": membership.partner,
        "shown": shown[0] if shown else None,
        "change": change,
        "waits": decisions.open_about(changing.kind_of(change), references.to(change)) if change else None,
        "changes": [(each, decided) for each, decided in _decided(changes)],
        "to_tell": to_tell,
        "gives": showing.gives(membership.tier),
        "promised": benefits.open_of(membership),
        "may_propose": may_propose,
        "tell_form": _tell_form(to_tell, at) if to_tell and may_propose else None,
        "propose_form": ProposeForm(membership=membership) if may_propose and change is None else None,
        "record_form": _record_form(at) if may_propose else None,
    }


def _tell_form(change: TierChange, at: datetime) -> TellForm:
    until = changing.earliest(change, at)
    words = telling.draft(change, until)
    initial = {"subject": words.subject, "body": words.body, "until": until}
    return TellForm(partner=change.partner, is_notice=change.waits_to_be_told, initial=initial)


def _record_form(at: datetime) -> RecordForm | None:
    if not OwnMeasure.objects.filter(retired_at=None).exists():
        return None
    return RecordForm(initial={"on": timezone.localdate(at)})


def _decided(changes: list[TierChange]) -> list[tuple[TierChange, list[Decision]]]:
    """Each with the decisions on it, the newest first."""
    about = {each.pk: [] for each in changes}  # type: dict[int, list[Decision]]
    rows = Decision.objects.filter(about_kind="tier change", about_id__in=list(about)).select_related("by")
    for each in rows:
        about[each.about_id or 0].append(each)
    return [(each, about[each.pk]) for each in changes]
