"""What the page of a plan shows: its tasks in order, where it should be today, how long it usually takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from lifecycle.models import Plan, Task, TaskFile
from lifecycle.onboarding import plans, timeline
from lifecycle.onboarding.plans import Usual
from lifecycle.onboarding.timeline import Timeline
from prm.questions import Asked, Question, key

SAID = (
    *("partner", "plan", "text", "side", "due_on", "is_required", "needs_approval", "evidence", "note"),
    *("handed_in_at", "sent_back", "done_at", "skipped_at", "skipped_reason"),
    *("owner__name", "owner__email", "contact__name", "contact__email"),
    *("done_by__name", "done_by__email", "done_by_contact__name", "done_by_contact__email"),
)


def _tasks() -> QuerySet[Task]:
    rows = Task.objects.filter(plan=key("plan")).only(*SAID).order_by("due_on", "pk")
    return rows.select_related("owner", "contact", "done_by", "done_by_contact")


def _files() -> QuerySet[TaskFile]:
    return TaskFile.objects.filter(task__plan=key("plan")).only("task", "name").order_by("pk")


def _first() -> QuerySet[Any, Any]:
    pairs = Task.waits_for.through.objects.filter(from_task__plan=key("plan"))
    return pairs.values_list("from_task", "to_task").order_by("to_task")


TASKS, FILES, FIRST = Question(_tasks), Question(_files), Question(_first)


@dataclass(frozen=True)
class Line:
    """A task with those it waits for that are open still, and its files."""

    task: Task
    after: list[Task]
    is_late: bool
    files: Sequence[TaskFile]


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
    files = {task.pk: list(task.files.all()) for task in tasks}
    for line in _lines(tasks, waits_for(tasks), files, today):
        lines[line.task.plan_id or 0].append(line)
    return lines


def asked(plan: Plan) -> list[Asked[Any]]:
    """What `of` asks."""
    its = [question.of(plan=plan.pk) for question in (TASKS, FILES, FIRST)]
    return [*its, *([plans.FINISHED.of(template=plan.template_id)] if plan.template_id else [])]


def of(plan: Plan, today: date) -> PlanPage:
    """The page of a plan."""
    tasks = TASKS.ask(plan=plan.pk)
    before, files = _grouped(FIRST.ask(plan=plan.pk)), defaultdict(list)
    for file in FILES.ask(plan=plan.pk):
        files[file.task_id].append(file)
    picture = timeline.drawn(plan, tasks, before, today)
    return PlanPage(plan, _lines(tasks, before, files, today), picture, plans.usual(plan.template), today)


def _lines(
    tasks: Sequence[Task],
    before: Mapping[int, Sequence[int]],
    files: Mapping[int, Sequence[TaskFile]],
    today: date,
) -> list[Line]:
    by_pk = {task.pk: task for task in tasks}
    return [
        Line(
            task,
            [by_pk[pk] for pk in before.get(task.pk, ()) if pk in by_pk and by_pk[pk].is_open],
            task.is_open and task.due_on is not None and task.due_on < today,
            files.get(task.pk, ()),
        )
        for task in tasks
    ]


def waits_for(tasks: Sequence[Task]) -> dict[int, list[int]]:
    """The ids of the tasks that each of these waits for."""
    rows = Task.waits_for.through.objects.filter(from_task__in=[task.pk for task in tasks])
    return _grouped(rows.values_list("from_task", "to_task").order_by("to_task"))


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for task, first in pairs:
        found[task].append(first)
    return found
