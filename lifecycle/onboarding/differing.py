"""What a newer version of a template would change in a plan made from an older one. Pure.

What is done, left out or waits for our yes stays as it is; of the rest only what the template itself changed,
so that an owner or a day that was set by hand stays unless the template moved it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lifecycle.models import Task, TemplateTask

COMPARED = ("text", "side", "role", "offset_days", "is_required", "needs_approval", "evidence", "waits_for")


@dataclass(frozen=True)
class Change:
    """A task that the template changed: from what to what, by field."""

    task: Task
    to: TemplateTask
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Difference:
    """What would be added, changed and removed."""

    added: list[TemplateTask]
    changed: list[Change]
    removed: list[Task]

    @property
    def is_none(self) -> bool:
        return not (self.added or self.changed or self.removed)


def between(
    tasks: Sequence[Task], before: Sequence[TemplateTask], after: Sequence[TemplateTask]
) -> Difference:
    """What leads from the version `before`, from which these tasks were made, to the version `after`."""
    mine = {task.key: task for task in tasks if task.key is not None}
    was, now = {step.key: step for step in before}, {step.key: step for step in after}
    free = {key: task for key, task in mine.items() if task.is_open and task.handed_in_at is None}
    return Difference(
        added=[step for key, step in now.items() if key not in mine and key not in was],
        changed=list(_changed(free, was, now)),
        removed=[task for key, task in free.items() if key in was and key not in now],
    )


def _changed(
    free: dict[UUID, Task], was: dict[UUID, TemplateTask], now: dict[UUID, TemplateTask]
) -> list[Change]:
    changes = []
    for key in free.keys() & was.keys() & now.keys():
        fields = {
            name: (getattr(was[key], name), getattr(now[key], name))
            for name in COMPARED
            if getattr(was[key], name) != getattr(now[key], name)
        }
        if fields:
            changes.append(Change(free[key], now[key], fields))
    return sorted(changes, key=lambda change: (change.to.offset_days, change.task.pk))
