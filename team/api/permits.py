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


def permitted_by(rule: Callable[[User, Any], None], of: str = "") -> May:
    """Whoever a rule of the row's own kind lets: the one that its pages ask."""

    def asked(resource: Resource, thing: Any) -> None:
        rule(resource.user, attrgetter(of)(thing) if of else thing)

    return asked
