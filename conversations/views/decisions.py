"""What waits for my yes or no: the list, the press, what is contested, and what is taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import appeals, countdown, deciders, decision_kinds, decisions
from conversations.decision_forms import ContestForm, DecideForm
from conversations.decision_kinds import Look
from conversations.models import Decider, Decision, Matter
from conversations.views.answers import form_page
from partners.models import Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.money import Money
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "conversations/to_decide.html"
SHOWN = 50


@dataclass(frozen=True)
class Item:
    """A matter as the list shows it: what is asked, why it stands here, its clock, the form."""

    matter: Matter
    look: Look
    template: str
    of_partner: bool
    why: str
    clock: countdown.Countdown
    amount: str
    form: DecideForm
    mine: bool


@login_required
@require_safe
def to_decide(request: PersonRequest) -> HttpResponse:
    """What waits for this person, the oldest first; a head can look at all."""
    return pages.shown(request, SCREEN, _page(request, clock.now()))


@login_required
@require_POST
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    matter, at = found_or_404(_seen(request.user), pk=pk), clock.now()
    if not deciders.may(request.user, matter, at):
        raise PermissionDenied(decisions.why_not(request.user, matter, at))
    look = decision_kinds.named(matter.kind.key).look([matter])[matter.pk]
    form = DecideForm(request.POST, matter=matter, sorts=look.sorts)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            made = decisions.decide(
                matter,
                typed["answer"],
                form.reason,
                by=request.user,
                at=at,
                seen=typed["seen"],
                sort=typed.get("sort", ""),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            says = f"{made.get_answer_display()}: {matter.kind}, {matter.partner}. Who asked is told."
            return pages.done(request, _here(request), says)
    return pages.again(request, SCREEN, _page(request, at, {matter.pk: form}))


def _here(request: PersonRequest) -> str:
    return pages.next_or(request, "conversations:to_decide")


def _seen(user: User) -> QuerySet[Matter]:
    """Matters this person decides on, or of partners it may see."""
    mine = Q(deciders__person=user) | Q(partner__in=Partner.objects.visible_to(user))
    return Matter.objects.filter(mine).select_related(*deciders.RELATED).distinct()


def _page(request: PersonRequest, at: datetime, typed: dict[int, DecideForm] | None = None) -> dict[str, Any]:
    user, everything = request.user, "all" in request.GET and request.user.is_head
    found = Matter.objects.open().order_by("wait__opened_at", "pk").select_related(*deciders.RELATED)
    shown = list((found if everything else found.filter(deciders__person=user))[:SHOWN])
    refused = [form for pk, form in (typed or {}).items() if pk not in {matter.pk for matter in shown}]
    return {
        "items": _items(shown, user, at, typed or {}),
        "everything": everything,
        "may_see_all": user.is_head,
        "most": SHOWN,
        "refusals": [error for form in refused for error in form.non_field_errors()],
    }


def _items(matters: Iterable[Matter], user: User, at: datetime, typed: dict[int, DecideForm]) -> list[Item]:
    """In a fixed number of queries for each kind that is among them."""
    rows = list(matters)
    looks: dict[int, Look] = {}
    for key in dict.fromkeys(matter.kind.key for matter in rows):
        looks |= decision_kinds.named(key).look([each for each in rows if each.kind.key == key])
    why = dict(Decider.objects.filter(person=user, matter__in=rows).values_list("matter", "why"))
    _fetch_reasons(rows)
    return [_item(matter, looks[matter.pk], why.get(matter.pk, ""), user, at, typed) for matter in rows]


def _fetch_reasons(matters: list[Matter]) -> None:
    """The words to choose from, once for each kind."""
    kinds = {matter.kind_id: matter.kind for matter in matters}
    prefetch_related_objects(list(kinds.values()), "reasons")
    for matter in matters:
        matter.kind = kinds[matter.kind_id]


def _item(
    matter: Matter, look: Look, why: str, user: User, at: datetime, typed: dict[int, DecideForm]
) -> Item:
    kind = decision_kinds.named(matter.kind.key)
    return Item(
        matter=matter,
        look=look,
        template=kind.template,
        of_partner=kind.of_partner,
        why=why,
        clock=countdown.read(matter.wait, at),
        amount=str(Money(matter.amount_minor, matter.currency)) if matter.amount_minor is not None else "",
        form=typed.get(matter.pk) or DecideForm(matter=matter, sorts=look.sorts),
        mine=bool(why) or (user.is_head and user.pk not in deciders.barred(matter)),
    )


@login_required
@require_http_methods(["GET", "POST"])
def contest(request: PersonRequest, pk: int) -> HttpResponse:
    """Write down that a partner contests a decision, by mail or by phone."""
    seen = Decision.objects.filter(
        visible_to_partner=True, partner__in=Partner.objects.visible_to(request.user)
    )
    decision = found_or_404(seen.select_related("partner__owner"), pk=pk)
    permitted_or_403(request.user, "write to partner", decision.partner)
    form, at = ContestForm(request.POST or None, partner=decision.partner), clock.now()
    form.fields["words"].help_text = deciders.who_decides_anew(decision, at)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            with transaction.atomic():
                if form.spend(at):
                    appeals.contest(decision, typed["words"], request.user, at, contact=typed["contact"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            says = f"Written down. {deciders.who_decides_anew(decision, at)}"
            return pages.done(request, decision.partner, says)
    says = f"{decision.by} decided: {decision.get_answer_display().lower()}. {decision.reason}"
    partner, back = decision.partner, decision.partner.get_absolute_url()
    return form_page(request, partner, form, "They contest a decision", "Write it down", back, says)


@login_required
@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """It is not asked any more: by who wrote it down, or who may change the partner."""
    matter = found_or_404(_seen(request.user), pk=pk)
    decisions.may_withdraw_or_403(request.user, matter)
    to = pages.next_or(request, matter.partner.get_absolute_url())
    try:
        decisions.withdraw(matter, decisions.TAKEN_BACK, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, to, str(refusal))
    return pages.done(request, to, "Taken back: nobody decides on it any more.")
