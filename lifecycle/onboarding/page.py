"""What the page of a plan shows: its tasks in order, where it should be today, how long it usually takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
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


def shared(rows: Sequence[Plan], today: date) -> dict[int, list[Line]]:
    """The lines of each of these plans, by its id; three queries."""
    found = Task.objects.filter(plan__in=rows).select_related("owner", "contact").prefetch_related("files")
    tasks = list(found.order_by("due_on", "pk"))
    lines: dict[int, list[Line]] = {plan.pk: [] for plan in rows}
    for line in _lines(tasks, waits_for(tasks), today):
        lines[line.task.plan_id or 0].append(line)
    return lines


def of(plan: Plan, today: date) -> PlanPage:
    """The page of a plan; four queries."""
    rows = plan.tasks.select_related("owner", "contact", "done_by", "done_by_contact").prefetch_related(
        "files"
    )
    tasks = list(rows.order_by("due_on", "pk"))
    before = waits_for(tasks)
    picture = timeline.drawn(plan, tasks, before, today)
    return PlanPage(plan, _lines(tasks, before, today), picture, plans.usual(plan.template), today)


def _lines(tasks: Sequence[Task], before: Mapping[int, Sequence[int]], today: date) -> list[Line]:
    by_pk = {task.pk: task for task in tasks}
    return [
        Line(
            task,
            [by_pk[pk] for pk in before.get(task.pk, ()) if pk in by_pk and by_pk[pk].is_open],
            task.is_open and task.due_on is not None and task.due_on < today,
        )
        for task in tasks
    ]


def waits_for(tasks: Sequence[Task]) -> dict[int, list[int]]:
    """The ids of the tasks that each of these waits for."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Task.waits_for.through.objects.filter(from_task__in=[task.pk for task in tasks])
    for task, first in rows.values_list("from_task", "to_task").order_by("to_task"):
        found[task].append(first)
    return found
