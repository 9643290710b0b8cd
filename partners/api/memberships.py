"""Which programmes partners are in."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from partners import memberships
from partners.api.inputs import MOST, OnDay, seen_partners
from partners.api.rows import grouped
from partners.models import Membership, Programme, Tier, seen_by
from prm import clock
from prm.api.fields import Among, Day, Named
from prm.api.filters import filters
from prm.api.resources import Changes, Makes, Reads, Typed, step
from prm.api.rows import Row, Told
from team.api.permits import permitted, permitted_towards
from team.models import Region

Ids = serializers.IntegerField


class MembershipRow(Row):
    partner = Ids(source="partner_id")
    programme = Ids(source="programme_id")
    programme_name = serializers.CharField(source="programme.name")
    tier = Ids(source="tier_id", allow_null=True)
    tier_name = serializers.CharField(source="tier.name", allow_null=True)
    is_main = serializers.BooleanField(help_text="It gives the partner its type and tier.")
    regions = serializers.ListField(child=serializers.CharField(), help_text="By name.")
    starts_on = serializers.DateField(allow_null=True, help_text="Null: nobody knows.")
    ends_on = serializers.DateField(allow_null=True, help_text="Null: it runs.")
    beside = frozenset({"regions"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        links = Membership.regions.through._default_manager
        found = links.filter(membership__in=[row["id"] for row in rows]).order_by("region__name")
        grouped(rows, found.values_list("membership", "region__name"), "regions")


class MembershipChange(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    tier = Among(
        lambda user: Tier.objects.filter(retired_at=None),
        required=False,
        allow_null=True,
        help_text="One of its programme. Where tiers are decided on, see tier-changes.",
    )
    starts_on = Day(required=False, allow_null=True)
    regions = serializers.ListField(
        child=Named(lambda user: Region.objects.filter(retired_at=None)), max_length=MOST, required=False
    )


class NewMembership(MembershipChange):
    partner = Among(seen_partners)
    programme = Named(lambda user: Programme.objects.filter(retired_at=None))
    is_main = serializers.BooleanField(
        required=False, default=False, help_text="The first one is main anyway."
    )


class Memberships(Reads, Makes, Changes):
    noun, words = "memberships", "Places of partners in programmes, from a day to a day. One is main."
    model, row = Membership, MembershipRow
    new, changed = NewMembership, MembershipChange
    filterset_class = filters(
        Membership, keys=["partner", "programme", "tier"], booleans=["is_main"], days=["starts_on", "ends_on"]
    )

    def seen(self) -> QuerySet[Membership]:
        return Membership.objects.filter(seen_by(self.user))

    may_make = permitted_towards("change partner", "partner")

    def make(self, typed: Typed) -> Membership:
        partner, programme = typed.pop("partner"), typed.pop("programme")
        return memberships.join(partner, programme, by=self.user, at=clock.now(), **typed)

    may_change = permitted("change partner")

    def change(self, thing: Membership, typed: Typed) -> None:
        told: Typed = {"tier": thing.tier, "starts_on": thing.starts_on} | typed
        memberships.change(thing, by=self.user, at=clock.now(), **told)

    @step(permitted("change partner"), related=("partner",))
    def main(self, thing: Membership, typed: Typed) -> None:
        """Make it the main one: its type and tier are the partner's."""
        memberships.make_main(thing, by=self.user, at=clock.now())

    @step(permitted("change partner"), OnDay, related=("partner",))
    def end(self, thing: Membership, typed: Typed) -> None:
        """End it on a day. Where it was the main one, the oldest of the others takes its place."""
        memberships.end(thing, on=typed["on"], by=self.user, at=clock.now())
