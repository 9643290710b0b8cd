"""What may be shown of a confidential survey so that no group of fewer than five can be made out. Pure.

One rule for page, file and whatever asks next. Three things together make it safe against subtraction:
nothing is shown before the survey has closed, so that no figure moves by one answer; it is broken down in one
way only, settled before the draw, so that no two ways can be set against each other; and of its cells so many
are held back that those held back are five or more together, so that the whole less the others says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from prm.stats import FEW

T = TypeVar("T")


def is_enough(n: int) -> bool:
    """Whether so many answers may be shown as one figure."""
    return n >= FEW


def in_fives(marks: Sequence[T]) -> Sequence[T]:
    """As many of the first marks, given in the order they came, as make whole fives: what is told of them
    moves by five people's answers or not at all, so that nobody's own is made out by what it moves."""
    return marks[: len(marks) - len(marks) % FEW]


def shown(cells: Mapping[str, int]) -> frozenset[str]:
    """Of the cells of one whole, by name the number of answers, those whose figures may stand beside the
    whole's. Where fewer than five would be left by subtraction, the smallest of the others goes, too."""
    if not is_enough(sum(cells.values())):
        return frozenset()
    standing = sorted(
        (cell for cell, n in cells.items() if is_enough(n)), key=lambda cell: (cells[cell], cell)
    )
    held_back = sum(n for n in cells.values() if not is_enough(n))
    while standing and 0 < held_back < FEW:
        held_back += cells[standing.pop(0)]
    return frozenset(standing)
