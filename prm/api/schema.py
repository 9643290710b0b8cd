"""The OpenAPI document of all resources: made once in each process, told to whoever asks."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import force_instance, get_doc
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from prm.api.fields import Uploads
from prm.api.parsing import DATA, FilesParser
from prm.api.resources import (
    KEY_PARAMETER,
    SORT,
    Changes,
    Makes,
    Nothing,
    Reads,
    Registered,
    Resource,
    Tells,
    every,
)
from prm.api.rows import Row


class Fault(serializers.Serializer[Any]):
    """What went wrong, in a sentence."""

    detail = serializers.CharField()


class Refusal(Fault):
    """A rule said no: its reasons, each in words."""

    reasons = serializers.ListField(child=serializers.CharField())


class Schema(AutoSchema):
    """What can be read from a resource: its words, its sorts, what its doors take and answer."""

    view: Any  # a Resource, or the index of all

    def get_tags(self) -> list[str]:
        return [self.view.noun]

    def get_description(self) -> str:  # type: ignore[override]
        return super().get_description() if self._is_step() else self.view.words

    def get_operation_id(self) -> str:
        return f"{self.view.noun.replace('-', '_')}_{self.view.action}"

    def get_override_parameters(self) -> list[Any]:
        if self._takes_key():
            return [KEY_PARAMETER]
        if self._drops_with_words():
            return [self.view.dropped]
        if self.view.action != "list" or not isinstance(self.view, Reads):
            return []
        sorts = [sign + name for name in self.view.sorts for sign in ("", "-")]
        words = "A minus before it turns the order round."
        return [OpenApiParameter(SORT, str, enum=sorts, default=self.view.first_sort, description=words)]

    def get_request_serializer(self) -> Any:
        if isinstance(self.view, Makes) and self.view.action == "create":
            return self.view.new
        if isinstance(self.view, Changes) and self.view.action == "partial_update":
            return self.view.changed
        return super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        row = self._told_by().row
        if self.view.action == "destroy":
            return {204: None}
        if self.view.action == "list":
            return {200: row(many=True)}
        if self.view.action == "create":
            return {200: row, 201: row}  # 200: made before, under the same Idempotency-Key
        return {200: row}

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        """What it answers, whoever said so, and what it answers where something is wrong."""
        told = super()._get_response_bodies(direction)
        faults = {str(code): fault for code, fault in self._faults().items()}
        told |= {code: self._get_response_for_code(fault, code) for code, fault in faults.items()}
        return dict(sorted(told.items()))

    def _faults(self) -> dict[int, Any]:
        """What can go wrong, each with its body."""
        everywhere = {401: Fault, 429: Fault}
        if not isinstance(self.view, Resource):
            return everywhere
        if self.view.action == "list":
            return everywhere | {400: _UNREAD} | ({403: Fault} if isinstance(self.view, Tells) else {})
        if self.view.action == "retrieve":
            return everywhere | {404: Fault}
        unread = {} if self.method in {"GET", "DELETE"} else {400: _UNREAD, 413: Fault}
        unread = {400: _UNREAD} if self._drops_with_words() else unread
        return everywhere | unread | {403: Fault, 404: Fault, 409: Refusal}

    def _get_request_body(self, direction: Any = "request") -> Any:
        """JSON; where files are taken, too, as parts beside it."""
        body = super()._get_request_body(direction)
        if body is None or FilesParser.media_type not in body["content"]:
            return body
        files = _files(force_instance(self.get_request_serializer()))
        del body["content"][FilesParser.media_type]
        if files:
            body["content"][FilesParser.media_type] = {"schema": _parts(files)}
        return body

    def _map_serializer(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        """Files stand in no JSON object; a row is what its resource is."""
        schema = super()._map_serializer(serializer, direction, bypass_extensions)
        if schema.get("description") == get_doc(Row):
            row = type(force_instance(serializer))
            schema["description"] = next((each.resource.words for each in every() if _tells(each, row)), "")
        for name in _files(force_instance(serializer)):
            schema.get("properties", {}).pop(name, None)
            if name in schema.get("required", ()):
                schema["required"].remove(name)
        return schema

    def _told_by(self) -> Any:
        """The resource whose row answers: mostly its own."""
        return getattr(getattr(self.view, self.view.action, None), "told_by", None) or self.view

    def _takes_key(self) -> bool:
        """Whether it makes something, or is a step, which sent again would be done again."""
        return self.view.action == "create" or hasattr(getattr(self.view, self.view.action, None), "told_by")

    def _drops_with_words(self) -> bool:
        """Whether it takes a row out, and its address may say more."""
        return self.view.action == "destroy" and self.view.dropped is not Nothing

    def _is_step(self) -> bool:
        return self.view.action not in {"list", "retrieve", "create", "partial_update", "destroy"}


_UNREAD = OpenApiResponse(
    {
        "type": "object",
        "properties": {"detail": {"type": "string"}},
        "additionalProperties": {
            "description": "What is wrong with this field, in words; where it holds others, by theirs.",
            "anyOf": [{"type": "array", "items": {}}, {"type": "object"}],
        },
        "example": {"name": ["This field is required."]},
    },
    description="What cannot be read: by the name of its field what is wrong with it, under"
    " `non_field_errors` what is wrong with several; or `detail`, where the request itself cannot be read.",
)


def _tells(registered: Registered, row: type[Any]) -> bool:
    return getattr(registered.resource, "row", None) is row


def _files(form: Any) -> dict[str, Uploads]:
    """The files that a serializer takes, by name."""
    fields = getattr(form, "fields", {})
    return {name: field for name, field in fields.items() if isinstance(field, Uploads)}


def _parts(files: dict[str, Uploads]) -> dict[str, Any]:
    """What multipart/form-data holds: the fields as JSON, and the files."""
    one = {"type": "string", "format": "binary"}
    told = {name: {"type": "array", "items": one} if field.many else one for name, field in files.items()}
    for name, field in files.items():
        told[name] = {**told[name], "description": str(field.help_text or "")}
    words = "The other fields, as one JSON object."
    return {"type": "object", "properties": {DATA: {"type": "string", "description": words}, **told}}


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    return SchemaGenerator().get_schema(request=None, public=True)


@require_safe
def schema(request: HttpRequest) -> JsonResponse:
    """It holds nothing of anybody's: names of fields and resources, as in the source."""
    return JsonResponse(document())
