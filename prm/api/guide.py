"""The OpenAPI document as a person reads it: resources, their fields, filters and doors."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from prm.api import resources
from prm.api.parsing import DATA
from prm.api.schema import document

METHODS = ("get", "post", "patch", "delete")
PAGED = {"after", "before", "limit", "sort"}
KINDS = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "object": "object",
}
FORMATS = {
    "binary": "file",
    "date": "day",
    "date-time": "moment",
    "uri": "address",
    "email": "e-mail address",
    "uuid": "key",
}


@dataclass(frozen=True)
class Field:
    """A field or filter: its name, what kind of value it holds, what it means."""

    name: str
    kind: str
    words: str
    choices: list[str]
    is_required: bool = False


@dataclass(frozen=True)
class Door:
    """One address with a method: what it does, what it takes."""

    method: str
    path: str
    words: str
    takes: list[Field]
    filters: list[Field]
    sorts: list[str]


@dataclass
class Guide:
    """One resource."""

    name: str
    words: str
    fields: list[Field] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)

    @property
    def can(self) -> str:
        """What can be done with it, in a few words."""
        steps = [door.path.rstrip("/").rpartition("/")[2] for door in self.doors if door.method == "POST"]
        methods = {door.method for door in self.doors}
        named = [step for step in steps if step != self.name]
        made = [_("add")] if self.name in steps else []
        more = [
            word for method, word in (("PATCH", _("change")), ("DELETE", _("take out"))) if method in methods
        ]
        return ", ".join([_("read"), *made, *more, *named])


@cache
def guides() -> dict[str, Guide]:
    """Every resource by its name."""
    found = {each.noun: Guide(each.noun, each.resource.words) for each in resources.every() if each.is_told}
    for path, doors in document()["paths"].items():
        for method in METHODS:
            operation = doors.get(method)
            if operation and (guide := found.get(operation["tags"][0])):
                _add(guide, method, path, operation)
    return found


def _add(guide: Guide, method: str, path: str, operation: dict[str, Any]) -> None:
    row = _answered(operation)
    if method == "get" and not guide.fields:
        guide.fields = _fields(row)
    parameters = [each for each in operation.get("parameters", ()) if each["in"] == "query"]
    sorted_by: dict[str, Any] = next((each["schema"] for each in parameters if each["name"] == "sort"), {})
    guide.doors.append(
        Door(
            method=method.upper(),
            path=path,
            words=operation.get("description", ""),
            takes=[*_fields(_content(operation.get("requestBody", {}))), *_files(operation)],
            filters=[
                _field(each["name"], {**_plain(each["schema"]), "description": each.get("description", "")})
                for each in parameters
                if each["name"] not in PAGED
            ],
            sorts=_plain(sorted_by).get("enum", []),
        )
    )


def _files(operation: dict[str, Any]) -> list[Field]:
    """What is sent beside the JSON, as parts of multipart/form-data."""
    content = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data", {})
    parts = content.get("schema", {}).get("properties", {})
    return [_field(name, each) for name, each in parts.items() if name != DATA]


def _answered(operation: dict[str, Any]) -> dict[str, Any]:
    """The schema of one row that this answers with."""
    answer = _content(operation["responses"].get("200", {}))
    results = answer.get("properties", {}).get("results")
    return _plain(results["items"]) if results else answer


def _content(part: dict[str, Any]) -> dict[str, Any]:
    return _plain(part.get("content", {}).get("application/json", {}).get("schema", {}))


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema itself, where only its name stands; of several the first."""
    for either in ("allOf", "oneOf"):
        if either in schema:
            return {**_plain(schema[either][0]), "description": schema.get("description", "")}
    if "$ref" not in schema:
        return schema
    return _plain(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])


def _fields(schema: dict[str, Any]) -> list[Field]:
    required = set(schema.get("required", ()))
    return [_field(name, each, name in required) for name, each in schema.get("properties", {}).items()]


def _field(name: str, schema: dict[str, Any], is_required: bool = False) -> Field:
    told = _plain(schema)
    words = schema.get("description") or told.get("description", "")
    inner = _plain(told["items"]) if told.get("type") == "array" else told
    choices = [str(value) for value in inner.get("enum", ()) if value not in ("", None)]
    if "oneOf" in (told.get("items") or schema):
        return Field(name, _("id or name"), words, [], is_required)
    kind = FORMATS.get(inner.get("format", "")) or KINDS.get(inner.get("type", ""), "any value")
    if told.get("type") == "array":
        kind = f"list: {kind}"
    return Field(name, kind, words, choices, is_required)
