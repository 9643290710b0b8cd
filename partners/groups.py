"""What each filter of a list offers, as boxes to tick."""

from __future__ import annotations

from dataclasses import dataclass

from django_filters import FilterSet

from team import choosing
from team.choosing import Typing

LONG = 12  # of more choices than this the chosen ones stand first


@dataclass(frozen=True)
class Option:
    """One value that a filter offers."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Group:
    """The values that one filter offers; `typing` where others can be typed."""

    name: str
    label: str
    options: list[Option]
    typing: Typing | None


def group(filters: FilterSet, name: str) -> Group:
    """What a filter offers."""
    field, chosen = filters.form.fields[name], set(filters.data.getlist(name))
    choices = [(str(value), str(label)) for value, label in field.choices]
    options = [Option(value, label, value in chosen) for value, label in choices]
    if len(options) > LONG:
        options.sort(key=lambda option: not option.chosen)
    return Group(name, str(field.label), options, choosing.typing(filters, name))
