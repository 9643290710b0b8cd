"""Which figures of Insights are withheld: those that would tell of one person whose own one may not see.

A figure stands for the owners of its partners, in all and in each week and stage. Those whose own figures the
reader sees anyway hide nobody; `hiding` says whether the others hide each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Cast, TruncWeek

from conversations.figures import IN_TIME, promises_due, promises_made
from dashboards.insights import hiding
from dashboards.insights.asking import Asking
from dashboards.insights.hiding import Matched, Told
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
    if asking.narrows_by_owner:  # to people each of whom this person may see
        return [Told() for _each in asked]
    sets = [(place, part, period, rows) for place, (part, period) in enumerate(asked) for rows in ROWS[part]]
    first, *others = (
        _owned(n, asking, part, period, rows) for n, (_place, part, period, rows) in enumerate(sets)
    )
    found: dict[int, dict[int, dict[str, dict[Matched, set[int]]]]] = {
        place: {} for place in range(len(asked))
    }
    for n, cell, owner, *columns in first.union(*others, all=True):
        cells = found[sets[n][0]].setdefault(n, {})
        cells.setdefault(cell, {}).setdefault(asking.matched(columns), set()).add(owner)
    chosen = hiding.selection(asking.chosen)
    return [hiding.told(list(found[place].values()), chosen) for place in range(len(asked))]


def _owned(n: int, asking: Asking, part: Part, period: Period, rows: Rows) -> QuerySet[Any, Any]:
    """The hidden owners of the rows of all partners one may read: which rows, in which week or stage, whose,
    and what of the chosen they match."""
    hidden = persons.hidden_from(asking.user).values("pk")
    found = rows(asking.of_all(period)).order_by().filter(partner__owner__in=hidden)
    columns = (Value(n), _cell(part, period, asking), F("partner__owner"), *asking.matches("partner"))
    return found.values_list(*columns).distinct()


def _cell(part: Part, period: Period, asking: Asking) -> Any:
    """The week, of the time that is shown by weeks; the stage; or all in one."""
    if part == Part.ANSWERS and period is asking.period:
        week = TruncWeek("due_at", tzinfo=ZoneInfo(period.zone), output_field=DateField())
        return Cast(Cast(week, DateField()), CharField())  # the day alone, as every database writes it
    return F("stage") if part == Part.MOVES else Value("")
