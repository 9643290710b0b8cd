"""Whether a figure hides those it stands for: five or more, or none, whose own figures one may not see.

Nobody must be told by what one figure has more than another, either: a figure is shown where it hides them,
and so does what it differs by from each figure that one reads with fewer filters, or fewer values of one.
Pure: it is given whose rows there are, by which of the chosen values each matches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations, product
from math import prod

from team.persons import hide_each_other

Chosen = tuple[str, str]  # a filter and a value of it
Selection = Mapping[str, frozenset[str]]  # of each filter that narrows, its values
Matched = frozenset[Chosen]  # the chosen values that a row matches
Owners = Mapping[Matched, set[int]]  # hidden owners of rows, by what these match
MOST = 1024  # selections within one; of more values nothing is told


@dataclass(frozen=True)
class Told:
    """What may be shown: the whole or not, and each week or stage but some."""

    whole: bool = True
    but: Collection[str] = ()

    def tells(self, cell: date | str = "") -> bool:
        """Whether it may be shown; of a week (its Monday) or a stage, where one is named."""
        return self.whole and (not cell or str(cell) not in self.but)


def selection(chosen: Sequence[Chosen]) -> Selection:
    """Any of the values of each filter."""
    return {name: frozenset(value for each, value in chosen if each == name) for name, _value in chosen}


def told(sets: Sequence[Mapping[str, Owners]], chosen: Selection) -> Told:
    """What may be shown of rows of several sets that are told or withheld together, each by week or stage.
    Weeks or stages that are withheld must hide theirs from what the others leave of the whole, too: where
    they do not, those of the fewest owners are withheld with them."""
    cells = set(chain.from_iterable(sets))
    few = {cell for cell in cells if not all(hides(each.get(cell, {}), chosen) for each in sets)}
    while cells - few and not all(hide_each_other(_rest(each, few, chosen)) for each in sets):
        few.add(min(sorted(cells - few), key=lambda cell: _size(sets, cell)))
    return Told(all(hides(_merged(each), chosen) for each in sets), frozenset(few))


def hides(owners: Owners, chosen: Selection) -> bool:
    """Whether a figure of what is chosen hides those it stands for, whatever one compares it with."""
    if not hide_each_other(_behind(owners, chosen)):
        return False
    if (within := _within(chosen)) is None:
        return False
    others = chain(_without(chosen), within)
    return all(
        hide_each_other(_between(owners, chosen, other))
        for other in others
        if hide_each_other(_behind(owners, other))
    )


def _behind(owners: Owners, chosen: Selection) -> set[int]:
    return set().union(*(those for matched, those in owners.items() if _matches(matched, chosen)))


def _between(owners: Owners, one: Selection, other: Selection) -> set[int]:
    """Whose rows are of one of them alone."""
    differing = (
        those for matched, those in owners.items() if _matches(matched, one) != _matches(matched, other)
    )
    return set().union(*differing)


def _matches(matched: Matched, chosen: Selection) -> bool:
    return all(any((name, value) in matched for value in values) for name, values in chosen.items())


def _without(chosen: Selection) -> Iterator[Selection]:
    """The same without some of its filters, or all of them."""
    for n in range(len(chosen)):
        yield from ({name: chosen[name] for name in names} for names in combinations(chosen, n))


def _within(chosen: Selection) -> list[Selection] | None:
    """The same with fewer values; None where these are too many to look at."""
    if prod(2 ** len(values) - 1 for values in chosen.values()) > MOST:
        return None
    found: list[Selection] = [
        dict(zip(chosen, each, strict=True)) for each in product(*map(_parts, chosen.values()))
    ]
    return found[:-1]  # the last is all of them


def _parts(values: frozenset[str]) -> list[frozenset[str]]:
    """Some of these values, all of them last."""
    sizes = range(1, len(values) + 1)
    return [frozenset(some) for n in sizes for some in combinations(sorted(values), n)]


def _merged(cells: Mapping[str, Owners]) -> Owners:
    merged: dict[Matched, set[int]] = {}
    for owners in cells.values():
        for matched, those in owners.items():
            merged[matched] = merged.get(matched, set()) | those
    return merged


def _rest(cells: Mapping[str, Owners], few: Collection[str], chosen: Selection) -> set[int]:
    return _behind(_merged({cell: owners for cell, owners in cells.items() if cell in few}), chosen)


def _size(sets: Sequence[Mapping[str, Owners]], cell: str) -> int:
    return sum(len(those) for each in sets for those in each.get(cell, {}).values())
