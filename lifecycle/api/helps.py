"""What partners need of us for a deal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from lifecycle.api.inputs import minor_of
from lifecycle.api.pipeline import seen_deals
from lifecycle.api.rows import told_amount
from lifecycle.growth import deals
from lifecycle.growth.helping import requests
from lifecycle.models import Deal, Help
from partners.api.inputs import contacts_there, seen_partners
from prm import clock
from prm.api.fields import Among
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Makes, Reads, Typed
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.permits import permitted_by_towards

Ids = serializers.IntegerField


class HelpRow(Row):
    deal = Ids(source="deal_id")
    partner = Ids(source="partner_id")
    kind = serializers.ChoiceField(Help.Kind.choices)
    words = serializers.CharField()
    price = serializers.DecimalField(
        max_digits=18, decimal_places=3, allow_null=True, help_text="Of a special price: what is wanted."
    )
    currency = serializers.CharField(help_text="ISO 4217; empty without a price.")
    contact = Ids(source="contact_id", allow_null=True)
    asked_by = Ids(source="asked_by_id", allow_null=True, help_text="Who of us wrote it down.")
    conversation = Ids(source="conversation_id", allow_null=True, help_text="Its waits are the clock.")
    asked_at = serializers.DateTimeField()

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        told_amount(rows, "price")


class NewHelp(serializers.Serializer[Any]):
    """It opens a conversation with a clock; a special price is decided on."""

    deal = Among(seen_deals)
    partner = Among(seen_partners, help_text="One that has a part in the deal.")
    kind = serializers.ChoiceField(Help.Kind.choices)
    words = serializers.CharField(max_length=5000, help_text="What for, and by when.")
    price = serializers.DecimalField(
        max_digits=16,
        decimal_places=3,
        min_value=Decimal(0),
        required=False,
        allow_null=True,
        help_text="For a special price alone, in the deal's currency.",
    )
    contact = Among(contacts_there, required=False, allow_null=True, help_text="Who there told you.")

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        contact = asked.get("contact")
        if contact is not None and contact.partner_id != asked["partner"].pk:
            raise serializers.ValidationError({"contact": ["This is no contact of the partner."]})
        if asked.get("price") is not None:
            asked["price"] = minor_of(asked["price"], asked["deal"].currency, "price")
        return asked


class Helps(Reads, Makes):
    noun, words = "help-requests", "What partners need of us for a deal: pre-sales, a quote, a special price."
    model, row, new = Help, HelpRow, NewHelp
    filterset_class = filters(
        Help, keys=["deal", "partner", "conversation"], choices=["kind"], moments=["asked_at"]
    )
    sorts = USUAL_SORTS | {"asked_at": Order("asked_at", nullable=False)}

    def seen(self) -> QuerySet[Help]:
        return Help.objects.filter(deal__in=Deal.objects.visible_to(self.user))

    may_make = permitted_by_towards(deals.allowed_or_403, "deal")

    def make(self, typed: Typed) -> Help:
        return requests.ask(**typed, by=self.user, at=clock.now())
