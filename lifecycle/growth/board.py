"""The board of the pipeline: the open deals of each phase, those that close first at the top."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from lifecycle.growth.models import Deal, DealQuerySet, Phase
from lifecycle.growth.pipeline import COLUMNS, Row, row_of
from partners.models import Assignment, Partner
from prm.money import Money, in_each
from prm.questions import Question, key, keys, spread
from prm.rates import Amount, Total
from prm.together import together
from team import rates
from team.models import User
from team.readers import reader
from team.roles import is_narrowed, may_by_role

SHOWN = 10  # cards of a phase
SOONEST = (F("expected_close_on").asc(nulls_last=True), F("pk").asc())


@dataclass(frozen=True)
class Column:
    """One phase of the board: the true count and worth, and the first cards."""

    phase: Phase
    count: int
    worth: list[Money]
    total: Total | None  # in the currency we report in, where there are several
    cards: list[Row]
    leads_to: str  # the ids of the other phases, as the board's script reads them

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


def _sums(deals: DealQuerySet) -> QuerySet[Any, Any]:
    """The open ones by phase and currency: how many, what they are worth, and of how many that is known."""
    grouped = deals.open().order_by().values_list("phase", "currency")
    return grouped.annotate(n=Count("*"), total=Sum("amount"), known=Count("amount"))


def _first(deals: DealQuerySet, phases: Collection[int]) -> QuerySet[Any, Any]:
    """The ids of the first open ones of each of these phases, each found along the index."""
    tops = [deals.open().filter(phase=phase).order_by(*SOONEST).values("pk")[:SHOWN] for phase in phases]
    first, *others = [Deal.objects.filter(pk__in=top).order_by().values_list("pk") for top in tops]
    return first.union(*others, all=True) if others else first


def _shown(most: int) -> QuerySet[Any, Any]:
    theirs = ("phase_id", "owner_id", "partner__owner_id", "region_id")
    shown = Deal.objects.filter(pk__in=keys("deal", most)).order_by(*SOONEST)
    shown = shown.annotate(region_id=F("partner__region_id"))
    return shown.values_list(*theirs, *COLUMNS, named=True)


SUMS = Question(lambda who: _sums(Deal.objects.visible_to(who)))
FIRST = Question(lambda who, phases: _first(Deal.objects.visible_to(who), phases))
SHOW = Question(_shown)
PHASES = Question(lambda: Phase.objects.filter(ends=Phase.Ends.OPEN))
ASSIGNED = Question(
    lambda most: (
        Assignment.objects.current()
        .filter(user=key("user"), partner__pk__in=keys("partner", most))
        .order_by()
        .values_list("partner")
    )
)


def columns(user: User, on: date, narrowed: DealQuerySet | None = None) -> list[Column]:
    """The phases with their deals on a day: all that this person sees, or those the board is narrowed to.
    As many queries, however many there are."""
    who, whose = reader(user), {"reader": user.pk}
    with together([*rates.asked(on), PHASES.of(), *([SUMS.of(who, **whose)] if narrowed is None else [])]):
        sums = SUMS.ask(who, **whose) if narrowed is None else list(_sums(narrowed))
        phases = _phases({pk for pk, *_sum in sums})
        totals = _totals(sums, on)
    cards: dict[int, list[Row]] = {phase.pk: [] for phase in phases}
    if cards:
        found = FIRST.ask(who, tuple(cards), **whose) if narrowed is None else _first(narrowed, cards)
        _lay(cards, [pk for (pk,) in found], user, on)
    return [
        Column(
            phase,
            count=sum(n for pk, _currency, n, *_sum in sums if pk == phase.pk),
            worth=in_each((money, total or 0) for pk, money, _n, total, _k in sums if pk == phase.pk),
            total=totals.get(phase.pk),
            cards=cards[phase.pk],
            leads_to=" ".join(str(other.pk) for other in phases if other != phase),
        )
        for phase in phases
    ]


def _totals(sums: Iterable[Any], on: date) -> dict[int, Total]:
    """What phases with deals in several currencies hold in all, at the rates of a day; the rates are asked
    for once."""
    amounts: dict[int, list[Amount]] = {}
    for phase, currency, _n, total, known in sums:
        if total is not None:
            amounts.setdefault(phase, []).append(Amount(total, currency, on, known))
    several = {phase: given for phase, given in amounts.items() if len(given) > 1}
    if not several:
        return {}
    known_rates = rates.ours(on)
    return {phase: known_rates.total(given) for phase, given in several.items()}


def _phases(used: Collection[int]) -> list[Phase]:
    """The open phases that are offered, and retired ones that deals still stand in."""
    return [phase for phase in PHASES.ask() if phase.retired_at is None or phase.pk in used]


def _lay(cards: dict[int, list[Row]], ids: list[int], user: User, on: date) -> None:
    """Put the deals with these ids on their phases, in order."""
    most = SHOWN * len(cards)
    deals = SHOW.ask(most, **spread("deal", most, ids))
    movable = _movable(deals, user, most)
    for deal in deals:
        cards[deal.phase_id].append(row_of(deal, on, deal.pk in movable))


def _movable(deals: list[Any], user: User, most: int) -> set[int]:
    """Those of these deals that the person may move; one query, where it does not own or steer them all."""
    reached = _reached(deals, user)
    movable = {
        deal.pk
        for deal in deals
        if user.pk in {deal.owner_id, deal.partner__owner_id} or deal.partner_id in reached
    }
    if len(movable) < len(deals):
        theirs = {deal.partner_id for deal in deals if deal.pk not in movable}
        assigned = {pk for (pk,) in ASSIGNED.ask(most, user=user.pk, **spread("partner", most, theirs))}
        movable.update(deal.pk for deal in deals if deal.partner_id in assigned)
    return movable


def _reached(deals: Iterable[Any], user: User) -> set[int]:
    """The partners whose deals a role of this person lets it move."""
    if not is_narrowed(user, "change deal"):
        return {deal.partner_id for deal in deals if may_by_role(user, "change deal", deal)}
    ids = {deal.partner_id for deal in deals}
    partners = Partner.objects.filter(pk__in=ids).only("region").prefetch_related("verticals")
    return {partner.pk for partner in partners if may_by_role(user, "change deal", partner)}
