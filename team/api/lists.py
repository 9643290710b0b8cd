"""The lists kept under Settings, for other programs to name things by."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Reads
from prm.api.rows import Row
from prm.paging import Order
from team.models import Region, Vertical


class EntryRow(Row):
    name = serializers.CharField()
    position = serializers.IntegerField(help_text="Its place in the list.")
    retired_at = serializers.DateTimeField(allow_null=True, help_text="Since then it is offered no more.")


class Listed(Reads):
    """A list of names. Who has a role reads it; admins keep it on the pages."""

    row = EntryRow
    sorts = USUAL_SORTS | {
        "position": Order("position", nullable=False),
        "name": Order("name", nullable=False),
    }
    first_sort = "position"

    def seen(self) -> Any:
        rows = self.model._default_manager.all()
        return rows if self.user.roles else rows.none()


class Regions(Listed):
    noun, words = "regions", "Where partners sell. Fields named region take an id or a name of these."
    model = Region
    filterset_class = filters(Region, texts=["name"])


class Verticals(Listed):
    noun, words = "verticals", "Industries that partners sell to."
    model = Vertical
    filterset_class = filters(Vertical, texts=["name"])
