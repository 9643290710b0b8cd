"""Moving a partner along the road."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from lifecycle import gates, transitions
from partners.api.rows import PartnerRow
from partners.models import EndReason, Partner
from prm import clock
from prm.api.fields import Day, Named
from prm.api.resources import Resource, Typed, step
from team.api.permits import permitted


class Advance(serializers.Serializer[Any]):
    to = serializers.ChoiceField([str(place) for place in gates.PLACES])
    reason = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=2000,
        help_text="For a head, it overrides a gate; for ended, the end reason, with “: …” for a note.",
    )
    seen = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=20,
        help_text="Where you saw it stand; standing elsewhere by now, it does not move.",
    )


class Parking(serializers.Serializer[Any]):
    until = Day(help_text="On this day it comes back by itself.")
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class Declining(serializers.Serializer[Any]):
    side = serializers.ChoiceField([*transitions.SIDES], help_text="Who says no: we, or they.")
    end_reason = Named(lambda user: EndReason.objects.filter(retired_at=None))
    note = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        default="",
        help_text="In words that the partner may read.",
    )


class Reopening(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class Moves(Resource):
    noun, words = "partners", "Steps of a partner along the road."
    model, row = Partner, PartnerRow

    def seen(self) -> QuerySet[Partner]:
        return Partner.objects.visible_to(self.user)

    @step(permitted("advance stage"), Advance, related=("owner", "end_reason"))
    def advance(self, thing: Partner, typed: Typed) -> None:
        """Move to a step of recruitment or a stage. An unmet gate answers 409 with what is missing."""
        asked = {"reason": typed["reason"], "seen": typed["seen"]}
        transitions.advance(thing, typed["to"], by=self.user, at=clock.now(), **asked)

    @step(permitted("advance stage"), Parking, related=("owner",))
    def park(self, thing: Partner, typed: Typed) -> None:
        """Put a prospect aside until a day; on that day it comes back by itself."""
        transitions.park(thing, typed["until"], by=self.user, at=clock.now(), reason=typed["reason"])

    @step(permitted("advance stage"), related=("owner",))
    def unpark(self, thing: Partner, typed: Typed) -> None:
        """Take a parked prospect up again, at the step where it was left."""
        transitions.unpark(thing, by=self.user, at=clock.now())

    @step(permitted("decide"), Declining, related=("owner",))
    def decline(self, thing: Partner, typed: Typed) -> None:
        """End the talks with a prospect. It is a decision: ours can be contested until a day."""
        asked = (typed["side"], typed["end_reason"], typed["note"])
        transitions.decline(thing, *asked, by=self.user, at=clock.now())

    @step(permitted("decide"), Reopening, related=("owner",))
    def reopen(self, thing: Partner, typed: Typed) -> None:
        """Talk with a declined prospect again, at the step where it was left."""
        transitions.reopen(thing, by=self.user, at=clock.now(), reason=typed["reason"])
