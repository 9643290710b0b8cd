"""Who a task of a template falls to: whoever looks after the partner in its role, or has that role there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from lifecycle.models import Side, Task, TemplateTask
from partners.models import Assignment, Contact, Partner
from team.models import User

P = TypeVar("P", User, Contact)


@dataclass(frozen=True)
class Cast:
    """The people around a partner: its owner, who of us has which role there, and who of theirs."""

    owner: User | None
    ours: dict[str, User]
    theirs: dict[str, Contact]

    def of(self, step: Task | TemplateTask, role: str) -> tuple[User | None, Contact | None]:
        """Who of us, else the owner; or who of theirs, else nobody in particular."""
        if step.side == Side.OURS:
            return self.ours.get(role, self.owner), None
        return None, self.theirs.get(role)

    def name(self, step: TemplateTask) -> str:
        """The same in words; "" where nobody is named."""
        one_of_us, one_of_theirs = self.of(step, step.role)
        return str(one_of_us or one_of_theirs or "")


def around(partner: Partner, owner: User | None) -> Cast:
    """Who is there now, with `owner` for what has no role; two queries. Of several in a role the owner or
    primary, else the first, is meant."""
    looks_after = Assignment.objects.current().filter(partner=partner, user__is_active=True)
    posts = looks_after.select_related("user").order_by("-is_owner", "starts_on", "pk")
    people = Contact.objects.current().filter(partner=partner).order_by("-is_primary", "pk")
    return Cast(
        owner=owner,
        ours=_first((post.role, post.user) for post in posts),
        theirs=_first((role, person) for person in people for role in person.roles),
    )


def _first(pairs: Iterable[tuple[str, P]]) -> dict[str, P]:
    found: dict[str, P] = {}
    for role, person in pairs:
        found.setdefault(role, person)
    return found
