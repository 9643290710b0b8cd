"""What a change of facts was: field by field, old beside new, for history and for Undo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, Model

from partners.history import UndoRefused

Changes = dict[str, list[Any]]
SHORT = 60


def made(row: Model, facts: Mapping[str, Any]) -> Changes:
    """Set the facts on the row (unsaved) and say what differs: {field: [old, new]}, as JSON keeps it."""
    changes: Changes = {}
    for field, new in facts.items():
        old = kept(getattr(row, field))
        setattr(row, field, new)
        if old != kept(new):
            changes[field] = [old, kept(new)]
    return changes


def in_words(row: type[Model], changes: Changes) -> str:
    """The changes as a person reads them: "City: Bonn → Berlin; Region: …"."""
    return "; ".join(
        f"{_label(field)}: {_shown(row, field, old)} → {_shown(row, field, new)}"
        for field, (old, new) in changes.items()
    )


def back(row: Model, changes: Changes) -> dict[str, Any]:
    """The facts that take the changes back. Refused where a field was changed again since."""
    facts = {}
    for field, (old, new) in changes.items():
        if kept(getattr(row, field)) != new:
            raise UndoRefused(f"{_label(field)} was changed again since, so this cannot be taken back.")
        facts[field] = _thing(type(row), field, old)
    return facts


def kept(value: Any) -> Any:
    """The value as JSON keeps it: a row by its id, a day or moment in ISO form."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _label(field: str) -> str:
    return field.replace("_", " ").capitalize()


def _thing(row: type[Model], field: str, value: Any) -> Any:
    column = row._meta.get_field(field)
    if isinstance(column, ForeignKey):
        return column.remote_field.model._default_manager.filter(pk=value).first()
    return column.to_python(value) if isinstance(column, Field) and value is not None else None


def _shown(row: type[Model], field: str, value: Any) -> str:
    if value in (None, "", []):
        return "nothing"
    try:
        column = row._meta.get_field(field)
    except FieldDoesNotExist:
        column = None
    if isinstance(column, ForeignKey):
        value = _thing(row, field, value) or "something deleted"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
