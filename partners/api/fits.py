"""How partners fit the Ideal Partner Profile, and the tiers of programmes."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import QuerySet
from rest_framework import serializers

from partners import lists
from partners.api import rows
from partners.models import Fit, Programme, Tier, seen_by
from prm import clock
from prm.api.fields import Named
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Makes, Reads, Typed
from prm.paging import Order
from team.api.lists import NewEntry
from team.api.permits import permitted_anywhere


class Fits(Reads):
    noun, words = "fits", "Scores of partners against one version of the profile, each with its lines."
    model, row = Fit, rows.FitRow
    filterset_class = filters(
        Fit, keys=["partner", "profile"], choices=["verdict"], booleans=["is_current"], moments=["scored_at"]
    )
    sorts = USUAL_SORTS | {"scored_at": Order("scored_at", nullable=False), "score": Order("score")}

    def seen(self) -> QuerySet[Fit]:
        return Fit.objects.filter(seen_by(self.user))


def weight_field() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=4,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=Decimal(20),
        required=False,
        help_text="Its share of a manager's load; 1 is a steady partner in growth.",
    )


class TierChange(NewEntry):
    """What differs; what is left out stays."""

    weight = weight_field()
    rank = serializers.IntegerField(
        min_value=1, max_value=1000, required=False, help_text="1 is the highest; others make room."
    )
    is_retired = serializers.BooleanField(required=False, help_text="True: it is offered no more.")


class NewTier(NewEntry):
    """The lowest of its programme."""

    programme = Named(lambda user: Programme.objects.all())
    weight = weight_field()


class Tiers(Reads, Makes, Changes):
    noun, words = "tiers", "Levels within the programmes that partners are members of."
    model, row, new, changed = Tier, rows.TierRow, NewTier, TierChange
    may_make = may_change = permitted_anywhere("edit settings")
    filterset_class = filters(Tier, keys={"programme": "programme", "kind": "programme__kind"})
    sorts = USUAL_SORTS | {"rank": Order("rank", nullable=False)}
    first_sort = "id"

    def seen(self) -> QuerySet[Tier]:
        return Tier.objects.all() if self.user.roles else Tier.objects.none()

    def make(self, typed: Typed) -> Tier:
        return lists.add_tier(typed["programme"], typed["name"], typed.get("weight", Decimal(1)))

    def change(self, thing: Tier, typed: Typed) -> None:
        at = clock.now()
        if "name" in typed or "weight" in typed:
            lists.change_tier(thing, typed.get("name", thing.name), typed.get("weight", thing.weight), at)
        if "rank" in typed:
            lists.move_tier(thing, typed["rank"] - thing.rank)
        if typed.get("is_retired", bool(thing.retired_at)) != bool(thing.retired_at):
            lists.retire_tier(thing, at) if typed["is_retired"] else lists.restore_tier(thing)
