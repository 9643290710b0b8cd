"""Whose a conversation is: who took it, else the assignment that fits it best, else the owner, else
whose mailbox it came in by, else nobody's.

An assignment made for a membership fits what is said about that membership; one for a region what is said
about that region, which is where the membership holds or, without one, where the partner is; one that is
narrowed to neither fits where its role belongs to the stage the partner is in. What is narrower goes first,
then the owner's, then the older one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from partners.models import Stage
from team.models import Role

BELONGS: dict[str, frozenset[str]] = {
    Stage.RECRUITMENT: frozenset({Role.FULL_LIFECYCLE, Role.RECRUITMENT}),
    Stage.ONBOARDING: frozenset({Role.FULL_LIFECYCLE, Role.GROWTH, Role.ENABLEMENT}),
    Stage.GROWTH: frozenset({Role.FULL_LIFECYCLE, Role.GROWTH, Role.SUCCESS}),
    Stage.EVALUATION: frozenset({Role.FULL_LIFECYCLE, Role.GROWTH, Role.SUCCESS}),
}
MEMBERSHIP, REGION, ROLE = range(3)  # in this order


@dataclass(frozen=True)
class Post:
    """A current assignment of somebody who is here, by ids; `since` sorts the older ones first."""

    person: int
    role: str
    since: tuple[str, int] = ("", 0)
    is_owner: bool = False
    membership: int | None = None
    region: int | None = None


@dataclass(frozen=True)
class Topic:
    """What a conversation is about: the partner's stage, a membership or none, and the regions."""

    stage: str
    membership: int | None = None
    regions: Collection[int] = field(default_factory=frozenset)


def responsible(
    taken_by: int | None,
    topic: Topic,
    posts: Iterable[Post],
    owner: int | None,
    mailbox: int | None = None,
) -> int | None:
    """Who is responsible; `mailbox` is who answers what comes in by the mailbox it began in. Only people who
    are here are named: one who left took nothing and owns nothing."""
    if taken_by is not None:
        return taken_by
    fits = falls_to(topic, posts, owner)
    return mailbox if fits is None else fits


def falls_to(topic: Topic, posts: Iterable[Post], owner: int | None) -> int | None:
    """Whose it is while nobody took it."""
    fitting = [(rank, post) for post in posts if (rank := _fits(post, topic)) is not None]
    if not fitting:
        return owner
    return min(fitting, key=lambda each: (each[0], not each[1].is_owner, each[1].since))[1].person


def _fits(post: Post, topic: Topic) -> int | None:
    """How closely an assignment fits, MEMBERSHIP the closest; None where it does not."""
    if post.membership not in {None, topic.membership}:
        return None
    if post.region is not None and post.region not in topic.regions:
        return None
    if post.membership is not None:
        return MEMBERSHIP
    if post.region is not None:
        return REGION
    return ROLE if post.role in BELONGS.get(topic.stage, ()) else None
