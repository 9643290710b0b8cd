"""What deals are sorted by and who buys: phases, products, customers; and who has a part in a deal."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from lifecycle.growth import customers, deals, phases
from lifecycle.models import Credit, Customer, Deal, Phase, Product
from partners.api.inputs import seen_partners
from prm import clock
from prm.api.fields import Among
from prm.api.filters import filters
from prm.api.resources import Changes, Makes, Reads, Typed, step
from prm.api.rows import Row
from team.api.lists import EntryChange, EntryRow, Kept, NewEntry
from team.api.permits import permitted_anywhere, permitted_by, permitted_by_towards
from team.models import User

Ids = serializers.IntegerField


class PhaseRow(EntryRow):
    ends = serializers.ChoiceField(Phase.Ends.choices, help_text="Whether a deal there is open, won or lost.")
    probability = serializers.IntegerField(help_text="In per cent, where a deal has none of its own.")


class NewPhase(NewEntry):
    """An open one, after the last open one."""

    probability = serializers.IntegerField(min_value=0, max_value=100, help_text="In per cent.")


class PhaseChange(EntryChange):
    """What differs; what is left out stays. Deals keep a probability until their next change."""

    probability = serializers.IntegerField(min_value=0, max_value=100, required=False)


class Phases(Kept):
    noun, words = "deal-phases", "How far a deal is: open phases in order, and how it ends."
    model, row, new, changed = Phase, PhaseRow, NewPhase, PhaseChange
    filterset_class = filters(Phase, choices=["ends"], texts=["name"])

    def make(self, typed: Typed) -> Phase:
        return phases.add(**typed)

    def change(self, thing: Phase, typed: Typed) -> None:
        """As any entry of a list, by its own verbs: a deal must begin and end somewhere."""
        at, stands = clock.now(), {"name": thing.name, "probability": thing.probability}
        if stands.keys() & typed.keys():
            phases.change(thing, "save", stands | typed, at)
        if "position" in typed:
            phases.put(thing, typed["position"])
        if typed.get("is_retired", bool(thing.retired_at)) != bool(thing.retired_at):
            phases.change(thing, "retire" if typed["is_retired"] else "restore", {}, at)


class Products(Kept):
    noun, words = "products", "What is sold: deals and registrations name the products they are about."
    model = Product
    filterset_class = filters(Product, texts=["name"])


class CustomerRow(Row):
    name = serializers.CharField()
    website = serializers.CharField()
    domain = serializers.CharField(help_text="The registrable domain; it names one customer.")
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2.")
    is_ours = serializers.BooleanField(
        help_text="We sell there ourselves; deciders on registrations read it."
    )
    our_seller = serializers.CharField(help_text="Who of us looks after it.")
    created_at = serializers.DateTimeField()


class Ours(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    is_ours = serializers.BooleanField()
    our_seller = serializers.CharField(max_length=120, allow_blank=True)


class Customers(Reads, Changes):
    noun, words = "customers", "Companies that buy. A deal or registration writes down who is not here yet."
    model, row, changed = Customer, CustomerRow, Ours
    filterset_class = filters(Customer, texts=["name", "domain", "country"], booleans=["is_ours"])

    def seen(self) -> QuerySet[Customer]:
        return Customer.objects.all() if self.user.roles else Customer.objects.none()

    may_change = permitted_anywhere("change customer")

    def change(self, thing: Customer, typed: Typed) -> None:
        told: Typed = {"is_ours": thing.is_ours, "our_seller": thing.our_seller} | typed
        customers.say_ours(thing, by=self.user, at=clock.now(), **told)


class CreditRow(Row):
    deal = Ids(source="deal_id")
    partner = Ids(source="partner_id")
    role = serializers.ChoiceField(Credit.Role.choices)
    from_at = serializers.DateTimeField()
    to_at = serializers.DateTimeField(allow_null=True, help_text="Null: it stands.")


def seen_deals(user: User) -> QuerySet[Deal]:
    return Deal.objects.visible_to(user).select_related("partner__owner", "customer", "phase", "owner")


class NewCredit(serializers.Serializer[Any]):
    deal = Among(seen_deals)
    partner = Among(seen_partners)
    role = serializers.ChoiceField(Credit.Role.choices)


class Credits(Reads, Makes):
    noun, words = "credits", "Parts of partners in deals: sourced, influenced, resold, fulfilled, delivered."
    model, row, new = Credit, CreditRow, NewCredit
    filterset_class = filters(
        Credit, keys=["deal", "partner"], choices=["role"], moments=["from_at", "to_at"]
    )

    def seen(self) -> QuerySet[Credit]:
        return Credit.objects.filter(deal__in=Deal.objects.visible_to(self.user))

    may_make = permitted_by_towards(deals.allowed_or_403, "deal")

    def make(self, typed: Typed) -> Credit:
        return deals.credit(typed["deal"], typed["partner"], typed["role"], by=self.user, at=clock.now())

    @step(permitted_by(deals.allowed_or_403, "deal"), related=("deal__partner", "partner"))
    def end(self, thing: Credit, typed: Typed) -> None:
        """Take it back, from now on. The last part of who has the primary credit stays."""
        deals.end_credit(thing, by=self.user, at=clock.now())
