"""How many partners and certified people are wanted where, for other programs."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from partners.coverage import wanting
from partners.models import PartnerType, Segment
from prm import clock
from prm.api.fields import Named
from prm.api.filters import filters
from prm.api.once import HowMany
from prm.api.resources import KEY_PARAMETER, Reads
from prm.api.rows import Row
from team.models import Region, Vertical
from team.roles import permitted_or_403

Ids = serializers.IntegerField
SET = "set coverage"
MOST = 200  # segments at once


class SegmentRow(Row):
    kind = Ids(source="kind_id", allow_null=True, help_text="See partner-types; null: any.")
    region = Ids(source="region_id", allow_null=True, help_text="Null: any.")
    vertical = Ids(source="vertical_id", allow_null=True, help_text="Null: any.")
    partners = serializers.IntegerField(help_text="Live partners that are wanted.")
    people = serializers.IntegerField(help_text="Certified people that are wanted.")


def _any_of(model: type[Model], words: str) -> Any:
    """One of these by its id or name, or none: whichever."""
    rows = model._default_manager
    return Named(lambda user: rows.all(), required=False, allow_null=True, default=None, help_text=words)


class SegmentSeen(serializers.Serializer[Any]):
    partners = serializers.IntegerField(min_value=0, max_value=wanting.MOST, required=False, default=0)
    people = serializers.IntegerField(min_value=0, max_value=wanting.MOST, required=False, default=0)


class SegmentWanted(serializers.Serializer[Any]):
    """With 0 of both, nothing is wanted there any more."""

    kind = _any_of(PartnerType, "The type; null: any.")
    region = _any_of(Region, "Null: any.")
    vertical = _any_of(Vertical, "Null: any.")
    partners = serializers.IntegerField(
        min_value=0, max_value=wanting.MOST, required=False, default=0, help_text="Live ones."
    )
    people = serializers.IntegerField(
        min_value=0, max_value=wanting.MOST, required=False, default=0, help_text="Certified ones."
    )
    seen = SegmentSeen(
        required=False,
        allow_null=True,
        default=None,
        help_text="What was wanted there when you read it, 0 of what was not; refused where it is other now.",
    )


class CoverageWanted(serializers.Serializer[Any]):
    """Segments that are left out stay as they are."""

    segments = serializers.ListField(child=SegmentWanted(), min_length=1, max_length=MOST)
    why = serializers.CharField(max_length=300, help_text="It stays beside the change.")

    def validate_segments(self, segments: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({_place(each) for each in segments}) < len(segments):
            raise serializers.ValidationError(_("Name each segment once."))
        return segments

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        numbers = {
            _place(each): wanting.Numbers(each["partners"], each["people"]) for each in asked["segments"]
        }
        seen = {_place(each): wanting.Numbers(**each["seen"]) for each in asked["segments"] if each["seen"]}
        return {"numbers": numbers, "why": asked["why"], "seen": seen}


def _place(segment: dict[str, Any]) -> wanting.Place:
    kind, region, vertical = (segment[name] and segment[name].pk for name in ("kind", "region", "vertical"))
    return kind, region, vertical


class CoverageChanged(serializers.Serializer[Any]):
    changed = serializers.IntegerField(help_text="So many segments; those that stood so already are none.")


class Segments(Reads):
    noun, words = "coverage-wanted", "How many live partners and certified people we want, by segment."
    model, row = Segment, SegmentRow
    filterset_class = filters(Segment, keys=["kind", "region", "vertical"])

    def seen(self) -> QuerySet[Segment]:
        return Segment.objects.all() if self.user.roles else Segment.objects.none()

    @extend_schema(request=CoverageWanted, responses=CoverageChanged, parameters=[KEY_PARAMETER])
    @action(detail=False, methods=["post"], url_name="want")
    def want(self, request: Request) -> Response:
        """Set what is wanted in these segments: all of them, or none."""

        def act() -> int:
            permitted_or_403(self.user, SET)
            return wanting.want(**self.typed(CoverageWanted), by=self.user, at=clock.now())

        return HowMany("coverage-wanted/want", "changed").once(request, act)
