"""Who we are, for other programs to name: ids of colleagues stand in nearly every resource. And what other
currencies are worth in the one we report in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from prm import clock, money
from prm.api.fields import Day
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Makes, Reads, Typed, step
from prm.api.rows import Row
from prm.paging import Order
from team import rates
from team.api.permits import permitted_anywhere
from team.models import Rate, User
from team.models.rates import DIGITS, PLACES


class PersonRow(Row):
    name = serializers.CharField()
    email = serializers.EmailField()
    zone = serializers.CharField()
    is_active = serializers.BooleanField(help_text="False where the account is switched off.")


class People(Reads):
    noun, words = "people", "Our own people: owners, authors, who answered."
    model, row = User, PersonRow
    filterset_class = filters(User, texts=["email"], booleans=["is_active"])
    sorts = {"id": Order("pk", nullable=False), "name": Order("name", nullable=False)}
    first_sort = "name"

    def seen(self) -> Any:
        return User.objects.visible_to(self.user)


class Worth(serializers.CharField):
    """A rate, without noughts at its end."""

    def said(self, worth: Decimal) -> str:
        return f"{worth.normalize():f}"


class RateRow(Row):
    currency = serializers.CharField(help_text="ISO 4217.")
    reporting = serializers.CharField(help_text="The currency it is told in, ISO 4217.")
    since_on = serializers.DateField(help_text="Its first day; it holds until a later one does.")
    worth = Worth(help_text="One unit of the currency, in the other.")
    source: Any = serializers.CharField()
    by = serializers.IntegerField(source="by_id")
    at = serializers.DateTimeField()
    replaced_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was corrected or taken back; null where it stands."
    )
    replaced_why = serializers.CharField()


class NewRate(serializers.Serializer[Any]):
    """What one unit of a currency is worth in our reporting currency, from a day on. Where another stands for
    that day, `why` says why it is corrected."""

    currency = serializers.ChoiceField(list(money.currencies()))
    since_on = Day()
    worth = serializers.DecimalField(DIGITS, PLACES)
    source: Any = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    why = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class TakingBack(serializers.Serializer[Any]):
    why = serializers.CharField(max_length=300, help_text="Why it should not be there.")


class Rates(Reads, Makes):
    noun, words = "rates", "What other currencies are worth in the one we report in, each from a day on."
    model, row, new = Rate, RateRow, NewRate
    filterset_class = filters(Rate, texts=["currency", "reporting"], days=["since_on"])
    sorts = USUAL_SORTS | {"since_on": Order("since_on", nullable=False)}

    def seen(self) -> Any:
        return Rate.objects.all()

    may_make = permitted_anywhere("keep rates")

    def make(self, typed: Typed) -> Rate:
        why = typed.pop("why")
        return rates.state_or_correct(rates.Wanted(**typed), why, by=self.user, at=clock.now())

    @step(permitted_anywhere("keep rates"), TakingBack, name="take-back")
    def take_back(self, thing: Rate, typed: Typed) -> None:
        """It should not be there: from now on the one before it holds."""
        rates.take_back(thing, typed["why"], by=self.user, at=clock.now())
