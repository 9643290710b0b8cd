"""What the page of a plan shows: its tasks in order, where it should be today, how long it usually takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lifecycle.models import Plan, Task
from lifecycle.onboarding import plans, timeline
from lifecycle.onboarding.plans import Usual
from lifecycle.onboarding.timeline import Timeline


@dataclass(frozen=True)
class Line:
    """A task with those it waits for that are open still."""

    task: Task
    after: list[Task]
    is_late: bool


@dataclass(frozen=True)
class PlanPage:
    """One plan on a day."""

    plan: Plan
    lines: list[Line]
    picture: Timeline | None
    usual: Usual
    today: date

    @property
    def tasks(self) -> list[Task]:
        return [line.task for line in self.lines]

    @property
    def closed(self) -> int:
        return sum(not task.is_open for task in self.tasks)

    @property
    def due_by_now(self) -> list[Task]:
        """What should be done by today."""
        return [task for task in self.tasks if task.due_on is not None and task.due_on < self.today]

    @property
    def done_of_due(self) -> int:
        return sum(not task.is_open for task in self.due_by_now)

    @property
    def is_behind(self) -> bool:
        return self.done_of_due < len(self.due_by_now)

    @property
    def day(self) -> int:
        """The day of the plan it is: 1 on its first."""
        return (self.today - self.plan.starts_on).days + 1


def of(plan: Plan, today: date) -> PlanPage:
    """The page of a plan; three queries."""
    tasks = list(plan.tasks.select_related("owner", "done_by", "done_by_contact").order_by("due_on", "pk"))
    before = waits_for(tasks)
    by_pk = {task.pk: task for task in tasks}
    lines = [
        Line(
            task,
            [by_pk[pk] for pk in before[task.pk] if pk in by_pk and by_pk[pk].is_open],
            task.is_open and task.due_on is not None and task.due_on < today,
        )
        for task in tasks
    ]
    picture = timeline.drawn(plan, tasks, before, today)
    return PlanPage(plan, lines, picture, plans.usual(plan.template), today)


def waits_for(tasks: Sequence[Task]) -> dict[int, list[int]]:
    """The ids of the tasks that each of these waits for."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Task.waits_for.through.objects.filter(from_task__in=[task.pk for task in tasks])
    for task, first in rows.values_list("from_task", "to_task").order_by("to_task"):
        found[task].append(first)
    return found
