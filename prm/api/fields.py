"""Fields of the API. They clean; they decide nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from prm import clock
from prm.forms import DayField

LARGEST = 2**63 - 1


@extend_schema_field(OpenApiTypes.INT64)
class Among(serializers.RelatedField[Any, Any, Any]):
    """The id of a row among those this person may choose from; any other is said not to be there."""

    default_error_messages = {
        "none": gettext_lazy("There is no such row, or it is not for you to see."),
        "no_id": gettext_lazy("Give its id, a whole number."),
    }

    def __init__(self, rows: Callable[[Any], QuerySet[Any]], **more: Any) -> None:
        self.rows = rows
        super().__init__(queryset=None if more.get("read_only") else _Later(), **more)

    def to_internal_value(self, given: Any) -> Any:
        if isinstance(given, bool) or not isinstance(given, int):
            self.fail("no_id")
        found = self.rows(self.context["user"]).filter(pk=given).first() if 0 < given <= LARGEST else None
        if found is None:
            self.fail("none")
        return found


class _Later(QuerySet[Any]):
    """Stands where the framework wants rows before it is known who asks."""


@extend_schema_field({"oneOf": [{"type": "integer", "format": "int64"}, {"type": "string"}]})
class Named(Among):
    """The same, chosen by its id or by its name."""

    def to_internal_value(self, given: Any) -> Any:
        if not isinstance(given, str):
            return super().to_internal_value(given)
        found = list(self.rows(self.context["user"]).filter(name__iexact=given.replace("\0", ""))[:2])
        if len(found) != 1:
            self.fail("none")
        return found[0]


class AsInForm(serializers.CharField):
    """A text that is cleaned as the pages clean it, by a field of a form."""

    def __init__(self, field: forms.Field, **more: Any) -> None:
        self.field = field
        longest = getattr(field, "max_length", None)
        length: dict[str, Any] = {"max_length": longest} if longest else {}
        if not field.required:
            more = {"required": False, "allow_blank": True, **more}
        super().__init__(**length, **more)

    def to_internal_value(self, given: Any) -> Any:
        text = super().to_internal_value(given)
        try:
            return self.field.clean(text)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages)


class Day(serializers.DateField):
    """A day within living memory or in sight."""

    def to_internal_value(self, given: Any) -> date:
        day = super().to_internal_value(given)
        try:
            DayField().validate(day)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages)
        return day


class Moment(serializers.DateTimeField):
    """A moment; without a zone it is read in the zone of whoever asks."""

    def to_internal_value(self, given: Any) -> datetime:
        try:
            moment = super().to_internal_value(given)
        except OverflowError:
            raise serializers.ValidationError(_("This moment cannot be right."))
        if not DayField.earliest <= moment.year <= clock.now().year + DayField.years_ahead:
            raise serializers.ValidationError(_("The year %(year)d cannot be right.") % {"year": moment.year})
        return moment

    def default_timezone(self) -> Any:
        user = self.context.get("user")
        return ZoneInfo(user.zone) if user is not None else timezone.get_default_timezone()


class Number(serializers.FloatField):
    """A decimal column, told as a JSON number."""

    said = float


class Tenths(serializers.FloatField):
    """A column in tenths of a point, told in points."""

    @staticmethod
    def said(value: int) -> float:
        return value / 10


@extend_schema_field({"type": "array", "items": OpenApiTypes.BINARY})
class Uploads(serializers.Field[Any, Any, Any, Any]):
    """Files, sent as parts of multipart/form-data beside `data`. Whether they may come in, the verb says."""

    default_error_messages = {
        "no_file": gettext_lazy("Send it as a part of multipart/form-data, with the other fields in `data`."),
        "one": gettext_lazy("Send one file."),
    }
    many = True

    def to_internal_value(self, given: Any) -> Any:
        if not isinstance(given, list) or not all(isinstance(each, UploadedFile) for each in given):
            self.fail("no_file")
        return given


@extend_schema_field(OpenApiTypes.BINARY)
class Upload(Uploads):
    """One file."""

    many = False

    def to_internal_value(self, given: Any) -> Any:
        files = super().to_internal_value(given)
        if len(files) != 1:
            self.fail("one")
        return files[0]
