"""The rules of waiting, pure: from what was said in a conversation to the waits there should be.

A wait opens at the first unanswered message of the partner and ends at the first human reply the
partner can see. Nothing but the set of items decides: when each became known does not matter, so
that a call logged afterwards corrects the figure. Ties are ordered by occurred, recorded, id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

WRITTEN = frozenset({"email", "portal", "chat"})


@dataclass(frozen=True)
class Said:
    """An item of a conversation. `id` names the message; times are aware.

    `shared`: the partner can see it. `human`: a colleague wrote it. `asks` and `answers` are
    said by a person where the kind of message does not say so. `elsewhere`: it stands in another
    conversation and was marked as an answer here. `counts`: neither withdrawn nor bounced nor a
    late report nobody has approved.
    """

    id: int
    occurred_at: datetime
    recorded_at: datetime
    inbound: bool
    channel: str = "email"
    shared: bool = True
    human: bool = True
    automatic: bool = False
    holding: bool = False
    copied: bool = False
    asks: bool = False
    answers: bool = False
    elsewhere: bool = False
    counts: bool = True


@dataclass(frozen=True)
class Dismissed:
    """Somebody said with a reason that no reply is needed."""

    at: datetime
    reason: str
    by: int | None


@dataclass(frozen=True)
class Owed:
    """A wait as it should be: open, answered by a message, or dismissed."""

    opener: int
    metric: str
    opened_at: datetime
    answer: int | None = None
    answered_at: datetime | None = None
    dismissed: Dismissed | None = None

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.dismissed is None


def opens(said: Said) -> bool:
    """Whether this item makes the partner wait, if it does not wait already."""
    if not said.counts or said.elsewhere:
        return False
    written = said.inbound and said.channel in WRITTEN and said.shared
    return said.asks or (written and not said.automatic and not said.copied)


def answers(said: Said) -> bool:
    """Whether this item ends a wait."""
    if not said.counts:
        return False
    replied = not said.inbound and said.channel in WRITTEN and said.shared and said.human
    return said.answers or said.elsewhere or (replied and not said.automatic and not said.holding)


def replay(items: Iterable[Said | Dismissed]) -> list[Owed]:
    """The waits of one conversation, in order; at most the last is open."""
    done: list[Owed] = []
    waiting: Owed | None = None
    for item in sorted(items, key=_order):
        if waiting is not None and (ended := _ended(waiting, item)) is not None:
            done.append(ended)
            waiting = None
        if waiting is None and isinstance(item, Said) and opens(item):
            metric = "next" if done else "first"
            waiting = Owed(item.id, metric, item.occurred_at)
    return [*done, waiting] if waiting else done


def _ended(waiting: Owed, item: Said | Dismissed) -> Owed | None:
    if isinstance(item, Dismissed):
        return replace(waiting, dismissed=item)
    if answers(item):
        return replace(waiting, answer=item.id, answered_at=item.occurred_at)
    return None


def _order(item: Said | Dismissed) -> tuple[datetime, datetime, int, int]:
    if isinstance(item, Dismissed):
        return item.at, item.at, 1, 0
    return item.occurred_at, item.recorded_at, 0, item.id


def in_time(answered_at: datetime, due_at: datetime) -> bool:
    """The one comparison: an answer at the due time is in time."""
    return answered_at <= due_at
