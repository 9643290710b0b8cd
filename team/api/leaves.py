"""One's own days away, and who stands in."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from prm import clock
from prm.api.fields import Among, Day
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Drops, Makes, Reads, Typed
from prm.api.rows import Row
from prm.paging import Order
from team import people
from team.forms import people_choices
from team.models import Leave


class LeaveRow(Row):
    starts_on = serializers.DateField(help_text="The first day away.")
    ends_on = serializers.DateField(help_text="The last day away.")
    delegate = serializers.IntegerField(
        source="delegate_id", allow_null=True, help_text="Who stands in; see people."
    )
    told_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was noted that partners had been told."
    )


class NewLeave(serializers.Serializer[Any]):
    """Days away. No two leaves of a person overlap."""

    starts_on = Day(help_text="The first day away.")
    ends_on = Day(help_text="The last day away.")
    delegate = Among(
        lambda user: people_choices(without=user),
        required=False,
        allow_null=True,
        default=None,
        help_text="Who stands in; see people.",
    )
    told = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Your partners have been told: where nobody can cover, their clocks stand still meanwhile.",
    )


class Leaves(Reads, Makes, Drops):
    noun, words = "leaves", "Your own days away, and who stands in. Nobody reads those of others here."
    model, row, new = Leave, LeaveRow, NewLeave
    filterset_class = filters(Leave, keys=["delegate"], days=["starts_on", "ends_on"])
    sorts = USUAL_SORTS | {"starts_on": Order("starts_on", nullable=False)}

    def seen(self) -> QuerySet[Leave]:
        return Leave.objects.filter(user=self.user)

    def make(self, typed: Typed) -> Leave:
        told_at = clock.now() if typed.pop("told") else None
        return people.go_on_leave(self.user, **typed, told_at=told_at)

    def drop(self, thing: Leave) -> None:
        thing.delete()
