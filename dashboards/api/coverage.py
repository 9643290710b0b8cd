"""Coverage, for other programs: the segments that are wanted beside what there is."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dashboards.coverage import standing
from partners.organisations import local_day
from prm import clock
from prm.api.resources import Tells
from team.companies import zone_of


class Part(serializers.IntegerField):
    """One part of a segment's place: its type, region or vertical, by id."""

    def __init__(self, nth: int, **more: Any) -> None:
        super().__init__(source="place", read_only=True, allow_null=True, **more)
        self.nth = nth

    def get_attribute(self, instance: Any) -> int | None:
        return instance.place[self.nth]


class SegmentStandingRow(serializers.Serializer[Any]):
    """A segment of which something is wanted, and what there is."""

    kind = Part(0, help_text="See partner-types; null: any.")
    region = Part(1, help_text="Null: any.")
    vertical = Part(2, help_text="Null: any.")
    partners = serializers.IntegerField(source="have.live", help_text="Live ones.")
    partners_wanted = serializers.IntegerField(source="wanted.partners")
    people = serializers.IntegerField(source="have.people", help_text="Certified people at live partners.")
    people_wanted = serializers.IntegerField(source="wanted.people")
    prospects = serializers.IntegerField(source="have.prospects", help_text="Who would fill it.")
    is_gap = serializers.BooleanField(help_text="Something lacks; false where you do not read all partners.")


class CoverageRow(serializers.Serializer[Any]):
    """All segments of which something is wanted."""

    as_of = serializers.DateTimeField(default_timezone=UTC)
    is_judged = serializers.BooleanField(help_text="Whether you read all partners, and gaps are told.")
    results = SegmentStandingRow(many=True)


class Coverage(Tells):
    noun, words = "coverage", "Live partners and certified people beside the numbers wanted, by segment."

    @extend_schema(responses=forced_singular_serializer(CoverageRow))
    def list(self, request: Request) -> Response:
        at = clock.now()
        found = standing.coverage(self.user, local_day(at, zone_of()))
        told = {"as_of": at, "is_judged": found.is_judged, "results": found.segments}
        return Response(CoverageRow(told).data)
