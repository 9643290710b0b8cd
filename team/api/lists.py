"""The lists kept under Settings, for other programs to name things by."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from prm import clock
from prm.api.fields import AsInForm
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Makes, Reads, Typed
from prm.api.rows import Row
from prm.paging import Order
from team import lists
from team.api.permits import permitted_anywhere
from team.forms import EntryForm
from team.models import Named, Region, Vertical


class EntryRow(Row):
    name = serializers.CharField()
    position = serializers.IntegerField(help_text="Its place in the list.")
    retired_at = serializers.DateTimeField(allow_null=True, help_text="Since then it is offered no more.")


class Listed(Reads):
    """A list of names, for whoever has a role."""

    row = EntryRow
    sorts = USUAL_SORTS | {
        "position": Order("position", nullable=False),
        "name": Order("name", nullable=False),
    }
    first_sort = "position"

    def seen(self) -> Any:
        rows = self.model._default_manager.all()
        return rows if self.user.roles else rows.none()


class NewEntry(serializers.Serializer[Any]):
    name = AsInForm(EntryForm.base_fields["name"])


class EntryChange(NewEntry):
    """What differs; what is left out stays."""

    position = serializers.IntegerField(
        min_value=0, max_value=10_000, required=False, help_text="Its place, from 0; others make room."
    )
    is_retired = serializers.BooleanField(
        required=False, help_text="True: it is offered no more, and what carries it keeps it."
    )


class Kept(Listed, Makes, Changes):
    """A list that admins keep, here as under Settings."""

    model: ClassVar[type[Named]]
    new: ClassVar[type[serializers.Serializer[Any]]] = NewEntry
    changed: ClassVar[type[serializers.Serializer[Any]]] = EntryChange
    may_make = may_change = permitted_anywhere("edit settings")

    def make(self, typed: Typed) -> Any:
        return lists.add(self.model, **typed)

    def change(self, thing: Any, typed: Typed) -> None:
        if "name" in typed:
            lists.rename(thing, typed["name"], clock.now())
        if "position" in typed:
            lists.put(thing, typed["position"])
        if typed.get("is_retired", bool(thing.retired_at)) != bool(thing.retired_at):
            lists.retire(thing, clock.now()) if typed["is_retired"] else lists.restore(thing)


class Regions(Kept):
    noun, words = "regions", "Where partners sell. Fields named region take an id or a name of these."
    model = Region
    filterset_class = filters(Region, texts=["name"])


class Verticals(Kept):
    noun, words = "verticals", "Industries that partners sell to."
    model = Vertical
    filterset_class = filters(Vertical, texts=["name"])
