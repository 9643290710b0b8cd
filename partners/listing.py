"""The partner list as its address asks for it: filtered, sorted, a page of it, counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from partners import rows
from partners.filters import Lists, PartnerFilter, looks_for_words
from partners.models import Partner, Visit
from prm.listing import Listing
from prm.paging import Order
from team.models import User

RELATED = ("kind", "tier", "owner", "region", "source")
SORTS = {
    "name": Order("sort_name", nullable=False),
    "kind": Order("kind__name"),
    "tier": Order("tier__rank"),
    "since": Order("step_since", nullable=False),
    "fit": Order("score"),
    "health": Order("health"),
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
MOST_FOUND = 1_000  # partners counted that hold some words: each of them has to be read


class PartnerListing(Listing):
    """One address of the list."""

    SORTS, HEADS, FIRST = SORTS, HEADS, "name"
    HIGH_FIRST, NUMBERS = HIGH_FIRST, NUMBERS
    filter: PartnerFilter

    def __init__(self, address: QueryDict, user: User) -> None:
        named = Lists.named_in(address)
        super().__init__(address, PartnerFilter(address, Partner.objects.visible_to(user), user, named))

    @property
    def most_counted(self) -> int:
        return MOST_FOUND if looks_for_words(self.address) else super().most_counted

    @property
    def order(self) -> Order:
        return replace(super().order, by_ids=looks_for_words(self.address))

    def sorted_rows(self) -> QuerySet[Partner]:
        """All the partners that match, in order, with what a row shows; `since_unknown` where they
        stand since nobody knows when. Raises `NotRead`."""
        came_in = Visit.objects.filter(
            partner=OuterRef("pk"), left_at=None, entry_is_known=False, entered_at=OuterRef("step_since")
        )
        rows = self.asked_for.select_related(*RELATED).annotate(since_unknown=Exists(came_in))
        return rows.order_by(*self.order.by())

    def page(self, at: datetime) -> dict[str, Any]:
        """A page of it, for the template."""
        columns = dict.fromkeys([*rows.COLUMNS, self.order.column])
        page = self.shown(self.rows.values_list(*columns, named=True))
        return {"rows": rows.said(page.rows, at), **self.counted(page), **self.around(page)}
