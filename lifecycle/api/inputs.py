"""What other programs may say of tasks, plans and deals, cleaned as the pages clean it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from lifecycle.growth.investing import investments
from lifecycle.models import Credit, Deal, Investment, Phase, Plan, PlanTemplate, Product, Side
from partners.api.inputs import colleagues, seen_partners
from partners.forms.fields import CountryField, NameField
from partners.models import Stage
from prm import money
from prm.api.fields import Among, AsInForm, Day, Named
from team.models import User

MOST_PRODUCTS = 50


def running_plans(user: User) -> QuerySet[Plan]:
    return Plan.objects.running().visible_to(user)


class TaskChange(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=300)
    owner = Among(colleagues, required=False, allow_null=True)
    due_on = Day(required=False, allow_null=True)


class NewTask(TaskChange):
    partner = Among(seen_partners)
    side = serializers.ChoiceField(Side.choices, default=Side.OURS.value)
    stage = serializers.ChoiceField(Stage.choices, default=Stage.ONBOARDING.value)
    is_required = serializers.BooleanField(required=False, default=False)
    plan = Among(running_plans, required=False, allow_null=True)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        plan = asked.get("plan")
        if plan is not None and plan.partner_id != asked["partner"].pk:
            raise serializers.ValidationError({"plan": ["This is no plan of the partner."]})
        return asked


class Done(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class NewPlan(serializers.Serializer[Any]):
    partner = Among(seen_partners)
    template = Named(lambda user: PlanTemplate.objects.all())
    starts_on = Day()


class StartOn(serializers.Serializer[Any]):
    starts_on = Day()


def minor(asked: dict[str, Any]) -> int:
    """The amount asked for in minor units of its currency, which has to be there."""
    if "currency" not in asked:
        raise serializers.ValidationError({"currency": ["Say in which currency."]})
    return minor_of(asked["amount"], asked["currency"])


def minor_of(amount: Decimal, currency: str, field: str = "amount") -> int:
    """The minor units of what was said; the field is named where it cannot be kept so."""
    try:
        return money.read(f"{amount.normalize():f}", currency)
    except ValueError as error:
        raise serializers.ValidationError({field: [str(error)]})


class Opportunity(serializers.Serializer[Any]):
    """What is known of an opportunity, its customer by name and website."""

    name = AsInForm(NameField(max_length=200), help_text="What it is about.")
    customer = AsInForm(NameField(max_length=200), help_text="Its name; found again by its domain or name.")
    website = AsInForm(
        forms.URLField(max_length=300, required=False, assume_scheme="https"), help_text="The customer's."
    )
    country = AsInForm(CountryField(), help_text="The customer's.")
    amount = serializers.DecimalField(
        max_digits=16, decimal_places=3, min_value=Decimal(0), required=False, allow_null=True
    )
    currency = serializers.ChoiceField(sorted(money.currencies()), required=False)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("amount") is not None:
            asked["amount"] = minor(asked)
        return asked


class Dated(Opportunity):
    """With its products and when it is expected to close."""

    expected_close_on = Day(required=False, allow_null=True)
    products = serializers.ListField(
        child=Named(lambda user: Product.objects.filter(retired_at=None)),
        max_length=MOST_PRODUCTS,
        required=False,
    )


class DealChange(Dated):
    """What differs; what is left out stays. An amount is changed together with its currency."""

    probability = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True)
    next_step = AsInForm(forms.CharField(max_length=300, required=False))
    next_step_on = Day(required=False, allow_null=True)
    owner = Among(colleagues, required=False, allow_null=True)
    seller_name = AsInForm(forms.CharField(max_length=120, required=False))
    seller_email = AsInForm(forms.EmailField(max_length=254, required=False))
    outside_id = AsInForm(forms.CharField(max_length=200, required=False))
    term_months = serializers.IntegerField(min_value=1, max_value=240, required=False, allow_null=True)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        asked = super().validate(asked)
        if asked.get("next_step_on") and not asked.get("next_step") and not self.partial:
            raise serializers.ValidationError({"next_step": ["Say what the next step is."]})
        if given := asked.get("outside_id"):
            others = Deal.objects.filter(outside_id=given).exclude(pk=self.context["view"].kwargs.get("pk"))
            if others.exists():
                raise serializers.ValidationError({"outside_id": ["Another deal has this id."]})
        return asked


class NewDeal(DealChange):
    partner = Among(seen_partners, help_text="Who has the primary credit.")
    role = serializers.ChoiceField(Credit.Role.choices, default=Credit.Role.SOURCED.value)
    phase = Named(
        lambda user: Phase.objects.filter(ends=Phase.Ends.OPEN, retired_at=None),
        required=False,
        help_text="Without it: the first.",
    )


class NewInvestment(serializers.Serializer[Any]):
    """What its kind says, and nothing of another: minutes, an amount with its currency, or to whom."""

    partner = Among(seen_partners)
    kind = serializers.ChoiceField(Investment.Kind.choices)
    on = Day()
    words = serializers.CharField(max_length=300)
    minutes = serializers.IntegerField(min_value=1, max_value=600_000, required=False, allow_null=True)
    amount = serializers.DecimalField(
        max_digits=16, decimal_places=3, min_value=Decimal(0), required=False, allow_null=True
    )
    currency = serializers.ChoiceField(sorted(money.currencies()), required=False)
    to = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    is_shown = serializers.BooleanField(required=False, default=False, help_text="The partner reads it.")

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("amount") is not None:
            asked["amount"] = minor(asked)
        facts = {name: value for name, value in asked.items() if name != "partner"}
        asked["spent"] = spent = investments.Spent(**facts)
        if field := spent.lacking():
            raise serializers.ValidationError({field: [investments.refusal(field, lacks=True)]})
        if field := spent.beside():
            raise serializers.ValidationError({field: [investments.refusal(field, lacks=False)]})
        return asked


class DealMove(serializers.Serializer[Any]):
    to = Named(lambda user: Phase.objects.filter(retired_at=None))
    closed_on = Day(required=False, allow_null=True, help_text="Without it: today.")
    reason = serializers.CharField(
        max_length=300, required=False, allow_blank=True, default="", help_text="Why it is lost."
    )
    seen = serializers.IntegerField(required=False, min_value=0, help_text="The phase where you saw it.")


class Primary(serializers.Serializer[Any]):
    partner = Among(seen_partners)
