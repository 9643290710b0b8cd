"""The list of registrations: who asked for which customer, how it stands and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import django_filters
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy

from lifecycle.growth.models import Registration, RegistrationQuerySet
from prm import addresses, clock
from prm.listing import KeyFilter, Listing
from prm.money import Money
from prm.paging import Order
from team.models import User

COLUMNS = (
    "pk",
    "name",
    "partner_id",
    "partner__name",
    "customer_id",
    "customer__name",
    "state",
    "amount",
    "currency",
    "asked_at",
    "protected_until",
)


class RegistrationFilter(django_filters.FilterSet):
    """What the list narrows by; all of it stands in the address."""

    state = django_filters.MultipleChoiceFilter(
        choices=Registration.State.choices, distinct=False, label=gettext_lazy("State")
    )
    partner = KeyFilter("partner", label=gettext_lazy("Partner"))
    ends = django_filters.NumberFilter(
        method="ends_within", label=gettext_lazy("Ends within days"), min_value=0, max_value=3650
    )

    class Meta:
        model = Registration
        fields: list[str] = []

    def ends_within(self, rows: RegistrationQuerySet, _name: str, value: Any) -> RegistrationQuerySet:
        return rows.filter(protected_until__lte=timezone.localdate(clock.now()) + timedelta(days=int(value)))


@dataclass(frozen=True)
class Row:
    """One registration of the list, in words."""

    url: str
    name: str
    customer: str
    customer_url: str
    partner: str
    partner_url: str
    state: str
    word: str
    worth: Money | None
    asked_on: date
    protected_until: date | None
    is_near: bool


class RegistrationListing(Listing):
    """One address of the list."""

    SORTS = {
        "asked": Order("asked_at", nullable=False),
        "until": Order("protected_until"),
    }
    HEADS = {"asked": gettext_lazy("Asked"), "until": gettext_lazy("Protected until")}
    FIRST = "asked"

    def __init__(self, address: QueryDict, user: User) -> None:
        super().__init__(address, RegistrationFilter(address, Registration.objects.visible_to(user)))

    def page(self, on: date) -> dict[str, Any]:
        """A page of it, for the template."""
        columns = dict.fromkeys([*COLUMNS, self.order.column])
        page = self.shown(self.rows.values_list(*columns, named=True))
        rows = [_row(found, on) for found in page.rows]
        return {"rows": rows, **self.counted(), **self.around(page)}


def _row(found: Any, on: date) -> Row:
    until = found.protected_until if found.state == Registration.State.PROTECTED else None
    return Row(
        url=addresses.of("lifecycle:registration", found.pk),
        name=found.name,
        customer=found.customer__name,
        customer_url=addresses.of("lifecycle:customer", found.customer_id),
        partner=found.partner__name,
        partner_url=addresses.of("dashboards:partner", found.partner_id),
        state=found.state,
        word=str(Registration.State(found.state).label),
        worth=None if found.amount is None else Money(found.amount, found.currency),
        asked_on=timezone.localtime(found.asked_at).date(),
        protected_until=until,
        is_near=until is not None and until <= on + timedelta(days=14),
    )
