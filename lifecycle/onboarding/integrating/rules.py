"""What stands before an integration goes live. Pure: the page and the verb ask the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lifecycle.models import Integration, Obstacle, Task


@dataclass(frozen=True)
class Condition:
    """A claim that must be true, and whether it is; `mark` is where on the page it is dealt with."""

    text: str
    met: bool
    mark: str = ""


def conditions(
    integration: Integration, tasks: Iterable[Task], obstacles: Iterable[Obstacle]
) -> list[Condition]:
    """Each named contact, each required task and each blocking obstacle, met or not."""
    return [
        Condition(_("A technical contact of ours is named"), not integration.misses_ours, "contacts"),
        Condition(_("A technical contact of theirs is named"), not integration.misses_theirs, "contacts"),
        *(
            Condition(_("“{task}” is done").format(task=task), not task.is_open, f"task-{task.pk}")
            for task in tasks
            if task.is_required
        ),
        *(
            Condition(
                _("“{obstacle}” is solved").format(obstacle=obstacle),
                not obstacle.is_open,
                f"obstacle-{obstacle.pk}",
            )
            for obstacle in obstacles
            if obstacle.is_blocking
        ),
    ]


def blockers(found: Iterable[Condition]) -> list[str]:
    """What is not true yet, in words; empty where it may go live."""
    return [condition.text for condition in found if not condition.met]
