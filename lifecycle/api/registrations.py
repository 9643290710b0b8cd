"""Deal registrations: asked for, decided, protected until a day."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.models import Matter
from lifecycle.api.inputs import Dated
from lifecycle.api.rows import told_amount
from lifecycle.growth import customers, registrations
from lifecycle.models import Registration
from partners.api.inputs import Reason, contacts_there, seen_partners
from partners.api.rows import grouped
from prm import clock
from prm.api.fields import Among, Day
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Makes, Reads, Typed, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.permits import permitted, permitted_towards

Ids = serializers.IntegerField
ABOUT = "registration"


class RegistrationRow(Row):
    partner = Ids(source="partner_id")
    customer = Ids(source="customer_id")
    customer_name = serializers.CharField(source="customer.name")
    customer_domain = serializers.CharField(source="customer.domain")
    name = serializers.CharField(help_text="What the deal is about.")
    words = serializers.CharField(help_text="What was done there so far, and what is planned.")
    products = serializers.ListField(child=serializers.CharField(), help_text="By name; none named are all.")
    amount = serializers.DecimalField(max_digits=18, decimal_places=3, allow_null=True)
    currency = serializers.CharField(help_text="ISO 4217.")
    expected_close_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(Registration.State.choices)
    protected_until = serializers.DateField(allow_null=True, help_text="The last day of its protection.")
    deal = Ids(source="deal_id", allow_null=True, help_text="What it became.")
    waits = serializers.ListField(
        child=Ids(), help_text="What it asked for, an appeal last; decide on the open one by decisions."
    )
    asked_at = serializers.DateTimeField()
    beside = frozenset({"products", "waits"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        told_amount(rows)
        ids = [row["id"] for row in rows]
        links = Registration.products.through._default_manager.filter(registration__in=ids)
        grouped(
            rows, links.order_by("product__name").values_list("registration", "product__name"), "products"
        )
        asked = Matter.objects.filter(about_kind=ABOUT, about_id__in=ids).order_by("pk")
        grouped(rows, asked.values_list("about_id", "wait"), "waits")


class NewRegistration(Dated):
    """What somebody there asks, or one of us for it. Who decides is told."""

    partner = Among(seen_partners)
    words = serializers.CharField(max_length=5000, help_text="What was done there, and what is planned.")
    contact = Among(
        contacts_there, required=False, allow_null=True, help_text="Who there asks, and reads the answer."
    )

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        contact = asked.get("contact")
        if contact is not None and contact.partner_id != asked["partner"].pk:
            raise serializers.ValidationError({"contact": ["This is no contact of the partner."]})
        return super().validate(asked)


class Extension(serializers.Serializer[Any]):
    until = Day()
    progress = serializers.CharField(max_length=300, help_text="What has been achieved with the customer.")


class ConflictRow(serializers.Serializer[Any]):
    words = serializers.CharField()
    url = serializers.CharField(help_text="Its page.")


class ConflictsRow(serializers.Serializer[Any]):
    conflicts = ConflictRow(many=True)


class Registrations(Reads, Makes):
    noun, words = "registrations", "Claims of partners on deals with a customer, protected once accepted."
    model, row, new = Registration, RegistrationRow, NewRegistration
    filterset_class = filters(
        Registration,
        keys=["partner", "customer", "deal"],
        choices=["state"],
        days=["protected_until"],
        moments=["asked_at"],
    )
    sorts = USUAL_SORTS | {
        "asked_at": Order("asked_at", nullable=False),
        "protected_until": Order("protected_until"),
    }

    def seen(self) -> QuerySet[Registration]:
        return Registration.objects.visible_to(self.user)

    may_make = permitted_towards("write to partner", "partner")

    def make(self, typed: Typed) -> Registration:
        partner, at = typed.pop("partner"), clock.now()
        where = {name: typed.pop(name, "") for name in ("website", "country")}
        customer = customers.found(typed.pop("customer"), at, **where)
        return registrations.ask(partner, customer=customer, by=self.user, at=at, **typed)

    @extend_schema(responses=ConflictsRow)
    @action(detail=True, url_name="conflicts")
    def conflicts(self, request: Request, pk: str) -> Response:
        """What stands against it now: other claims on the customer, and business of our own there."""
        found = registrations.conflicts(self.thing(pk, "partner", "customer"))
        return Response(ConflictsRow({"conflicts": found}).data)

    @step(permitted("change deal"), Extension, related=("partner__owner",))
    def extend(self, thing: Registration, typed: Typed) -> None:
        """Protect it longer, for progress that is written down."""
        registrations.extend(thing, typed["until"], typed["progress"], by=self.user, at=clock.now())

    @step(permitted("change deal"), Reason, related=("partner__owner",))
    def withdraw(self, thing: Registration, typed: Typed) -> None:
        """It is not wanted any more: others may register the customer then."""
        registrations.withdraw(thing, typed["reason"], by=self.user, at=clock.now())
