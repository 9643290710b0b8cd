"""Opportunities of ours that partners should pursue, and to whom each was offered."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from lifecycle.api.inputs import Opportunity
from lifecycle.api.rows import told_amount
from lifecycle.growth import customers
from lifecycle.growth.referrals import meeting, passing
from lifecycle.models import Offer, Referral
from partners.api.inputs import MOST, OnDay, Reason, seen_partners
from partners.api.rows import grouped
from partners.models import Partner, seen_by
from prm import clock
from prm.api.fields import Among, Named
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Makes, Reads, Typed, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.permits import permitted_anywhere
from team.models import Region, Vertical

Ids = serializers.IntegerField
ACTION = "pass referrals"


class ReferralRow(Row):
    name = serializers.CharField(help_text="What it is about.")
    customer = Ids(source="customer_id")
    customer_name = serializers.CharField(source="customer.name")
    words = serializers.CharField(help_text="What we know; the partners it is offered to read it.")
    amount = serializers.DecimalField(max_digits=18, decimal_places=3, allow_null=True)
    currency = serializers.CharField(help_text="ISO 4217.")
    region = Ids(source="region_id", allow_null=True)
    vertical = Ids(source="vertical_id", allow_null=True)
    rule = serializers.ChoiceField(Referral.Rule.choices)
    rule_words = serializers.CharField(help_text="By which rule it was passed, as it was then.")
    days = serializers.IntegerField(help_text="Working days to answer.")
    state = serializers.ChoiceField(Referral.State.choices)
    deal = Ids(source="deal_id", allow_null=True, help_text="What it became; its end is the outcome.")
    met_on = serializers.DateField(
        source="fact.on", allow_null=True, help_text="When the partner met the customer."
    )
    offers = serializers.ListField(child=Ids(), help_text="See offers.")
    made_by = Ids(source="made_by_id")
    made_at = serializers.DateTimeField()
    beside = frozenset({"offers"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        told_amount(rows)
        found = Offer.objects.filter(referral__in=[row["id"] for row in rows]).order_by("pk")
        grouped(rows, found.values_list("referral", "pk"), "offers")


class NewReferral(Opportunity):
    """Without `to` it is offered to the first by the rule."""

    words = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")
    region: Any = Named(lambda user: Region.objects.filter(retired_at=None), required=False, allow_null=True)
    vertical: Any = Named(
        lambda user: Vertical.objects.filter(retired_at=None), required=False, allow_null=True
    )
    rule = serializers.ChoiceField(Referral.Rule.choices)
    days = serializers.IntegerField(min_value=1, max_value=30, required=False, default=3)
    to = serializers.ListField(
        child=Among(seen_partners),
        max_length=MOST,
        required=False,
        default=list,
        help_text="Live partners in the region and vertical; the first that accepts has it.",
    )


class OneMore(serializers.Serializer[Any]):
    partner = Among(seen_partners)


class Referrals(Reads, Makes):
    noun, words = "referrals", "Opportunities of ours that we pass to partners."
    model, row, new = Referral, ReferralRow, NewReferral
    filterset_class = filters(
        Referral, keys=["customer", "deal", "made_by"], choices=["state", "rule"], moments=["made_at"]
    )
    sorts = USUAL_SORTS | {"made_at": Order("made_at", nullable=False)}

    def seen(self) -> QuerySet[Referral]:
        return Referral.objects.visible_to(self.user)

    may_make = permitted_anywhere(ACTION)

    def make(self, typed: Typed) -> Referral:
        at, rule = clock.now(), typed["rule"]
        to = self._among_those_there(typed, at)
        where = {name: typed.pop(name, "") for name in ("website", "country")}
        customer = customers.found(typed.pop("customer"), at, **where)
        days = typed.pop("days")
        facts = {name: value for name, value in typed.items() if name not in {"to", "rule"}}
        what = passing.Opportunity(customer=customer, **facts)
        return passing.pass_on(what, to, rule, days, by=self.user, at=at)

    def _among_those_there(self, typed: Typed, at: Any) -> list[Partner]:
        """The named partners, else the first by the rule; the rule's own list says who may be one."""
        there = passing.candidates(typed.get("region"), typed.get("vertical"), typed["rule"], self.user, at)
        named = list(dict.fromkeys(typed["to"]))
        if not named and typed["rule"] != Referral.Rule.CHOSEN:
            first = [each.pk for each in there[:1]]
            return list(Partner.objects.filter(pk__in=first).select_related("owner"))
        known = {each.pk for each in there}
        if any(each.pk not in known for each in named):
            words = "Name live partners in the region and vertical."
            raise serializers.ValidationError({"to": [words]})
        return named

    @step(permitted_anywhere(ACTION), OneMore, related=("customer",))
    def offer(self, thing: Referral, typed: Typed) -> None:
        """Offer it to one more partner."""
        passing.offer(thing, typed["partner"], by=self.user, at=clock.now())

    @step(permitted_anywhere(ACTION), Reason, name="pull-back", related=("customer",))
    def pull_back(self, thing: Referral, typed: Typed) -> None:
        """It is offered no more."""
        passing.pull_back(thing, typed["reason"], by=self.user, at=clock.now())

    @step(permitted_anywhere(ACTION), OnDay, related=("customer",))
    def met(self, thing: Referral, typed: Typed) -> None:
        """The partner that took it met the customer on a day, which is evidence."""
        meeting.met(thing, typed["on"], by=self.user, at=clock.now())


class OfferRow(Row):
    referral = Ids(source="referral_id")
    partner = Ids(source="partner_id")
    state = serializers.ChoiceField(Offer.State.choices)
    offered_at = serializers.DateTimeField()
    answer_by = serializers.DateTimeField(help_text="Then it lapses.")
    answered_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class Offers(Reads):
    noun, words = (
        "offers",
        "Referrals as they were offered to one partner each, and its answers, which it gives in its portal.",
    )
    model, row = Offer, OfferRow
    filterset_class = filters(
        Offer, keys=["referral", "partner"], choices=["state"], moments=["offered_at", "answer_by"]
    )

    def seen(self) -> QuerySet[Offer]:
        return Offer.objects.filter(seen_by(self.user))
