"""The plans of the sample company: whoever was signed has one; where onboarding is over, it is finished."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Subquery

from conversations import decisions
from conversations.models import Matter
from lifecycle.models import Evidence, KickOff, Plan, PlanTemplate, Side, Task, TemplateTask
from lifecycle.onboarding import approval, offsets, owners, starters, templates
from lifecycle.onboarding.owners import Cast
from partners.models import Contact, Event, Partner, Stage, Status
from prm import references
from prm.calendars import WorkCalendar
from prm.samples import Sample
from team import companies
from team.models import Role

BATCH = 1000
BESIDE = ("Send the price list", "Name the new buyer", "Plan the webinar", "Update the case study")
ROLES = ((Role.ENABLEMENT, "Set up the sandbox"), (Contact.Role.TECHNICAL, "Train two people"))
WORDS = ("The plan is on our share, targets on page 3.", "Ten names, with whom we talk there.")
AGENDA = "1. Who does what on both sides\n2. Targets of the first year\n3. Training and sandbox"
SENT_BACK = "Please add whom you talk with at each of them."


def make(sample: Sample) -> None:
    rng, calendar = sample.random("plans"), companies.working_days()
    starters.seed(sample.at)
    template = PlanTemplate.objects.get(name=starters.NAME)
    version = templates.published(template)
    assert version is not None  # it was just seeded
    for role, text in ROLES:
        version.tasks.filter(text=text).update(role=role)
    steps = list(version.tasks.all())
    plans = [
        _plan(partner, template, is_over=Stage.GROWTH in {stage for stage, _, _ in road.visits})
        for partner, road in zip(sample.made["partners"], sample.made["roads"], strict=True)
        if partner.signed_on and Stage.ONBOARDING in {stage for stage, _, _ in road.visits}
    ]
    rows: list[list[Task]] = []
    for plan in plans:
        plan.version = version
        _start(plan, sample.at, rng)
        rows.append(_tasks(plan, steps, calendar, sample.at, rng))
        if plan.finished_at:
            plan.finished_at = max(task.done_at for task in rows[-1] if task.done_at)
    Plan.objects.bulk_create(plans, BATCH)
    Task.objects.bulk_create([task for tasks in rows for task in tasks], BATCH)
    _chain(steps, rows)
    Event.objects.bulk_create([_told(plan, len(steps)) for plan in plans], BATCH)
    _hand_in(sample.at)
    _ask_to_kick_offs(sample.at)
    _others(sample, plans, rng)


def _others(sample: Sample, plans: list[Plan], rng: Random) -> None:
    """Tasks beside the plans, long done, where that many are asked for."""
    wanted = max(0, sample.tasks - Task.objects.count()) if plans else 0
    rows = [_done(rng.choice(plans), sample.at, rng) for _ in range(wanted)]
    Task.objects.bulk_create(rows, BATCH)


def _done(plan: Plan, at: datetime, rng: Random) -> Task:
    done_at = at - timedelta(days=rng.randint(2, 700))
    return Task(
        partner=plan.partner,
        text=rng.choice(BESIDE),
        owner=plan.partner.owner,
        stage=Stage.GROWTH,
        due_on=done_at.date(),
        done_at=done_at,
        done_by=plan.partner.owner,
        created_at=done_at - timedelta(days=9),
    )


def _plan(partner: Partner, template: PlanTemplate, is_over: bool) -> Plan:
    finished = partner.created_at if is_over else None  # set to the last task's end below
    return Plan(partner=partner, template=template, made_by=partner.owner, finished_at=finished)


def _start(plan: Plan, at: datetime, rng: Random) -> None:
    """On the day of signing; what still runs began in the last weeks."""
    signed_on = plan.partner.signed_on
    assert signed_on is not None  # only those who signed have one
    recent = at.date() - timedelta(days=rng.randint(4, 24))
    plan.starts_on = signed_on if plan.finished_at else max(signed_on, recent)
    plan.made_at = datetime.combine(plan.starts_on, time(9), ZoneInfo("UTC"))
    if plan.partner.status == Status.ENDED and not plan.finished_at:
        plan.finished_at, plan.stopped_reason = at, "The partnership has ended."


def _tasks(
    plan: Plan, steps: list[TemplateTask], calendar: WorkCalendar, at: datetime, rng: Random
) -> list[Task]:
    """Those of one plan; none is done before what it waits for."""
    tasks: dict[str, Task] = {}
    owner = plan.partner.owner
    cast = owners.around(plan.partner, owner) if plan.is_running else Cast(owner, {}, {})
    for step in steps:
        is_free = all(tasks[first].done_at for first in step.waits_for)
        tasks[str(step.key)] = _task(plan, step, calendar, cast, at, rng if is_free else None)
    return list(tasks.values())


def _task(
    plan: Plan, step: TemplateTask, calendar: WorkCalendar, cast: Cast, at: datetime, rng: Random | None
) -> Task:
    """Done where the plan is over, or its day has passed and chance wants it."""
    owner, due_on = plan.partner.owner, offsets.day_after(calendar, plan.starts_on, step.offset_days)
    over = datetime.combine(due_on, time(15), ZoneInfo("UTC"))
    done_at = over + timedelta(days=rng.randint(-1, 5) if rng else 0)
    is_past = rng is not None and over < at - timedelta(days=1) and rng.random() < 0.75
    is_done = (plan.finished_at is not None and not plan.stopped_reason) or (is_past and done_at < at)
    mine, theirs = cast.of(step, step.role)
    task = Task(
        partner=plan.partner,
        plan=plan,
        key=step.key,
        text=step.text,
        side=step.side,
        owner=mine,
        contact=theirs,
        offset_days=step.offset_days,
        due_on=due_on,
        is_required=step.is_required,
        needs_approval=step.needs_approval,
        evidence=step.evidence,
        created_at=plan.made_at,
    )
    if is_done:
        task.done_at, task.done_by = min(done_at, at), owner
    elif plan.stopped_reason:
        task.skipped_at, task.skipped_reason = at, plan.stopped_reason
    else:
        task.next_check_at = at
    return task


def _hand_in(at: datetime) -> None:
    """A task that waits for our yes, and one that was sent back."""
    rows = Task.objects.open().filter(plan__finished_at=None, side=Side.THEIRS, needs_approval=True)
    people = Contact.objects.current().filter(partner=OuterRef("partner")).order_by("pk")
    found = rows.annotate(person=Subquery(people.values("pk")[:1])).exclude(person=None)
    for n, task in enumerate(found.order_by("due_on", "pk")[:2]):
        person, moment = Contact.objects.get(pk=task.person), at - timedelta(hours=5 + n)
        approval.finish(task, WORDS[n], None, by=person, at=moment)
        matter = Matter.objects.latest("pk")
        if n and task.partner.owner:
            decisions.decide(matter, "no", SENT_BACK, by=task.partner.owner, at=at - timedelta(hours=1))


def _ask_to_kick_offs(at: datetime) -> None:
    """Of two plans the kick-off is planned; no mail leaves for it."""
    open_ones = Task.objects.open().filter(plan__finished_at=None, evidence=Evidence.Kind.KICK_OFF_HELD)
    people = Contact.objects.current().filter(partner=OuterRef("partner")).exclude(email="")
    found = open_ones.filter(Exists(people), owner__isnull=False).select_related("partner", "owner")
    for n, task in enumerate(found.order_by("due_on", "pk")[:2]):
        assert task.owner is not None  # asked for above
        starts_at = (at + timedelta(days=4 + n)).replace(hour=9, minute=0, second=0, microsecond=0)
        kick_off = KickOff.objects.create(
            partner=task.partner,
            title=f"Kick-off with {task.partner}",
            organiser=task.owner,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            place="Video call",
            agenda=AGENDA,
            uid=f"kick-off-{task.partner_id}@aldermoor.example",
            created_at=at - timedelta(days=1),
        )
        kick_off.contacts.set(Contact.objects.current().filter(partner=task.partner).exclude(email="")[:2])


def _told(plan: Plan, n: int) -> Event:
    note = f"{plan.template}, {n} tasks from {plan.starts_on:%-d %B %Y}"
    who = plan.made_by or "sample"
    return Event.drafted("plan_made", plan.made_at, who, plan.partner, references.to(plan), note=note)


def _chain(steps: list[TemplateTask], rows: list[list[Task]]) -> None:
    through = Task.waits_for.through
    place = {str(step.key): n for n, step in enumerate(steps)}
    through.objects.bulk_create(
        [
            through(from_task_id=task.pk, to_task_id=tasks[place[first]].pk)
            for tasks in rows
            for step, task in zip(steps, tasks, strict=True)
            for first in step.waits_for
        ],
        BATCH,
    )
