"""What each may do: one table, one function.

By default all staff read all partners; who may read a partner may write to it. Changing the
record, the stage or another's promise needs an assignment; heads, operations and admins
change all. A role narrowed to regions or verticals gives its rights over the partners there;
reading and writing to partners it leaves as they are.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied

from team.models import Reach, Role, User

EVERYONE = frozenset(Role.values)
STEERING = frozenset({Role.HEAD, Role.OPERATIONS, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})


@dataclass(frozen=True)
class Rule:
    """Who may: those with one of `roles`; where `assigned`, also who looks after the thing;
    where `owner`, also its owner and the owner's lead."""

    roles: frozenset[str]
    assigned: bool = False
    owner: bool = False


TABLE: dict[str, Rule] = {
    # towards a partner one may read
    "read partner": Rule(EVERYONE),
    "write to partner": Rule(EVERYONE),
    "add partner": Rule(EVERYONE),
    "change partner": Rule(STEERING, assigned=True),
    "advance stage": Rule(STEERING, assigned=True),
    "override gate": Rule(frozenset({Role.HEAD, Role.ADMIN})),
    "record evidence": Rule(STEERING, assigned=True),
    "plan tasks": Rule(STEERING, assigned=True),
    "change task": Rule(STEERING, assigned=True),
    "change agreement": Rule(frozenset({Role.HEAD, Role.OPERATIONS}), owner=True),
    "change deal": Rule(STEERING, assigned=True),
    "log investment": Rule(STEERING, assigned=True),
    "propose tier": Rule(STEERING | {Role.PROGRAM}, assigned=True),
    "run review": Rule(STEERING, assigned=True),
    "change joint plan": Rule(STEERING, assigned=True),
    "solve issue": Rule(STEERING, assigned=True),
    "decide": Rule(STEERING, assigned=True),
    "change promise": Rule(STEERING, assigned=True),
    "rate partner": Rule(STEERING, assigned=True),
    "assign partner": Rule(STEERING, assigned=True),
    "merge partners": Rule(STEERING, assigned=True),
    "delete message": Rule(ADMINS),
    "approve late log": Rule(frozenset({Role.HEAD, Role.ADMIN})),
    "know of private conversations": Rule(frozenset({Role.HEAD})),
    "read confidential": Rule(frozenset({Role.HEAD, Role.OPERATIONS}), owner=True),
    # towards the whole
    "import partners": Rule(EVERYONE - {Role.MARKETING, Role.ENABLEMENT}),
    "announce": Rule(EVERYONE),  # to the partners one looks after
    "announce to all": Rule(STEERING | {Role.MARKETING, Role.PROGRAM, Role.FULL_LIFECYCLE}),
    "pass referrals": Rule(STEERING | {Role.GROWTH, Role.FULL_LIFECYCLE}),
    "set company objectives": Rule(frozenset({Role.HEAD, Role.ADMIN})),
    "run surveys": Rule(STEERING | {Role.SUCCESS, Role.PROGRAM, Role.FULL_LIFECYCLE}),
    "import deals": Rule(STEERING | {Role.GROWTH, Role.FULL_LIFECYCLE}),
    "export partners": Rule(EVERYONE),
    "assign in bulk": Rule(STEERING),
    "see team queue": Rule(EVERYONE),
    "file mail": Rule(EVERYONE),
    "change customer": Rule(STEERING | {Role.GROWTH, Role.FULL_LIFECYCLE}),
    "edit application forms": Rule(frozenset({Role.RECRUITMENT, Role.HEAD, Role.ADMIN})),
    "edit tiers": Rule(frozenset({Role.PROGRAM, Role.ADMIN})),
    "edit health": Rule(frozenset({Role.SUCCESS, Role.ADMIN})),
    "keep courses": Rule(STEERING | {Role.ENABLEMENT, Role.FULL_LIFECYCLE}),
    "edit profile": Rule(ADMINS),
    "read profile": Rule(EVERYONE),
    "edit settings": Rule(ADMINS),
    "keep rates": Rule(STEERING),
    "set coverage": Rule(STEERING | {Role.PROGRAM}),
    "invite people": Rule(ADMINS),
    "see sent mail": Rule(ADMINS),
}


def may(user: User, action: str, thing: Any = None) -> bool:
    """Whether `user` may do `action` (to `thing`: a partner, or what has one).

    Raises KeyError for an action not in the table. Whether the thing can be seen at all is
    `visible_to`'s question and is asked first.
    """
    rule = TABLE[action]
    if not user.is_active:
        return False
    partner = getattr(thing, "partner", None) or thing
    return (
        _by_role(user, rule, partner)
        or (rule.assigned and hasattr(partner, "is_looked_after_by") and partner.is_looked_after_by(user))
        or (rule.owner and _owns_or_leads(user, partner))
    )


def may_by_role(user: User, action: str, partner: Any) -> bool:
    """Whether a role alone lets `user` do `action`, assignments aside: no query, where the partner's
    verticals were fetched. For lists, which ask for all assignments at once."""
    return user.is_active and _by_role(user, TABLE[action], partner)


def is_narrowed(user: User, action: str) -> bool:
    """Whether what a role of this person lets it do depends on a partner's verticals."""
    return any(user.reaches[role].verticals for role in user.roles & TABLE[action].roles)


def reaches(user: User, role: str, partner: Any) -> bool:
    """Whether this person has the role, and it holds for the partner."""
    return role in user.roles and _covers(user.reaches[role], partner)


def _by_role(user: User, rule: Rule, partner: Any) -> bool:
    """Whether one of the person's roles gives it, there where that role holds."""
    roles = user.roles & rule.roles
    if not roles or partner is None or rule.roles == EVERYONE:
        return bool(roles)
    return any(_covers(user.reaches[role], partner) for role in roles)


def _covers(reach: Reach, partner: Any) -> bool:
    """Whether the partner lies in what a role is narrowed to; without a region it lies in none."""
    if reach.regions and getattr(partner, "region_id", None) not in reach.regions:
        return False
    if not reach.verticals:
        return True
    theirs = partner.verticals.all() if hasattr(partner, "verticals") else ()
    return any(vertical.pk in reach.verticals for vertical in theirs)


def _owns_or_leads(user: User, partner: Any) -> bool:
    owner = getattr(partner, "owner", None)
    return owner is not None and user.pk in {owner.pk, owner.lead_id}


def permitted_or_403(user: User, action: str, thing: Any = None) -> None:
    """Raise PermissionDenied, with words for the page, unless `user` may."""
    if not may(user, action, thing):
        raise PermissionDenied(refusal_words(action, thing))


def refusal_words(action: str, thing: Any = None) -> str:
    """Why not, and who could: "Your roles do not allow this (advance stage). Ask one of: …"."""
    rule = TABLE[action]
    who = ", ".join(str(Role(role).label) for role in sorted(rule.roles))
    if thing is not None and rule.assigned:
        who = f"whoever looks after {thing}, or {who}"
    elif thing is not None and rule.owner:
        who = f"the owner of {thing}, the owner's lead, or {who}"
    return f"Your roles do not allow this ({action}). Ask one of: {who}."
