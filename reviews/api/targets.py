"""Targets per quarter, and where each stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lifecycle.api.inputs import minor_of
from partners.api.inputs import seen_partners
from prm import clock, money
from prm.api.fields import Among, Day
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Drops, Makes, Reads, Typed
from prm.api.rows import Row, Told
from prm.money import Money
from prm.paging import Order
from reviews.meetings import listing
from reviews.models import Objective, Target
from reviews.planning import standing, targets
from reviews.planning.measures import MEASURES
from team.api.permits import permitted, permitted_towards
from team.roles import permitted_or_403

Ids = serializers.IntegerField
CHANGE = "change joint plan"
LARGEST = 10**9


class TargetRow(Row):
    partner = Ids(source="partner_id")
    objective = Ids(source="objective_id", allow_null=True)
    measure = serializers.ChoiceField([(each.key, each.name) for each in MEASURES.values()])
    first_on = serializers.DateField(help_text="The first day of its quarter.")
    wanted = serializers.DecimalField(max_digits=18, decimal_places=3, help_text="In units of the currency.")
    currency = serializers.CharField(help_text="ISO 4217; empty for what is counted.")
    created_by = Ids(source="created_by_id")
    created_at = serializers.DateTimeField()

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        for row in rows:
            row["wanted"] = told(row["wanted"], row["currency"])


def told(number: int | None, currency: str) -> str | None:
    """A number of a measure, money in units of its currency."""
    return None if number is None else str(Money(number, currency).amount if currency else number)


def kept(number: Decimal, measure: str, currency: str) -> int:
    """A number as it was sent, in minor units where it is money."""
    if MEASURES[measure].is_money:
        return minor_of(number, currency, "wanted")
    if number != int(number):
        raise serializers.ValidationError({"wanted": ["Write a whole number, such as 3."]})
    return int(number)


class TargetChange(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    wanted = serializers.DecimalField(
        max_digits=16, decimal_places=3, min_value=Decimal(0), max_value=LARGEST
    )
    objective = Among(
        lambda user: Objective.objects.visible_to(user).running(), required=False, allow_null=True
    )


class NewTarget(TargetChange):
    partner = Among(seen_partners)
    measure = serializers.ChoiceField([(each.key, each.name) for each in MEASURES.values()])
    first_on = Day(help_text="The first day of a quarter: the one before this, this, or one to come.")
    currency = serializers.ChoiceField(
        sorted(money.currencies()), required=False, default="", help_text="For what is won."
    )

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if MEASURES[asked["measure"]].is_money and not asked["currency"]:
            raise serializers.ValidationError({"currency": ["Say in which currency."]})
        asked["wanted"] = kept(asked["wanted"], asked["measure"], asked["currency"])
        return asked


class StandingRow(serializers.Serializer[Any]):
    actual = serializers.DecimalField(
        max_digits=18, decimal_places=3, allow_null=True, help_text="What the record holds; null: not known."
    )
    should = serializers.DecimalField(
        max_digits=18, decimal_places=3, allow_null=True, help_text="Where it would be today, day by day."
    )
    state = serializers.CharField()
    words = serializers.CharField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    open = serializers.DecimalField(
        max_digits=18,
        decimal_places=3,
        allow_null=True,
        help_text="Open deals to close in it, in its currency.",
    )


class Targets(Reads, Makes, Changes, Drops):
    noun, words = "targets", "How much of a measure a quarter should bring. What it brought is never typed."
    model, row, new, changed = Target, TargetRow, NewTarget, TargetChange
    related = ("partner__owner",)
    filterset_class = filters(Target, keys=["partner", "objective"], texts=["measure"], days=["first_on"])
    sorts = USUAL_SORTS | {"first_on": Order("first_on", nullable=False)}

    def seen(self) -> QuerySet[Target]:
        return Target.objects.visible_to(self.user)

    may_make = permitted_towards(CHANGE, "partner")

    def make(self, typed: Typed) -> Target:
        partner = typed.pop("partner")
        return targets.set_one(partner, targets.Wanted(**typed), by=self.user, at=clock.now())

    may_change = permitted(CHANGE)

    def change(self, thing: Target, typed: Typed) -> None:
        wanted, objective = thing.wanted, typed.get("objective", thing.objective)
        if "wanted" in typed:
            wanted = kept(typed["wanted"], thing.measure, thing.currency)
        targets.change(thing, wanted, objective, by=self.user, at=clock.now())

    def drop(self, thing: Target) -> None:
        permitted_or_403(self.user, CHANGE, thing)
        targets.drop(thing, by=self.user, at=clock.now())

    @extend_schema(responses=StandingRow)
    @action(detail=True, url_name="standing")
    def standing(self, request: Request, pk: str) -> Response:
        """What the record holds of it by now, where it should be, and the open pipeline beside it."""
        found = standing.of_target(self.thing(pk, "partner__owner", "objective"), listing.today())
        currency = found.target.currency
        return Response(
            {
                "actual": told(found.actual, currency),
                "should": told(found.should, currency),
                "state": found.state,
                "words": found.words,
                "first_on": found.quarter.first,
                "last_on": found.quarter.last,
                "open": told(found.pipeline.open, currency) if found.pipeline else None,
            }
        )
