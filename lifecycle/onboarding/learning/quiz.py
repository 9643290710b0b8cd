"""Quizzes: questions as they are typed, and how many are answered right. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

MOST = 10  # choices


class Unreadable(ValueError):
    """These lines are no question."""


@dataclass(frozen=True)
class Choices:
    """The choices of a question, and the numbers of the right ones, from 0."""

    words: list[str]
    right: list[int]


def read(typed: str) -> Choices:
    """A choice a line, right ones behind a star. Raises Unreadable."""
    lines = [line.strip() for line in typed.splitlines() if line.strip().strip("*").strip()]
    words = [line.lstrip("*").strip() for line in lines]
    right = [n for n, line in enumerate(lines) if line.startswith("*")]
    if not 2 <= len(words) <= MOST:
        raise Unreadable(f"Write between two and {MOST} choices, each in a line of its own.")
    if len(set(words)) < len(words):
        raise Unreadable("Two choices are the same.")
    if not right or len(right) == len(words):
        raise Unreadable("Put a star (*) before each right choice; at least one is right and one is not.")
    return Choices(words, right)


def score(right: Sequence[Collection[int]], given: Sequence[Collection[int]]) -> int:
    """Percent of the questions answered right, rounded down; one is when exactly its right choices are
    ticked."""
    hits = sum(set(wanted) == set(ticked) for wanted, ticked in zip(right, given, strict=True))
    return 100 * hits // len(right)
