"""Plans: a partner's copy of a template, moved with its start, stopped with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lifecycle import tasks
from lifecycle.models import Integration, Plan, PlanTemplate, Task, TemplateTask
from lifecycle.onboarding import approval, offsets, owners, templates
from lifecycle.onboarding.owners import Cast
from partners.models import Event, Partner, Status
from prm import references
from prm.calendars import WorkCalendar
from prm.questions import Question, key
from prm.refusals import Refused
from prm.stats import FEW
from team import companies
from team.models import User

MEASURED = 200  # of the plans of a template, the newest
RUN = frozenset({Status.PROSPECT, Status.LIVE})


class PlanRefused(Refused):
    """The plan cannot be made, moved or stopped so."""


@transaction.atomic
def make(
    partner: Partner,
    template: PlanTemplate,
    starts_on: date,
    by: User,
    at: datetime,
    owner: User | None = None,
) -> Plan:
    """Copy what is published of a template for a partner; due days are working days of ours after the
    start, and each task falls to whoever has its role with the partner, else to `owner`, unless given the
    partner's."""
    version = templates.published(template)
    if version is None or template.retired_at is not None:
        raise PlanRefused(_("Template: this one is not offered. Choose another."))
    held = Partner.objects.select_for_update(of=("self",)).select_related("owner").get(pk=partner.pk)
    if held.status not in RUN:
        word = str(held.get_status_display()).lower()
        raise PlanRefused(_("{partner} is {word}. Take it up again first.").format(partner=held, word=word))
    if Plan.objects.running().filter(partner=held, template=template).exists():
        raise PlanRefused(_("{partner} has this plan already.").format(partner=held))
    plan = Plan.objects.create(
        partner=held, template=template, version=version, starts_on=starts_on, made_by=by, made_at=at
    )
    made = copy(plan, version.tasks.all(), at, owner)
    for task in made:
        if task.owner != (owner or held.owner):
            tasks.tell(task, by, at)
    note = _("{template}, {n} tasks from {day}").format(
        template=template, n=len(made), day=f"{starts_on:%-d %B %Y}"
    )
    record("plan_made", plan, by, at, note)
    return plan


@transaction.atomic
def make_own(
    partner: Partner,
    name: str,
    starts_on: date,
    by: User,
    at: datetime,
    aim: str = "",
    look_again_on: date | None = None,
    is_shared: bool = True,
) -> Plan:
    """A plan of its own, without a template; its tasks are added one by one. `aim` is what good looks like,
    which is looked at again on a day."""
    plan = Plan.objects.create(
        partner=partner,
        name=name[:100],
        starts_on=starts_on,
        aim=aim,
        look_again_on=look_again_on,
        is_shared=is_shared,
        made_by=by,
        made_at=at,
    )
    record("plan_made", plan, by, at, _("{plan}, from {day}").format(plan=name, day=f"{starts_on:%-d %B %Y}"))
    return plan


def copy(plan: Plan, steps: Iterable[TemplateTask], at: datetime, owner: User | None = None) -> list[Task]:
    """Tasks of the plan for these of its template, and what they wait for among all of the plan's."""
    calendar, steps = companies.working_days(), list(steps)
    cast = owners.around(plan.partner, owner or owner_of(plan))
    made = Task.objects.bulk_create([_task(plan, step, calendar, cast, at) for step in steps])
    chain(plan, steps)
    return made


def _task(plan: Plan, step: TemplateTask, calendar: WorkCalendar, cast: Cast, at: datetime) -> Task:
    owner, contact = cast.of(step, step.role)
    return Task(
        partner=plan.partner,
        plan=plan,
        key=step.key,
        text=step.text,
        side=step.side,
        owner=owner,
        contact=contact,
        offset_days=step.offset_days,
        due_on=offsets.day_after(calendar, plan.starts_on, step.offset_days),
        is_required=step.is_required,
        needs_approval=step.needs_approval,
        evidence=step.evidence,
        created_at=at,
        next_check_at=at,
    )


def owner_of(plan: Plan) -> User | None:
    """Whose the tasks of ours are: the technical contact's of its integration, else the partner owner's."""
    found = Integration.objects.standing().filter(plan=plan, our_contact__is_active=True)
    integration = found.select_related("our_contact").first()
    return integration.our_contact if integration is not None else plan.partner.owner


def chain(plan: Plan, steps: Sequence[TemplateTask]) -> None:
    """Let the tasks of the plan wait for each other as these of the template do."""
    ids = {str(key): pk for key, pk in plan.tasks.exclude(key=None).values_list("key", "pk")}
    through = Task.waits_for.through
    mine = [ids[str(step.key)] for step in steps if str(step.key) in ids]
    through.objects.filter(from_task__in=mine).delete()
    through.objects.bulk_create(
        through(from_task_id=ids[str(step.key)], to_task_id=ids[first])
        for step in steps
        for first in step.waits_for
        if str(step.key) in ids and first in ids
    )


@transaction.atomic
def move(plan: Plan, to: date, by: User, at: datetime) -> int:
    """Begin the plan on another day: what is open moves with it, what is done stays; how many moved."""
    held = running(plan)
    if held.starts_on == to:
        raise PlanRefused(_("Start: it begins on this day already."))
    calendar, moved = companies.working_days(), list(held.tasks.open().exclude(offset_days=None))
    for task in moved:
        task.due_on = offsets.day_after(calendar, to, task.offset_days or 0)
        task.next_check_at = at
    Task.objects.bulk_update(moved, ["due_on", "next_check_at"])
    Plan.objects.filter(pk=held.pk).update(starts_on=to)
    note = _("{template} from {before} to {after}, and {n} tasks with it").format(
        template=held.title,
        before=f"{held.starts_on:%-d %B %Y}",
        after=f"{to:%-d %B %Y}",
        n=len(moved),
    )
    record("plan_moved", held, by, at, note)
    plan.starts_on = to
    return len(moved)


@transaction.atomic
def stop(plan: Plan, reason: str, by: User, at: datetime) -> int:
    """End the plan: what is open is left out with the reason; how many those are."""
    reason = reason.strip()[:300]
    if not reason:
        raise PlanRefused(_("Reason: say why the plan ends."))
    held = running(plan)
    if Integration.objects.standing().filter(plan=held).exists():
        raise PlanRefused(_("It is the checklist of an integration: stop that, and it stops with it."))
    approval.drop(held.tasks.open(), reason, by, at)
    left = held.tasks.open().update(skipped_at=at, skipped_reason=reason, next_check_at=None)
    Plan.objects.filter(pk=held.pk).update(finished_at=at, stopped_reason=reason)
    record("plan_stopped", held, by, at, f"{held.title}: {reason}")
    plan.finished_at, plan.stopped_reason = at, reason
    return left


@dataclass(frozen=True)
class Usual:
    """How many days a plan of a template takes: the median, over `n` that are finished."""

    days: float | None
    n: int

    @property
    def is_of_few(self) -> bool:
        return self.n < FEW


def _finished() -> QuerySet[Any, Any]:
    rows = Plan.objects.filter(template=key("template"), finished_at__isnull=False, stopped_reason="")
    return rows.order_by("-finished_at").values_list("starts_on", "finished_at")[:MEASURED]


FINISHED = Question(_finished)


def usual(template: PlanTemplate | None) -> Usual:
    """Measured over the newest finished plans; those that were stopped say nothing, nor is there anything
    usual without a template."""
    if template is None:
        return Usual(None, 0)
    spans = FINISHED.ask(template=template.pk)
    days = [max(0, (finished.date() - starts).days) for starts, finished in spans if finished]
    return Usual(median(days) if days else None, len(days))


def running(plan: Plan) -> Plan:
    """The plan as it stands, held until this transaction ends; refused once it has ended."""
    held = (
        Plan.objects.select_for_update(of=("self",))
        .select_related("partner__owner", "template", "version")
        .get(pk=plan.pk)
    )
    if not held.is_running:
        raise PlanRefused(_("This plan has ended."))
    return held


def record(
    kind: str, plan: Plan, by: User, at: datetime, note: str, which: dict[str, list[str]] | None = None
) -> None:
    """Write what was done to a plan into the history."""
    Event.record(kind, at, by, plan.partner, references.to(plan), changes=which, note=note)
