"""The figures of Insights, for other programs: as its page shows them, of the time and partners asked for."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.core.exceptions import PermissionDenied
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from dashboards.insights import asking, periods, told
from dashboards.insights.asking import OF_WHAT_IS_OWNED
from prm import clock
from prm.api.resources import Tells

NAMES = {
    "of": "Of which stage, week or owner, in words; “all” of none of them.",
    "value": "A number, a share in percent, days or a weight: see unit. Null: too few rows, or withheld.",
    "n": "Of so many rows; null where it is a number of rows itself.",
    "k": "How many of them are counted, of a share.",
    "before": "What it was in the time compared; null: not compared, too few rows, or withheld.",
    "is_withheld": "It would tell of fewer than five owners whose own figures you may not see.",
}


class TimeRow(serializers.Serializer[Any]):
    since = serializers.DateField()
    until = serializers.DateField(help_text="The last day; it counts.")


class FigureRow(serializers.Serializer[Any]):
    """One figure of a stage, a week, an owner or of all."""

    figure = serializers.CharField(source="figure.name")
    title = serializers.CharField(source="figure.title")
    words = serializers.CharField(source="figure.words", help_text="How it is counted.")
    of = serializers.CharField(help_text=NAMES["of"])
    stage = serializers.CharField(allow_blank=True)
    step = serializers.CharField(allow_blank=True, help_text="Of recruitment.")
    week = serializers.DateField(allow_null=True, help_text="Its Monday.")
    owner = serializers.IntegerField(allow_null=True)
    value = serializers.FloatField(allow_null=True, help_text=NAMES["value"])
    unit = serializers.ChoiceField(choices=["", "%", "days", "weight"])
    n = serializers.IntegerField(allow_null=True, help_text=NAMES["n"])
    k = serializers.IntegerField(allow_null=True, help_text=NAMES["k"])
    interval = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="Between which percents it lies with 95 %.",
    )
    before = serializers.FloatField(allow_null=True, help_text=NAMES["before"])
    n_before = serializers.IntegerField(allow_null=True)
    target = serializers.IntegerField(allow_null=True, help_text="What it should be at most.")
    is_withheld = serializers.BooleanField(help_text=NAMES["is_withheld"])


class FiguresRow(serializers.Serializer[Any]):
    """The figures of Insights, of which time."""

    time = TimeRow(source="asked.period")
    compared = TimeRow(source="asked.before", allow_null=True)
    zone = serializers.CharField(source="asked.period.zone", help_text="Days begin and end in it.")
    as_of = serializers.DateTimeField(source="asked.at", default_timezone=UTC)
    results = FigureRow(many=True)


ASKS = [
    OpenApiParameter(
        "period", str, enum=list(periods.NAMES), description="Which time; usually the last 90 days."
    ),
    OpenApiParameter("since", str, description="From this day (YYYY-MM-DD), instead of a period."),
    OpenApiParameter("until", str, description="To this day; usually today."),
    OpenApiParameter(
        "compare", str, enum=list(periods.COMPARED), description="With which time it is compared."
    ),
    *(
        OpenApiParameter(name, int, many=True, description="Of partners with one of these, by id.")
        for name in OF_WHAT_IS_OWNED
    ),
    OpenApiParameter(
        "owner", str, many=True, description="Ids of owners whose figures you may see, me or none."
    ),
]


class Figures(Tells):
    noun, words = "figures", "The figures of Insights: the road, how we answer, promises and loads."
    asks = ASKS

    @extend_schema(parameters=ASKS, responses=forced_singular_serializer(FiguresRow))
    def list(self, request: Request) -> Response:
        asked = asking.read(request.query_params, self.user, clock.now())
        if wrong := {**asked.form.errors, **asked.segment.form.errors}:
            raise ValidationError(wrong)
        if asked.faults:
            raise PermissionDenied(" ".join(asked.faults))
        found = {"asked": asked, "results": told.records(told.page(asked))}
        return Response(FiguresRow(found).data)
