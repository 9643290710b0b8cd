"""What the shell counts for whoever reads a page. It is asked with the person itself, in one query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from team.models import MOST_COUNTED, User

Rows = Callable[[Any], QuerySet[Any]]
_counted: dict[str, Rows] = {}


def register(name: str, rows: Rows) -> None:
    """Count under a name what `rows` gives for a person (or for an outer reference to one)."""
    _counted[name] = rows


def asked(person: Any) -> dict[str, QuerySet[Any]]:
    """What is counted, by the attribute a person keeps it in; no more than MOST_COUNTED each."""
    return {
        _kept(name): rows(person).order_by().values("pk")[:MOST_COUNTED] for name, rows in _counted.items()
    }


def of(person: User, name: str) -> int:
    """How many there are; asked for where it did not come with the person."""
    kept = _kept(name)
    if not hasattr(person, kept):
        setattr(person, kept, asked(person.pk)[kept].count())
    count: int = getattr(person, kept)
    return count


def _kept(name: str) -> str:
    return f"counted_{name}"
