"""Who reads, as far as it changes what a question looks like."""

from __future__ import annotations

from dataclasses import dataclass

from prm.questions import Given, key
from team.models import User


@dataclass(frozen=True)
class Reader:
    """Somebody who may read what a person may. Its id stands open: the question is given it as `reader`."""

    is_active: bool
    roles: frozenset[str]
    reads_own_only: bool

    @property
    def pk(self) -> Given:
        return key("reader")


def reader(user: User) -> Reader:
    """The shape of the questions this person asks."""
    return Reader(user.is_active, user.roles, user.reads_own_only)
