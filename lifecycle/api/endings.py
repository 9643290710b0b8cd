"""Planned ends of partnerships, for other programs: what stands, and what happens to each."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from lifecycle.ending import endings
from lifecycle.models import Ending, Loose
from partners.api.inputs import seen_partners
from partners.models import EndReason
from prm import clock
from prm.api.fields import Among, Day, Named
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Makes, Reads, Typed, step
from prm.api.rows import Row
from prm.paging import Order
from team.api.permits import permitted, permitted_towards

Ids = serializers.IntegerField
ADVANCE = "advance stage"


class EndingRow(Row):
    partner = Ids(source="partner_id")
    kind = serializers.ChoiceField(Ending.Kind.choices, help_text="By whose wish.")
    end_reason = Ids(source="end_reason_id", help_text="See end-reasons.")
    note = serializers.CharField()
    last_on = serializers.DateField(help_text="The last day; access to the portal ends with it.")
    settle_by = serializers.DateField()
    state = serializers.ChoiceField(Ending.State.choices)
    made_by = Ids(source="made_by_id")
    made_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class NewEnding(serializers.Serializer[Any]):
    """Each thing that stands gets a task; on the day after the last one the partnership ends by itself."""

    partner = Among(seen_partners)
    kind = serializers.ChoiceField(Ending.Kind.choices)
    end_reason = Named(lambda user: EndReason.objects.filter(retired_at=None))
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    last_on = Day()
    settle_by = Day(required=False, allow_null=True, default=None, help_text="Without it: the last day.")


class CallingOff(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class Endings(Reads, Makes):
    noun, words = "endings", "Ends of partnerships, planned and over. What each settles are loose-ends."
    model, row, new = Ending, EndingRow, NewEnding
    filterset_class = filters(Ending, keys=["partner"], choices=["kind", "state"], days=["last_on"])
    sorts = USUAL_SORTS | {"last_on": Order("last_on", nullable=False)}
    may_make = permitted_towards(ADVANCE, "partner")

    def seen(self) -> QuerySet[Ending]:
        return Ending.objects.visible_to(self.user)

    def make(self, typed: Typed) -> Ending:
        return endings.plan(**typed, by=self.user, at=clock.now())

    @step(permitted(ADVANCE), name="look-again", related=("partner__owner",))
    def look_again(self, thing: Ending, typed: Typed) -> None:
        """List what stands by now and was not listed yet."""
        endings.look_again(thing, by=self.user, at=clock.now())

    @step(permitted(ADVANCE), CallingOff, name="call-off", related=("partner__owner",))
    def call_off(self, thing: Ending, typed: Typed) -> None:
        """The partnership goes on; the tasks of the end are left out."""
        endings.call_off(thing, typed["reason"], by=self.user, at=clock.now())


class LooseRow(Row):
    ending = Ids(source="ending_id")
    partner = Ids(source="ending.partner_id")
    part = serializers.CharField(help_text="The sort of thing.")
    about_kind = serializers.CharField()
    about = Ids(source="about_id", help_text="The id of that thing.")
    words = serializers.CharField()
    outcome = serializers.CharField(help_text="What happens to it.")
    task = Ids(source="task_id", allow_null=True, help_text="Done, it is settled.")


class Outcome(serializers.Serializer[Any]):
    outcome = serializers.CharField(max_length=300)


class LooseEnds(Reads, Changes):
    noun, words = "loose-ends", "Things that stand when a partnership ends, and what happens to each."
    model, row, changed = Loose, LooseRow, Outcome
    filterset_class = filters(
        Loose, keys={"ending": "ending", "partner": "ending__partner", "task": "task"}, texts=["part"]
    )
    may_change = permitted(ADVANCE, "ending.partner")

    def seen(self) -> QuerySet[Loose]:
        return Loose.objects.filter(ending__in=Ending.objects.visible_to(self.user))

    def change(self, thing: Loose, typed: Typed) -> None:
        if "outcome" in typed:
            endings.say(thing, typed["outcome"], by=self.user, at=clock.now())
