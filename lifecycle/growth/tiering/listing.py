"""The list of memberships near a change: who would rise, who would fall, who is under notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from lifecycle.growth.tiering import criteria, showing
from lifecycle.growth.tiering.models import Requirement, Standing, TierChange
from lifecycle.growth.tiering.models.standings import StandingQuerySet
from partners.models import Programme
from prm.listing import Listing
from prm.paging import Order
from team.models import User

RISE, FALL = Standing.Direction.RISE, Standing.Direction.FALL
SHOWS = {
    "near": gettext_lazy("Near a change"),
    "rise": gettext_lazy("Would rise"),
    "fall": gettext_lazy("Would fall"),
    "tell": gettext_lazy("To be told"),
    "notice": gettext_lazy("Under notice"),
    "asked": gettext_lazy("To be decided"),
}
RELATED = ("membership__partner", "membership__programme", "membership__tier", "to", "rules")


class StandingFilter(django_filters.FilterSet):
    """What the list narrows by; all of it stands in the address."""

    show = django_filters.ChoiceFilter(
        choices=list(SHOWS.items()), method="shown", label=gettext_lazy("Show"), empty_label=None
    )
    programme = django_filters.ModelChoiceFilter(
        field_name="membership__programme",
        queryset=Programme.objects.all(),
        label=gettext_lazy("Programme"),
    )

    class Meta:
        model = Standing
        fields: list[str] = []

    def shown(self, rows: StandingQuerySet, _name: str, value: str) -> QuerySet[Standing]:
        open_now = TierChange.objects.open().filter(membership=OuterRef("membership"))
        if value in {"rise", "fall"}:
            return rows.filter(direction=value)
        if value == "tell":
            untold = TierChange.objects.to_tell().filter(membership=OuterRef("membership"))
            return rows.filter(Exists(untold))
        if value == "notice":
            return rows.filter(Exists(open_now.filter(state=TierChange.State.NOTICE)))
        if value == "asked":
            return rows.filter(Exists(open_now.filter(state=TierChange.State.ASKED)))
        return rows.exclude(direction=Standing.Direction.STAY) | rows.filter(Exists(open_now))


@dataclass(frozen=True)
class Row:
    """One membership of the list, in words."""

    shown: showing.Shown

    @property
    def standing(self) -> Standing:
        return self.shown.standing

    @property
    def missing(self) -> str:
        """What stands in the way: of keeping its tier where it would fall, else of the next one."""
        lines = self.shown.lines if self.standing.direction == FALL else self.shown.next_lines
        return "; ".join(line.words for line in lines if line.tone == "warn")


class StandingListing(Listing):
    """One address of the list."""

    SORTS = {
        "since": Order("since", nullable=False),
        "partner": Order("membership__partner__sort_name", nullable=False),
    }
    HEADS = {"since": gettext_lazy("Since"), "partner": gettext_lazy("Partner")}
    FIRST = "since"

    def __init__(self, address: QueryDict, user: User) -> None:
        super().__init__(address, StandingFilter(address, Standing.objects.visible_to(user)))

    def page(self) -> dict[str, Any]:
        """A page of it, for the template."""
        page = self.shown(self.rows.select_related(*RELATED))
        return {"rows": _rows(page.rows), **self.counted(), **self.around(page)}


def _rows(standings: Sequence[Standing]) -> list[Row]:
    rules = {each.rules_id for each in standings}
    wanted = list(Requirement.objects.filter(rules__in=rules).select_related("tier")) if rules else []
    known = criteria.known() if rules else {}
    of_them = TierChange.objects.open().filter(membership__in=[each.membership_id for each in standings])
    changes = {each.membership_id: each for each in of_them.select_related("before", "to")} if rules else {}
    return [Row(showing.shown(each, wanted, known, changes.get(each.membership_id))) for each in standings]
