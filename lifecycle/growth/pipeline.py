"""The pipeline as it is asked for: deals filtered, sorted, a page of them; as of a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lifecycle.growth.models import Credit, Deal, DealQuerySet, DealVersion, Phase
from prm import addresses, search
from prm.listing import AmongFilter, KeyFilter, Listing, YesNoFilter
from prm.money import Money, in_each
from prm.paging import Order
from prm.rates import Amount
from team import choosing, rates
from team.choosing import ColleagueFilter
from team.models import User, known_as

ME = "me"
WORDS = 8
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
    state = django_filters.MultipleChoiceFilter(
        choices=Deal.State.choices, distinct=False, label=gettext_lazy("State")
    )
    phase = AmongFilter(queryset=Phase.objects.all(), label=gettext_lazy("Phase"))
    owner = ColleagueFilter(method="owned", label=gettext_lazy("Owner"))
    partner = KeyFilter(method="credited", label=gettext_lazy("Partner"))
    role = django_filters.MultipleChoiceFilter(
        choices=Credit.Role.choices, method="in_role", distinct=False, label=gettext_lazy("Part")
    )
    renewal = YesNoFilter("renews", "isnull", exclude=True, label=gettext_lazy("Renewals"))
    closes_from = django_filters.DateFilter("expected_close_on", "gte", label=gettext_lazy("Closes from"))
    closes_to = django_filters.DateFilter("expected_close_on", "lte", label=gettext_lazy("Closes until"))

    class Meta:
        model = Deal
        fields: list[str] = []

    def __init__(self, address: QueryDict, rows: DealQuerySet, user: User) -> None:
        super().__init__(address, rows)
        self.user = user
        choosing.offer_named(self, "owner", [(ME, _("Me"))], user)

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
        return rows.filter(owner=self.user.pk if value == ME else int(value))

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
        """All the deals that match, in order, with what a line of the file shows. Raises `NotRead`."""
        related = self.asked_for.select_related("partner", "customer", "phase", "owner")
        return related.prefetch_related("products").order_by(*self.order.by())

    def page(self, on: date) -> dict[str, Any]:
        """A page of it, for the template."""
        columns = dict.fromkeys([*COLUMNS, self.order.column])
        page = self.shown(self.rows.values_list(*columns, named=True))
        return {"rows": [row_of(deal, on) for deal in page.rows], **self.sums(on), **self.around(page)}

    def sums(self, on: date) -> dict[str, Any]:
        """How many deals these are and, of one state alone, their worth in each currency and in the one we
        report in: what is hoped for, won and lost is no sum."""
        states = self.filter.form.cleaned_data.get("state", ())
        if len(states) != 1:
            return {**self.counted(), "worth": [], "total": None}
        rows = self.rows.order_by().values_list("currency")
        found = list(rows.annotate(n=Count("*"), total=Sum("amount"), known=Count("amount")))
        today = [Amount(worth, currency, on, known) for currency, _n, worth, known in found if known]
        worth = in_each((each.currency, each.minor) for each in today)
        by_day = len(worth) > 1 and states[0] != Deal.State.OPEN
        amounts = closed_amounts(self.rows) if by_day else today
        return {
            "count": sum(n for _currency, n, *_worth in found),
            "worth": worth,
            "total": rates.in_one(amounts),
        }


def closed_amounts(deals: QuerySet[Deal]) -> list[Amount]:
    """What closed deals are worth by currency and the day they closed, whose rate they are told at; one
    query."""
    known = deals.order_by().filter(amount__isnull=False, closed_on__isnull=False)
    by_day = known.values_list("currency", "closed_on").annotate(n=Count("*"), total=Sum("amount"))
    return [Amount(total, currency, day, n) for currency, day, n, total in by_day]


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
        owner=known_as(deal.owner__name, deal.owner__email),
        may_move=may_move,
    )


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
