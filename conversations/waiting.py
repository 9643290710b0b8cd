"""The rules of waiting, pure: from what was said in a conversation to the waits there should be.

A wait opens at the first unanswered message of the partner and ends at the first human reply the
partner can see. Nothing but the set of items decides: when each became known does not matter, so
that a call logged afterwards corrects the figure. Ties are ordered by occurred, recorded, id.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

WRITTEN = frozenset({"email", "portal", "chat"})


@dataclass(frozen=True)
class Said:
    """An item of a conversation. `id` names the message; times are aware.

    `shared`: the partner can see it. `human`: a colleague wrote it. `asks` and `answers` are
    said by a person where the kind of message does not say so. `elsewhere`: it stands in another
    conversation and was marked as an answer here. `thanks`: its words only say thanks. `counts`: neither
    withdrawn nor bounced nor a late report nobody has approved; `reported`: it is such a report, and may
    still be approved.
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
    thanks: bool = False
    counts: bool = True
    reported: bool = False


@dataclass(frozen=True)
class Dismissed:
    """Somebody said with a reason that no reply to a message is needed."""

    opener: int
    at: datetime
    reason: str
    by: int | None


@dataclass(frozen=True)
class Owed:
    """A wait as it should be: open, answered by a message, or dismissed.

    `reported`: somebody says that it was answered, and nobody has confirmed it yet. `asked_at`: when
    they first wrote more than thanks; None where all of it only says thanks.
    """

    opener: int
    metric: str
    opened_at: datetime
    answer: int | None = None
    answered_at: datetime | None = None
    dismissed: Dismissed | None = None
    reported: bool = False
    asked_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.dismissed is None

    @property
    def only_thanks(self) -> bool:
        return self.asked_at is None


def opens(said: Said) -> bool:
    """Whether this item makes the partner wait, if it does not wait already."""
    if not said.counts or said.elsewhere:
        return False
    written = said.inbound and said.channel in WRITTEN and said.shared
    return said.asks or (written and not said.automatic and not said.copied)


def answers(said: Said) -> bool:
    """Whether this item ends a wait."""
    return said.counts and _replies(said)


def _replies(said: Said) -> bool:
    """Whether it is of the kind that ends a wait."""
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
        elif waiting is not None and isinstance(item, Said) and item.reported and _replies(item):
            waiting = replace(waiting, reported=True)
        if isinstance(item, Said) and opens(item):
            metric = "next" if done else "first"
            waiting = waiting or Owed(item.id, metric, item.occurred_at)
            if waiting.only_thanks and not item.thanks:
                waiting = replace(waiting, asked_at=item.occurred_at)
    return [*done, waiting] if waiting else done


def asked_again(owed: Sequence[Owed], items: Iterable[Said | Dismissed]) -> dict[int, datetime]:
    """By opener of an answered wait: when the partner wrote once more, before anything more from us.
    What needed no reply, and what only says thanks, is left out."""
    ours = sorted(item.occurred_at for item in items if isinstance(item, Said) and _ours(item))
    again = {}
    for answered, following in pairwise(owed):
        if answered.answered_at is None or following.dismissed is not None or following.asked_at is None:
            continue
        since = bisect_right(ours, answered.answered_at)
        if since == len(ours) or ours[since] >= following.asked_at:
            again[answered.opener] = following.asked_at
    return again


def copied_in(items: Iterable[Said | Dismissed]) -> datetime | None:
    """When we were last copied in, where nobody has started that message's clock and nothing of ours that
    the partner can see came after it; else None."""
    said = [item for item in items if isinstance(item, Said) and item.counts and not item.elsewhere]
    copies = [item.occurred_at for item in said if item.copied and not item.asks]
    ours = [item.occurred_at for item in said if _ours(item) and item.shared]
    last = max(copies, default=None)
    return None if last is None or max(ours, default=last) > last else last


def _ours(said: Said) -> bool:
    """Whether it is something more from us: a note is not."""
    return said.counts and not said.inbound and not said.automatic and said.channel != "note"


def _ended(waiting: Owed, item: Said | Dismissed) -> Owed | None:
    if isinstance(item, Dismissed):
        return replace(waiting, dismissed=item) if item.opener == waiting.opener else None
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
