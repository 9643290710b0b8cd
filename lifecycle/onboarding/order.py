"""What must come first: no task may, by way of others, wait for itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key")


def circle(waits_for: Mapping[Key, Sequence[Key]]) -> list[Key]:
    """Tasks of which each waits for the next and the last for the first; empty where there are none."""
    clear: set[Key] = set()
    for start in waits_for:
        if found := _from(start, waits_for, [], clear):
            return found
    return []


def _from(task: Key, waits_for: Mapping[Key, Sequence[Key]], path: list[Key], clear: set[Key]) -> list[Key]:
    if task in path:
        return path[path.index(task) :]
    if task in clear:
        return []
    for first in waits_for.get(task, ()):
        if found := _from(first, waits_for, [*path, task], clear):
            return found
    clear.add(task)
    return []
