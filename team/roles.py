"""What each may do: one table, one function.

By default all staff read all partners; who may read a partner may write to it. Changing the
record, the stage or another's promise needs an assignment; heads, operations and admins
change all.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from django.core.exceptions import PermissionDenied

from team.models import Role, User

EVERYONE = frozenset(Role.values)
STEERING = frozenset({Role.HEAD, Role.OPERATIONS, Role.ADMIN})


@dataclass(frozen=True)
class Rule:
    """Who may: those with one of `roles`; where `assigned`, also who looks after the thing."""

    roles: frozenset[str]
    assigned: bool = False


TABLE: dict[str, Rule] = {
    # towards a partner one may read
    "read partner": Rule(EVERYONE),
    "write to partner": Rule(EVERYONE),
    "add partner": Rule(EVERYONE),
    "change partner": Rule(STEERING, assigned=True),
    "advance stage": Rule(STEERING, assigned=True),
    "override gate": Rule(frozenset({Role.HEAD, Role.ADMIN})),
    "record evidence": Rule(STEERING, assigned=True),
    "read agreement": Rule(frozenset({Role.HEAD, Role.OPERATIONS})),
    "plan tasks": Rule(STEERING, assigned=True),
    "change task": Rule(STEERING, assigned=True),
    "decide": Rule(STEERING, assigned=True),
    "change promise": Rule(STEERING, assigned=True),
    "rate partner": Rule(STEERING, assigned=True),
    "assign partner": Rule(STEERING, assigned=True),
    "merge partners": Rule(STEERING, assigned=True),
    "approve late log": Rule(frozenset({Role.HEAD, Role.ADMIN})),
    # towards the whole
    "import partners": Rule(EVERYONE - {Role.MARKETING, Role.ENABLEMENT}),
    "export partners": Rule(EVERYONE),
    "assign in bulk": Rule(STEERING),
    "see team queue": Rule(EVERYONE),
    "edit profile": Rule(frozenset({Role.ADMIN})),
    "read profile": Rule(EVERYONE),
    "edit settings": Rule(frozenset({Role.ADMIN})),
    "invite people": Rule(frozenset({Role.ADMIN})),
    "see sent mail": Rule(frozenset({Role.ADMIN})),
}


@runtime_checkable
class LookedAfter(Protocol):
    def is_looked_after_by(self, user: User) -> bool: ...


def may(user: User, action: str, thing: object | None = None) -> bool:
    """Whether `user` may do `action` (to `thing`). Raises KeyError for an action not in the table.

    Whether the thing can be seen at all is `visible_to`'s question and is asked first.
    """
    rule = TABLE[action]
    if not user.is_active:
        return False
    if user.roles & rule.roles:
        return True
    return rule.assigned and isinstance(thing, LookedAfter) and thing.is_looked_after_by(user)


def permitted_or_403(user: User, action: str, thing: object | None = None) -> None:
    """Raise PermissionDenied, with words for the page, unless `user` may."""
    if not may(user, action, thing):
        raise PermissionDenied(refusal_words(action, thing))


def refusal_words(action: str, thing: object | None = None) -> str:
    """Why not, and who could: "You may not advance stage of Northwind. …"."""
    rule = TABLE[action]
    who = ", ".join(str(Role(role).label) for role in sorted(rule.roles))
    helpers = f"whoever looks after {thing}, or {who}" if rule.assigned and thing is not None else who
    return f"Your roles do not allow this ({action}). Ask one of: {helpers}."
