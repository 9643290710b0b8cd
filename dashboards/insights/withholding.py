"""Which parts of narrowed Insights are withheld: those of so few owners that they would tell of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any

from django.db.models import F, QuerySet, Value

from conversations.figures import IN_TIME, promises_due, promises_made
from dashboards.insights.asking import Asking
from lifecycle.figures import CAME_IN, STAYED_FOR, WENT_ON_SHARE
from team import persons


class Withheld(Enum):
    """What is told or withheld together; each of the time asked for, and of the time it is compared with."""

    ANSWERS = auto()
    ANSWERS_BEFORE = auto()
    PROMISES = auto()
    PROMISES_BEFORE = auto()
    MOVES = auto()
    MOVES_BEFORE = auto()


Parts = frozenset[Withheld]


def of(asking: Asking) -> Parts:
    """The parts that this person may not see: of some, but fewer than five owners, not each of whom it may
    see. One query, and none where the figures are of all partners."""
    if asking.shows_each:
        return frozenset()
    parts, sets = zip(*_rows(asking), strict=True)
    asked = [
        rows.order_by().filter(partner__owner__isnull=False).values_list(Value(n), F("partner__owner"))
        for n, rows in enumerate(sets)
    ]
    owners = Counter(n for n, _owner in asked[0].union(*asked[1:]))
    return frozenset(part for n, part in enumerate(parts) if 0 < owners[n] < persons.LEAST)


def _rows(asking: Asking) -> Iterator[tuple[Withheld, QuerySet[Any]]]:
    now = asking.asked()
    yield Withheld.ANSWERS, IN_TIME.rows(now)
    yield from ((Withheld.PROMISES, rows) for rows in (promises_due(now), promises_made(now)))
    yield from ((Withheld.MOVES, figure.rows(now)) for figure in (CAME_IN, WENT_ON_SHARE, STAYED_FOR))
    if asking.before:
        before = asking.asked(asking.before)
        yield Withheld.ANSWERS_BEFORE, IN_TIME.rows(before)
        yield Withheld.PROMISES_BEFORE, promises_due(before)
        yield Withheld.MOVES_BEFORE, WENT_ON_SHARE.rows(before)
