"""When and how the person of a token wants to be told, as on its own page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from prm import clock
from prm.api.fields import AsInForm
from prm.api.resources import Tells
from team import notices, preferences
from team.models import User, Way
from team.notice_forms import ClockField

TIMES = ("quiet_from", "quiet_until", "quiet_weekends", "digest_at")
MOST = 200  # kinds at once


class NoticeWayRow(serializers.Serializer[Any]):
    """How one kind of notice travels."""

    kind = serializers.CharField()
    name = serializers.CharField()
    why = serializers.CharField(help_text="Why you get it.")
    way = serializers.ChoiceField(Way.choices)
    may_be_off = serializers.BooleanField(help_text="Else it stays in the app whatever you choose.")


class NoticeSettingsRow(serializers.Serializer[Any]):
    """When you want no mail and when the digest, and how each kind travels."""

    zone = serializers.CharField(help_text="The times are read in it: your own.")
    quiet_from = serializers.TimeField("%H:%M", help_text="No mail from then on.")
    quiet_until = serializers.TimeField("%H:%M", help_text="The same as its beginning: no quiet hours.")
    quiet_weekends = serializers.BooleanField(help_text="No mail on days when your calendar is closed.")
    digest_at = serializers.TimeField("%H:%M")
    ways = NoticeWayRow(many=True, help_text="Of every kind that you can get.")


class TimesChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. Times are written like 08:30."""

    quiet_from = AsInForm(ClockField(), help_text="No mail from then on.")
    quiet_until = AsInForm(ClockField(), help_text="The same as its beginning: no quiet hours.")
    quiet_weekends = serializers.BooleanField(help_text="No mail on days when your calendar is closed.")
    digest_at = AsInForm(ClockField())


class ChosenWay(serializers.Serializer[Any]):
    kind = serializers.CharField(max_length=40)
    way = serializers.ChoiceField(Way.choices)

    def validate_kind(self, kind: str) -> str:
        if kind not in preferences.ways_of(self.context["user"]):
            raise serializers.ValidationError(_("You get no notices of this kind; see ways."))
        return kind


class WaysChange(serializers.Serializer[Any]):
    """Kinds that are left out stay as they are."""

    ways = serializers.ListField(child=ChosenWay(), min_length=1, max_length=MOST)

    def validate_ways(self, ways: list[dict[str, str]]) -> dict[str, str]:
        chosen = {each["kind"]: each["way"] for each in ways}
        if len(chosen) < len(ways):
            raise serializers.ValidationError(_("Name each kind once."))
        return chosen


_ANSWER = forced_singular_serializer(NoticeSettingsRow)


class NoticeSettings(Tells):
    noun, words = "notice-settings", "When you want to be told, and how of each kind of notice."

    @extend_schema(responses=_ANSWER)
    def list(self, request: Request) -> Response:
        return Response(NoticeSettingsRow(_told(self.user)).data)

    @extend_schema(request=TimesChange, responses=_ANSWER)
    @action(detail=False, methods=["patch"], url_name="times")
    def times(self, request: Request) -> Response:
        """Set when mail may come; what waits to be mailed is looked at anew."""
        typed = self.typed(TimesChange, partial=True)
        preferences.change_times(self.user, clock.now(), **_times(self.user) | typed)
        return self.list(request)

    @extend_schema(request=WaysChange, responses=_ANSWER)
    @action(detail=False, methods=["patch"], url_name="ways")
    def ways(self, request: Request) -> Response:
        """Choose how kinds of notices travel, from now on: all that are named, or none."""
        preferences.choose(self.user, to=self.typed(WaysChange)["ways"])
        return self.list(request)


def _times(person: User) -> dict[str, Any]:
    times = preferences.times_of(person)
    return {name: getattr(times, name) for name in TIMES}


def _told(person: User) -> dict[str, Any]:
    kinds = notices.kinds()
    ways = [
        {
            "kind": kind,
            "way": way,
            **{name: getattr(kinds[kind], name) for name in ("name", "why", "may_be_off")},
        }
        for kind, way in preferences.ways_of(person).items()
    ]
    return {"zone": person.zone, **_times(person), "ways": ways}
