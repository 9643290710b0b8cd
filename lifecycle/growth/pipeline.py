"""The pipeline as it is asked for: deals filtered, sorted, a page of them; by phase; as of a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import django_filters
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lifecycle.growth.models import Credit, Deal, DealQuerySet, DealVersion, Phase
from partners.models import Assignment
from prm import addresses, search
from prm.listing import Listing
from prm.money import Money, in_each
from prm.paging import Order
from team.models import User
from team.roles import is_narrowed, may_by_role

ME = "me"
WORDS = 8
SHOWN = 10
COLUMNS = (
    "pk",
    "name",
    "partner_id",
    "partner__name",
    "customer__name",
    "phase__name",
    "phase__probability",
    "probability",
    "state",
    "amount",
    "currency",
    "expected_close_on",
    "closed_on",
    "next_step",
    "next_step_on",
    "owner__name",
    "owner__email",
)


class DealFilter(django_filters.FilterSet):
    """What the list narrows by; all of it stands in the address."""

    q = django_filters.CharFilter(method="said", label=gettext_lazy("Words"))
    state = django_filters.MultipleChoiceFilter(choices=Deal.State.choices, label=gettext_lazy("State"))
    phase = django_filters.ModelMultipleChoiceFilter(
        queryset=Phase.objects.all(), label=gettext_lazy("Phase")
    )
    owner = django_filters.CharFilter(method="owned", label=gettext_lazy("Owner"))
    partner = django_filters.NumberFilter(method="credited", label=gettext_lazy("Partner"))
    role = django_filters.MultipleChoiceFilter(
        choices=Credit.Role.choices, method="in_role", label=gettext_lazy("Part")
    )
    renewal = django_filters.BooleanFilter("renews", "isnull", exclude=True, label=gettext_lazy("Renewals"))
    closes_from = django_filters.DateFilter("expected_close_on", "gte", label=gettext_lazy("Closes from"))
    closes_to = django_filters.DateFilter("expected_close_on", "lte", label=gettext_lazy("Closes until"))

    class Meta:
        model = Deal
        fields: list[str] = []

    def __init__(self, address: QueryDict, rows: DealQuerySet, user: User) -> None:
        super().__init__(address, rows)
        self.user = user

    def said(self, rows: DealQuerySet, _name: str, value: str) -> DealQuerySet:
        """Each word in the deal's name, its customer's or its partner's."""
        for word in search.words(value)[:WORDS]:
            rows = rows.filter(
                Q(sort_name__contains=word)
                | Q(customer__key__contains=word)
                | Q(partner__sort_name__contains=word)
            )
        return rows

    def owned(self, rows: DealQuerySet, _name: str, value: str) -> DealQuerySet:
        if value == ME:
            return rows.filter(owner=self.user)
        return rows.filter(owner=int(value)) if value.isascii() and value.isdigit() else rows.none()

    def credited(self, rows: DealQuerySet, _name: str, value: Any) -> DealQuerySet:
        return rows.filter(pk__in=Credit.objects.current().filter(partner=int(value)).values("deal"))

    def in_role(self, rows: DealQuerySet, _name: str, values: list[str]) -> DealQuerySet:
        """With the partner that is filtered by, where there is one, in one of these parts."""
        if not values:
            return rows
        credits = Credit.objects.current().filter(role__in=values)
        partner = self.data.get("partner", "")
        if partner.isascii() and partner.isdigit():
            credits = credits.filter(partner=int(partner))
        return rows.filter(pk__in=credits.values("deal"))


class DealListing(Listing):
    """One address of the list of deals."""

    SORTS = {
        "name": Order("sort_name", nullable=False),
        "amount": Order("amount"),
        "phase": Order("phase__position", nullable=False),
        "close": Order("expected_close_on"),
        "closed": Order("closed_on"),
    }
    HEADS = {
        "name": gettext_lazy("Deal"),
        "amount": gettext_lazy("Amount"),
        "phase": gettext_lazy("Phase"),
        "close": gettext_lazy("Expected close"),
    }
    FIRST = "close"
    HIGH_FIRST = {"amount", "closed"}
    NUMBERS = {"amount"}

    def __init__(self, address: QueryDict, user: User) -> None:
        super().__init__(address, DealFilter(address, Deal.objects.visible_to(user), user))

    def sorted_rows(self) -> QuerySet[Deal]:
        """All the deals that match, in order, with what a line of the file shows."""
        related = self.rows.select_related("partner", "customer", "phase", "owner")
        return related.prefetch_related("products").order_by(*self.order.by())

    def page(self, on: date) -> dict[str, Any]:
        """A page of it, for the template."""
        columns = dict.fromkeys([*COLUMNS, self.order.column])
        page = self.shown(self.rows.values_list(*columns, named=True))
        return {"rows": [row_of(deal, on) for deal in page.rows], **sums(self.rows), **self.around(page)}


def sums(deals: DealQuerySet) -> dict[str, Any]:
    """How many deals these are, and their worth in each currency; one query."""
    rows = deals.order_by().values_list("currency").annotate(n=Count("*"), total=Sum("amount"))
    found = list(rows)
    return {
        "count": sum(n for _currency, n, _worth in found),
        "worth": in_each((currency, worth) for currency, _n, worth in found if worth is not None),
    }


@dataclass(frozen=True)
class Row:
    """One deal of a list or board, in words."""

    key: str
    url: str
    name: str
    customer: str
    partner: str
    partner_url: str
    worth: Money | None
    phase: str
    likely: int
    state: str
    close_on: date | None
    is_overdue: bool
    next_step: str
    next_step_on: date | None
    is_step_overdue: bool
    owner: str
    may_move: bool = False

    @property
    def move_url(self) -> str:
        return addresses.of("lifecycle:deal_move", self.key)

    @property
    def move_words(self) -> str:
        return _("Move {name}").format(name=self.name)


def row_of(deal: Any, on: date, may_move: bool = False) -> Row:
    """The row of a deal that has the COLUMNS as its attributes, on a day."""
    is_open = deal.state == Deal.State.OPEN
    close_on = deal.expected_close_on if is_open else deal.closed_on
    return Row(
        key=str(deal.pk),
        url=addresses.of("lifecycle:deal", deal.pk),
        name=deal.name,
        customer=deal.customer__name,
        partner=deal.partner__name,
        partner_url=addresses.of("dashboards:partner", deal.partner_id),
        worth=None if deal.amount is None else Money(deal.amount, deal.currency),
        phase=deal.phase__name,
        likely=deal.phase__probability if deal.probability is None else deal.probability,
        state=deal.state,
        close_on=close_on,
        is_overdue=is_open and close_on is not None and close_on < on,
        next_step=deal.next_step if is_open else "",
        next_step_on=deal.next_step_on,
        is_step_overdue=is_open and deal.next_step_on is not None and deal.next_step_on < on,
        owner=deal.owner__name or deal.owner__email or "",
        may_move=may_move,
    )


@dataclass(frozen=True)
class Column:
    """One phase of the board: the true count and worth, and the first cards."""

    phase: Phase
    count: int
    worth: list[Money]
    cards: list[Row]
    leads_to: str  # the ids of the other phases, as the board's script reads them

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


def columns(deals: DealQuerySet, user: User, on: date) -> list[Column]:
    """The open deals among these by phase; as many queries, however many there are."""
    phases = list(_phases(deals))
    grouped = deals.open().order_by().values_list("phase", "currency")
    sums = list(grouped.annotate(n=Count("*"), total=Sum("amount")))
    first = _first(deals, phases)
    movable = _movable(first, user)
    cards: dict[int, list[Row]] = {phase.pk: [] for phase in phases}
    for deal in first:
        cards[deal.phase_id].append(row_of(deal, on, deal.pk in movable))
    return [
        Column(
            phase,
            count=sum(n for pk, _currency, n, _worth in sums if pk == phase.pk),
            worth=in_each((money, worth or 0) for pk, money, _n, worth in sums if pk == phase.pk),
            cards=cards[phase.pk],
            leads_to=" ".join(str(other.pk) for other in phases if other != phase),
        )
        for phase in phases
    ]


def _phases(deals: DealQuerySet) -> QuerySet[Phase]:
    """The open phases that are offered, and retired ones that deals still stand in."""
    used = Q(retired_at=None) | Q(pk__in=deals.open().values("phase"))
    return Phase.objects.filter(used, ends=Phase.Ends.OPEN)


def _movable(deals: list[Any], user: User) -> set[int]:
    """Those of these deals that the person may move; two queries at most."""
    rows = Deal.objects.filter(pk__in=[deal.pk for deal in deals]).select_related("partner")
    if is_narrowed(user, "change deal"):
        rows = rows.prefetch_related("partner__verticals")
    mine = Assignment.objects.current().filter(user=user, partner__in=rows.values("partner"))
    assigned = set(mine.values_list("partner", flat=True))
    return {
        deal.pk
        for deal in rows
        if user.pk in {deal.owner_id, deal.partner.owner_id}
        or deal.partner_id in assigned
        or may_by_role(user, "change deal", deal.partner)
    }


def _first(deals: DealQuerySet, phases: list[Phase]) -> list[Any]:
    """The first open deals of each phase, those that close first at the top; each along the index."""
    order = [F("expected_close_on").asc(nulls_last=True), F("pk").asc()]
    tops = [deals.open().filter(phase=phase).order_by(*order).values("pk")[:SHOWN] for phase in phases]
    rows = [Deal.objects.filter(pk__in=top).order_by().values_list("pk", flat=True) for top in tops]
    first = list(rows[0].union(*rows[1:], all=True)) if rows else []
    shown = Deal.objects.filter(pk__in=first).order_by(*order)
    return list(shown.values_list("phase_id", *COLUMNS, named=True))


# --- as of a moment ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Closed:
    """What was won (or lost) in a span of days, as it was known at a moment: in each currency."""

    count: int
    worth: list[Money]


def closed_between(
    first: date, last: date, moment: datetime, state: str = Deal.State.WON, role: str = ""
) -> Closed:
    """Deals that closed from `first` to `last`, both included, by what was known at `moment`: the same
    question about the same moment always has the same answer. With a `role`, those in which a partner
    had that part then; a deal counts once."""
    known = DealVersion.objects.at(moment).filter(state=state, closed_on__gte=first, closed_on__lte=last)
    if role:
        known = known.filter(deal__in=Credit.objects.at(moment).filter(role=role).values("deal"))
    rows = list(known.order_by().values_list("currency").annotate(n=Count("*"), total=Sum("amount")))
    return Closed(
        count=sum(n for _currency, n, _worth in rows),
        worth=in_each((currency, worth or 0) for currency, _n, worth in rows),
    )
