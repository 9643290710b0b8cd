"""Changes of tier: proposed, told to the partner, taken back. A head decides on them by decisions."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from conversations import records
from lifecycle.growth.tiering import changing, telling
from lifecycle.growth.tiering.models import TierChange
from partners.api.inputs import Reason, contacts_there
from partners.models import Membership, Tier, seen_by
from prm import clock
from prm.api.fields import Among, Day
from prm.api.filters import filters
from prm.api.resources import Makes, Reads, Typed, step
from prm.api.rows import Row
from team.api.permits import permitted, permitted_towards
from team.models import User

Ids = serializers.IntegerField
PROPOSE = "propose tier"
RELATED = ("membership__partner__owner", "membership__programme", "before", "to", "rules")


class TierChangeRow(Row):
    membership = Ids(source="membership_id")
    partner = Ids(source="membership.partner_id")
    before = Ids(source="before_id", allow_null=True, help_text="See tiers; null: it has none.")
    to = Ids(source="to_id", help_text="See tiers.")
    is_rise = serializers.BooleanField()
    state = serializers.ChoiceField(TierChange.State.choices)
    reason = serializers.CharField(help_text="Of who proposed it; empty where the rules say so.")
    proposed_by = Ids(source="proposed_by_id", allow_null=True, help_text="Null: found by the rules.")
    found_at = serializers.DateTimeField()
    told_at = serializers.DateTimeField(allow_null=True, help_text="When notice was given.")
    notice_until = serializers.DateField(allow_null=True, help_text="Until then the tier holds.")
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_told_at = serializers.DateTimeField(allow_null=True, help_text="When they were told the end.")


def seen_memberships(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(seen_by(user)).select_related("partner__owner", "programme", "tier")


class Proposal(serializers.Serializer[Any]):
    """Up it goes to a head at once; down it first gives notice to the partner."""

    membership = Among(seen_memberships)
    to = Among(lambda user: Tier.objects.filter(retired_at=None), help_text="One of its programme.")
    reason = serializers.CharField(max_length=2000, help_text="A head decides by it.")


class Telling(serializers.Serializer[Any]):
    to = Among(contacts_there, help_text="Who there is told.")
    subject = serializers.CharField(max_length=300, required=False, help_text="Left out: as drafted.")
    body = serializers.CharField(max_length=20_000, required=False, help_text="Left out: as drafted.")
    until = Day(required=False, help_text="Of a notice: its tier holds until then; left out: the first day.")


class TierChanges(Reads, Makes):
    noun, words = "tier-changes", "What the rules or people would change of tiers, and what became of it."
    model, row, new = TierChange, TierChangeRow, Proposal
    filterset_class = filters(
        TierChange,
        keys={"membership": "membership", "partner": "membership__partner"},
        choices=["state"],
        moments=["found_at"],
    )

    def seen(self) -> QuerySet[TierChange]:
        return TierChange.objects.visible_to(self.user)

    may_make = permitted_towards(PROPOSE, "membership")

    def make(self, typed: Typed) -> TierChange:
        return changing.propose(**typed, by=self.user, at=clock.now())

    @step(permitted(PROPOSE), Telling, related=RELATED)
    def tell(self, thing: TierChange, typed: Typed) -> None:
        """Send the partner what is drafted or written here: a notice, or what became of it."""
        at = clock.now()
        records.must_be_of(typed["to"], thing.partner)
        until = typed.get("until") or changing.earliest(thing, at)
        drafted = telling.draft(thing, until)
        words = (typed.get("subject", drafted.subject), typed.get("body", drafted.body))
        telling.send(thing, typed["to"], *words, until, by=self.user, at=at)

    @step(permitted(PROPOSE), related=RELATED)
    def told(self, thing: TierChange, typed: Typed) -> None:
        """They know already what became of it: nobody is to tell them any more."""
        changing.told_the_end(thing, clock.now())

    @step(permitted(PROPOSE), Reason, related=RELATED)
    def withdraw(self, thing: TierChange, typed: Typed) -> None:
        """Take back what a person proposed and nobody decided."""
        changing.withdraw(thing, typed["reason"], by=self.user, at=clock.now())
