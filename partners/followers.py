"""What higher apps keep of who looks after a partner follows when that changes.

A verb that changes it, or what it hangs on (assignments, the owner, stage, region, memberships, a merge),
calls `hold` before it locks the partner and `follow` once it has written, in its transaction: whoever
writes a message locks the conversation first and the partner last, and so does everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Step = Callable[[Sequence[int]], None]


@dataclass(frozen=True)
class Follower:
    """What is kept of partners, by their ids: locked by `hold`, brought in line by `follow`."""

    hold: Step
    follow: Step


_followers: list[Follower] = []


def register(hold: Step, follow: Step) -> None:
    _followers.append(Follower(hold, follow))


def hold(partners: Sequence[int]) -> None:
    """Lock what hangs on these partners, until the transaction ends."""
    for follower in _followers:
        follower.hold(partners)


def follow(partners: Sequence[int]) -> None:
    """Bring what hangs on these partners in line with how they stand now."""
    for follower in _followers:
        follower.follow(partners)
