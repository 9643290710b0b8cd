"""The partner list as its address asks for it: filtered, sorted, a page of it, counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from partners import filters, rows
from partners.filters import Chip, Lists, PartnerFilter
from partners.models import Partner, Visit
from prm import paging
from prm.paging import Order
from team.models import User

RELATED = ("kind", "tier", "owner", "region")
SORTS = {
    "name": Order("sort_name", nullable=False),
    "kind": Order("kind__name"),
    "tier": Order("tier__rank"),
    "since": Order("step_since", nullable=False),
    "fit": Order("score"),
    "owner": Order("owner__name"),
    "region": Order("region__name"),
    "touch": Order("last_touch_at"),
    "added": Order("created_at", nullable=False),
}
HEADS = {
    "name": _("Partner"),
    "kind": _("Type"),
    "since": _("Stage"),
    "fit": _("Fit"),
    "owner": _("Owner"),
    "region": _("Region"),
    "touch": _("Last touch"),
}
HIGH_FIRST = {"fit", "touch", "added"}
NUMBERS = {"fit", "touch"}


@dataclass(frozen=True)
class Head:
    """The head of a column: pressing it sorts by it, pressing again the other way."""

    key: str
    name: str
    url: str
    sorted: str  # "ascending", "descending" or ""

    @property
    def is_number(self) -> bool:
        return self.key in NUMBERS


class Listing:
    """One address of the list."""

    def __init__(self, address: QueryDict, user: User) -> None:
        self.address = address
        named = Lists.named_in(address)
        self.filter = PartnerFilter(address, Partner.objects.visible_to(user), user, named)
        asked = address.get("sort", "")
        self.sort = asked if asked.lstrip("-") in SORTS and not asked.startswith("--") else "name"

    @property
    def rows(self) -> QuerySet[Partner]:
        """All the partners that match, unsorted."""
        return self.filter.qs

    @property
    def order(self) -> Order:
        order = SORTS[self.sort.lstrip("-")]
        return Order(order.column, self.sort.startswith("-"), order.nullable)

    @property
    def chips(self) -> list[Chip]:
        return filters.chips(self.filter, self.address)

    def sorted_rows(self) -> QuerySet[Partner]:
        """All the partners that match, in order, with what a row shows; `since_unknown` where they
        stand since nobody knows when."""
        came_in = Visit.objects.filter(
            partner=OuterRef("pk"), left_at=None, entry_is_known=False, entered_at=OuterRef("step_since")
        )
        rows = self.rows.select_related(*RELATED).annotate(since_unknown=Exists(came_in))
        return rows.order_by(*self.order.by())

    def page(self, at: datetime) -> dict[str, Any]:
        """A page of it, for the template."""
        columns = dict.fromkeys([*rows.COLUMNS, self.order.column])
        shown = paging.page(
            self.rows.values_list(*columns, named=True),
            self.order,
            after=self.address.get("after", ""),
            before=self.address.get("before", ""),
        )
        return {
            "rows": rows.said(shown.rows, at),
            "count": self.rows.count(),
            "previous_url": self.url(before=shown.previous) if shown.previous else "",
            "next_url": self.url(after=shown.next) if shown.next else "",
            "heads": self.heads(),
            "chips": self.chips,
        }

    def heads(self) -> list[Head]:
        return [
            Head(key, str(name), self.url(sort=self._turned(key)), self._direction(key))
            for key, name in HEADS.items()
        ]

    def url(self, **other: str) -> str:
        """This address with other values; it begins at the first page unless a mark is among them."""
        address = self.address.copy()
        for mark in ("after", "before"):
            address.pop(mark, None)
        for name in [name for name in address if not any(address.getlist(name))]:
            address.pop(name)
        for name, value in other.items():
            address[name] = value
        return f"?{address.urlencode()}"

    def _direction(self, key: str) -> str:
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "")

    def _turned(self, key: str) -> str:
        first, second = (f"-{key}", key) if key in HIGH_FIRST else (key, f"-{key}")
        return second if self.sort == first else first
