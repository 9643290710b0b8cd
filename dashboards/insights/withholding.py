"""Which figures of Insights are withheld: those that would tell of one person whose own one may not see.

A figure stands for the owners of its partners. Those whose own figures the reader sees anyway hide nobody;
the others must be five or more together, or none. The same is asked of the partners that are left out, since
what they come to is what all come to less the figure; and of each week and stage alone. Weeks or stages that
are withheld must not come to fewer than five either: then none of them is shown, and the whole alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, DateField, F, QuerySet, Value, When
from django.db.models.functions import Cast, TruncWeek

from conversations.figures import IN_TIME, promises_due, promises_made
from dashboards.insights.asking import Asking
from dashboards.insights.periods import Period
from lifecycle.figures import CAME_IN, STAYED_FOR, WENT_ON_SHARE
from team import persons


class Part(Enum):
    """What is told or withheld together, of one time."""

    ANSWERS = auto()  # by week
    PROMISES = auto()
    MOVES = auto()  # by stage


Rows = Callable[[Any], QuerySet[Any]]
ROWS: Mapping[Part, tuple[Rows, ...]] = {
    Part.ANSWERS: (IN_TIME.rows,),
    Part.PROMISES: (promises_due, promises_made),
    Part.MOVES: (CAME_IN.rows, WENT_ON_SHARE.rows, STAYED_FOR.rows),
}
Owners = dict[str, set[int]]  # by week or stage, those whose own figures one may not see


@dataclass(frozen=True)
class Told:
    """What of a part may be shown: the whole or not, and all weeks or stages but some, or none of them."""

    whole: bool = True
    but: Collection[str] = ()
    each: bool = True

    def tells(self, cell: date | str = "") -> bool:
        """Whether it may be shown; of a week (its Monday) or a stage, where one is named."""
        return self.whole and (not cell or (self.each and str(cell) not in self.but))

    def and_(self, other: Told) -> Told:
        """What both of them tell."""
        but = frozenset(chain(self.but, other.but))
        return Told(self.whole and other.whole, but, self.each and other.each)


Parts = Mapping[Part, Told]


def of(asking: Asking) -> tuple[Parts, Parts]:
    """What may be shown of the time asked for, and of the one it is compared with. One query."""
    before = [(part, asking.before) for part in Part if asking.before]
    told = _read(asking, [*((part, asking.period) for part in Part), *before])
    return dict(zip(Part, told, strict=False)), dict(zip(Part, told[len(Part) :], strict=False))


def of_part(asking: Asking, part: Part) -> Told:
    """What may be shown of one part, of the time asked for."""
    return _read(asking, [(part, asking.period)])[0]


def _read(asking: Asking, asked: Sequence[tuple[Part, Period]]) -> list[Told]:
    told = [Told() for _each in asked]
    sets = [
        (place, _owned(n, part, rows, asking, period))
        for n, (place, part, period, rows) in enumerate(_sets(asked))
    ]
    owners: dict[tuple[int, bool], Owners] = defaultdict(lambda: defaultdict(set))
    for n, is_inside, cell, owner in sets[0][1].union(*(rows for _place, rows in sets[1:])):
        owners[n, bool(is_inside)][cell].add(owner)
    for n, (place, _rows) in enumerate(sets):
        told[place] = told[place].and_(_told(owners[n, True], owners[n, False]))
    return told


def _sets(asked: Sequence[tuple[Part, Period]]) -> Iterator[tuple[int, Part, Period, Rows]]:
    """Each set of rows, with its place among what is asked."""
    for place, (part, period) in enumerate(asked):
        yield from ((place, part, period, rows) for rows in ROWS[part])


def _owned(n: int, part: Part, rows: Rows, asking: Asking, period: Period) -> QuerySet[Any, Any]:
    """The hidden owners of the rows of all partners one may read: which rows, inside or outside of what is
    asked for, in which week or stage, whose."""
    hidden = persons.hidden_from(asking.user).values("pk")
    inside: Any = Value(True)
    if asking.segment.asks:
        inside = Case(When(partner__in=asking.among, then=Value(True)), default=Value(False))
    found = rows(asking.of_all(period)).order_by().filter(partner__owner__in=hidden)
    return found.values_list(Value(n), inside, _cell(part, period), F("partner__owner")).distinct()


def _cell(part: Part, period: Period) -> Any:
    if part == Part.ANSWERS:
        week = TruncWeek("due_at", tzinfo=ZoneInfo(period.zone), output_field=DateField())
        return Cast(Cast(week, DateField()), CharField())  # the day alone, as every database writes it
    return F("stage") if part == Part.MOVES else Value("")


def _told(inside: Owners, outside: Owners) -> Told:
    """What of one set of rows is told, by the hidden owners inside and outside of what is asked for."""
    few = {cell for cell in inside if not _hide_each_other(inside[cell], outside[cell])}
    every, others = (set(chain.from_iterable(some.values())) for some in (inside, outside))
    rest = set(chain.from_iterable(inside[cell] for cell in few))
    return Told(_hide_each_other(every, others), frozenset(few), persons.hide_each_other(rest))


def _hide_each_other(inside: set[int], outside: set[int]) -> bool:
    """Also where what is outside is all, which is told, less what is inside."""
    is_told = persons.hide_each_other(inside | outside)
    return persons.hide_each_other(inside) and (not is_told or persons.hide_each_other(outside))
