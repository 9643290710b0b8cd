"""The list of agreements: whose, of which kind, how they stand and until when. No terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import django_filters
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy

from lifecycle.recruitment.models import KINDS, Agreement, AgreementQuerySet, AgreementVersion
from prm import addresses, clock, search
from prm.listing import KeyFilter, Listing
from prm.paging import Order
from team.models import User

ME = "me"
COLUMNS = (
    "pk",
    "partner_id",
    "partner__name",
    "version__kind",
    "state",
    "signed_on",
    "ends_on",
    "notice_on",
    "ended_on",
)


class AgreementFilter(django_filters.FilterSet):
    """What the list narrows by; all of it stands in the address."""

    q = django_filters.CharFilter(method="said", label=gettext_lazy("Partner"))
    state = django_filters.MultipleChoiceFilter(
        choices=Agreement.State.choices, distinct=False, label=gettext_lazy("State")
    )
    kind = django_filters.MultipleChoiceFilter(
        "version__kind", choices=AgreementVersion.Kind.choices, distinct=False, label=gettext_lazy("Kind")
    )
    partner = KeyFilter("partner", label=gettext_lazy("Partner"))
    owner = django_filters.ChoiceFilter(
        method="owned", choices=[(ME, gettext_lazy("Me"))], label=gettext_lazy("Owner")
    )
    ends = django_filters.NumberFilter(
        method="ends_within", label=gettext_lazy("Ends within days"), min_value=0, max_value=3650
    )

    class Meta:
        model = Agreement
        fields: list[str] = []

    def __init__(self, address: QueryDict, rows: AgreementQuerySet, user: User) -> None:
        super().__init__(address, rows)
        self.user = user

    def said(self, rows: AgreementQuerySet, _name: str, value: str) -> AgreementQuerySet:
        for word in search.words(value)[:8]:
            rows = rows.filter(partner__search_key__contains=word)
        return rows

    def owned(self, rows: AgreementQuerySet, _name: str, value: str) -> AgreementQuerySet:
        return rows.filter(partner__owner=self.user) if value == ME else rows

    def ends_within(self, rows: AgreementQuerySet, _name: str, value: Any) -> AgreementQuerySet:
        """Whose last day, or last day for notice, is not further ahead than so many days."""
        last = timezone.localdate(clock.now()) + timedelta(days=int(value))
        return rows.filter(ends_on__lte=last) | rows.filter(notice_on__lte=last)


@dataclass(frozen=True)
class Row:
    """One agreement of the list, in words."""

    url: str
    partner: str
    partner_url: str
    kind: str
    state: str
    word: str
    signed_on: date | None
    ends_on: date | None
    notice_on: date | None
    is_near: bool


class AgreementListing(Listing):
    """One address of the list."""

    SORTS = {
        "ends": Order("ends_on"),
        "signed": Order("signed_on"),
        "partner": Order("partner__sort_name", nullable=False),
    }
    HEADS = {
        "partner": gettext_lazy("Partner"),
        "signed": gettext_lazy("Signed on"),
        "ends": gettext_lazy("Last day"),
    }
    FIRST = "ends"

    def __init__(self, address: QueryDict, user: User) -> None:
        rows = Agreement.objects.visible_to(user)
        super().__init__(address, AgreementFilter(address, rows, user))

    def page(self, on: date) -> dict[str, Any]:
        """A page of it, for the template."""
        columns = dict.fromkeys([*COLUMNS, self.order.column])
        page = self.shown(self.rows.values_list(*columns, named=True))
        rows = [_row(found, on) for found in page.rows]
        return {"rows": rows, **self.counted(), **self.around(page)}


def _row(found: Any, on: date) -> Row:
    near = on + timedelta(days=90)
    days = [day for day in (found.ends_on, found.notice_on) if day is not None]
    in_force = found.state == Agreement.State.SIGNED
    return Row(
        url=addresses.of("lifecycle:agreement", found.pk),
        partner=found.partner__name,
        partner_url=addresses.of("dashboards:partner", found.partner_id),
        kind=KINDS.get(found.version__kind, ""),
        state=found.state,
        word=str(Agreement.State(found.state).label),
        signed_on=found.signed_on,
        ends_on=found.ended_on or found.ends_on,
        notice_on=found.notice_on,
        is_near=in_force and any(day <= near for day in days),
    )
