"""What a door asks before it reads what is sent: whether this person may do that to this row."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from prm.api.resources import May, Resource
from team.models import User
from team.roles import permitted_or_403


def permitted(action: str, of: str = "") -> May:
    """Whoever may do this (`team.roles`) to the partner of the row, or to what is named in its stead."""

    def asked(resource: Resource, thing: Any) -> None:
        towards = attrgetter(of)(thing) if of else getattr(thing, "partner", thing)
        permitted_or_403(resource.user, action, towards)

    return asked


def permitted_anywhere(action: str) -> May:
    """Whoever may do this at all: it concerns no single partner."""

    def asked(resource: Resource, thing: Any) -> None:
        permitted_or_403(resource.user, action)

    return asked


def permitted_towards(action: str, *fields: str) -> May:
    """Whoever may do this to the partner of what a new row names, by the first of these fields that names
    something. Where none does, who sent it is told so of the fields."""
    return permitted_by_towards(lambda user, named: permitted_or_403(user, action, named), *fields)


def permitted_by_towards(rule: Callable[[User, Any], None], *fields: str) -> May:
    """The same, by a rule of what is named."""

    def asked(resource: Any, thing: Any) -> None:
        named = next(filter(None, map(resource.named, fields)), None)
        if named is not None:
            rule(resource.user, named)

    return asked


def permitted_by(rule: Callable[[User, Any], None], of: str = "") -> May:
    """Whoever a rule of the row's own kind lets: the one that its pages ask."""

    def asked(resource: Resource, thing: Any) -> None:
        rule(resource.user, attrgetter(of)(thing) if of else thing)

    return asked
