"""The road of one partner, as its page shows it: stages, gate, evidence, tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.formats import date_format

from lifecycle import facts, gates, stalled
from lifecycle.evidence import may_read_file
from lifecycle.gates import Condition, Place
from lifecycle.models import Evidence, Plan, Task
from lifecycle.onboarding import first_events
from lifecycle.onboarding.first_events import Line
from lifecycle.transitions import ON_THE_ROAD
from partners.models import Partner, Stage, Status, Visit
from partners.organisations import local_day
from prm.questions import Asked, Question, key
from team.models import User
from team.roles import may

STAGES = (Stage.RECRUITMENT, Stage.ONBOARDING, Stage.GROWTH, Stage.EVALUATION)
DONE_SHOWN = 3
CLOSED = Q(done_at__isnull=False) | Q(skipped_at__isnull=False)
PLANNED_SHOWN = 6


@dataclass(frozen=True)
class Stop:
    """One stage in the bar: `state` is done, now or next; `share` how much of it is filled, of 100."""

    label: str
    state: str
    words: str
    share: int

    @property
    def is_now(self) -> bool:
        return self.state == "now"


@dataclass(frozen=True)
class PlanLine:
    """A plan of the partner, and how far it is."""

    name: str
    url: str
    words: str

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, plan: Any) -> PlanLine:
        return cls(plan.title, plan.get_absolute_url(), f"{plan.closed} of {plan.n}")


@dataclass(frozen=True)
class Road:
    """All that the fragment and the panel of tasks show."""

    partner: Partner
    stops: list[Stop]
    to: Place | None
    checklist: list[Condition]
    reachable: list[Place]
    evidence: list[Evidence]
    open_tasks: list[Task]
    closed_tasks: list[Task]  # the last few done or left out
    plans: list[PlanLine]  # the newest first
    may_move: bool
    may_override: bool
    override_to: Place | None
    first_event: Line | None
    mine_to_do: frozenset[int]
    late: frozenset[int]
    readable: frozenset[int]

    @property
    def may_record(self) -> bool:
        return self.may_move

    @property
    def may_plan(self) -> bool:
        return self.may_move

    @property
    def is_running(self) -> bool:
        return self.is_prospect or self.is_live

    @property
    def is_prospect(self) -> bool:
        return self.partner.status == Status.PROSPECT

    @property
    def is_live(self) -> bool:
        return self.partner.status == Status.LIVE

    @property
    def is_parked(self) -> bool:
        return self.partner.status == Status.PARKED

    @property
    def is_declined(self) -> bool:
        return self.partner.status == Status.DECLINED

    @property
    def may_be_declined(self) -> bool:
        return self.is_prospect or self.is_parked

    @property
    def idle_words(self) -> str:
        """Why it is not under way: "Parked until 1 July 2026", "Ended: Insolvent. They closed in May."."""
        if self.partner.parked_until:
            return f"Parked until {date_format(self.partner.parked_until, 'j F Y')}"
        said = ". ".join(str(word) for word in (self.partner.end_reason, self.partner.end_note) if word)
        return f"{self.partner.get_status_display()}: {said}" if said else self.partner.get_status_display()

    @property
    def here(self) -> Place:
        return gates.here(self.partner.stage, self.partner.step)

    @property
    def met(self) -> int:
        return sum(condition.met for condition in self.checklist)

    @property
    def is_open(self) -> bool:
        """Whether nothing stands before the next place."""
        return self.to is not None and self.met == len(self.checklist)

    @property
    def heading(self) -> str:
        """ "To Onboarding: 2 of 3 met" """
        if self.to is None:
            return ""
        if not self.checklist:
            return f"To {self.to.label}: nothing stands before it"
        return f"To {self.to.label}: {self.met} of {len(self.checklist)} met"

    @property
    def first_open_tasks(self) -> list[Task]:
        """What the panel shows of them; what belongs to no plan stands nowhere else, and is shown whole."""
        alone = [task for task in self.open_tasks if task.plan_id is None]
        planned = [task for task in self.open_tasks if task.plan_id is not None][:PLANNED_SHOWN]
        return sorted([*alone, *planned], key=lambda task: (task.due_on or date.max, task.pk))

    @property
    def more_tasks(self) -> int:
        return len(self.open_tasks) - len(self.first_open_tasks)


SAID = (
    *("partner", "stage", "text", "side", "due_on", "is_required"),
    *("handed_in_at", "sent_back", "done_at", "skipped_at", "skipped_reason"),
    *("owner__name", "owner__email", "contact__name"),
    *("plan__template__product",),
)
RECORDED = (
    *("partner", "kind", "on", "note", "file", "file_name", "withdrawn_at", "withdrawn_reason"),
    *("by__name", "by__email"),
)


def _open() -> QuerySet[Task]:
    rows = Task.objects.open().filter(partner=key("partner")).with_blocked().only(*SAID)
    return rows.select_related("owner", "contact", "plan__template").order_by("due_on", "pk")


def _closed() -> QuerySet[Any]:
    """Those closed last, of which little is said."""
    rows = Task.objects.filter(CLOSED, partner=key("partner"))
    rows = rows.only("partner", "text", "skipped_reason", "done_at", "skipped_at", "handed_in_at", "owner")
    return rows.order_by(Coalesce("done_at", "skipped_at").desc(), "-pk")[:DONE_SHOWN]


def _plans() -> QuerySet[Any]:
    """The plans, with how many tasks each has and how many of them are closed."""
    closed = Count("tasks", filter=Q(tasks__done_at__isnull=False) | Q(tasks__skipped_at__isnull=False))
    rows = Plan.objects.filter(partner=key("partner")).annotate(n=Count("tasks"), closed=closed)
    return rows.filter(n__gt=0).select_related("template").only("name", "template__name").order_by("-pk")


TASKS, DONE, PLANS = Question(_open), Question(_closed), Question(_plans)
EVIDENCE = Question(
    lambda: (
        Evidence.objects.filter(partner=key("partner"))
        .select_related("by")
        .only(*RECORDED)
        .order_by("-on", "-pk")
    )
)


def _visits() -> QuerySet[Any]:
    usual = stalled.usual_in(OuterRef("stage"))
    return Visit.objects.filter(partner=key("partner")).annotate(usual_days=usual)


VISITS = Question(_visits)


def asked(partner: Partner, at: datetime) -> list[Asked[Any]]:
    """What `road` asks."""
    visits = VISITS.of(partner=partner.pk, **stalled.measured_by(at))
    its = [question.of(partner=partner.pk) for question in (TASKS, DONE, PLANS, EVIDENCE)]
    return [*its, visits, *first_events.asked(partner)]


def road(partner: Partner, user: User, at: datetime, override_to: Place | None = None) -> dict[str, Any]:
    """The context of `lifecycle/road.html` and its panels: one key, `road`. `override_to` is a place
    whose gate this person, being allowed to, is about to override."""
    to = gates.following(partner.stage, partner.step) if partner.status in ON_THE_ROAD else None
    tasks, done = TASKS.ask(partner=partner.pk), DONE.ask(partner=partner.pk)
    evidence = EVIDENCE.ask(partner=partner.pk)
    for fact in evidence:
        fact.partner = partner
    may_move = may(user, "advance stage", partner)
    known = facts.among(partner, evidence, tasks)
    today = local_day(at, user.zone)
    visits = VISITS.ask(partner=partner.pk, **stalled.measured_by(at))
    return {
        "road": Road(
            partner=partner,
            stops=stops(partner, visits, _usual(visits, at), at),
            to=to,
            checklist=gates.conditions(known, to) if to else [],
            reachable=gates.reachable(partner.stage, partner.step) if to else [],
            evidence=evidence,
            open_tasks=tasks,
            closed_tasks=done[::-1],
            plans=[PlanLine.of(plan) for plan in PLANS.ask(partner=partner.pk)],
            may_move=may_move,
            may_override=may(user, "override gate", partner),
            override_to=_overridable(partner, known, override_to, user),
            first_event=first_events.line(partner, today),
            mine_to_do=frozenset(
                task.pk
                for task in (*tasks, *done)
                if task.handed_in_at is None and (may_move or task.owner_id == user.pk)
            ),
            late=frozenset(task.pk for task in tasks if task.due_on and task.due_on < today),
            readable=frozenset(fact.pk for fact in evidence if may_read_file(user, fact)),
        )
    }


def _overridable(partner: Partner, known: gates.Facts, to: Place | None, user: User) -> Place | None:
    """`to`, where its gate is shut and this person may override it."""
    missing = gates.unmet(known, to) if to else []
    of_the_gate = bool(missing) and all(condition.of_the_gate for condition in missing)
    return to if of_the_gate and may(user, "override gate", partner) else None


def _usual(visits: Sequence[Any], at: datetime) -> dict[str, float]:
    """The usual days in the stages of these visits: as measured within the last hours, else measured now."""
    known = {visit.stage: visit.usual_days for visit in visits}
    return stalled.measure(at) if None in known.values() else known


def stops(partner: Partner, visits: Sequence[Visit], usual: dict[str, float], at: datetime) -> list[Stop]:
    """The bar: the days in each stage, summed over its visits; the one it is in fills up to the usual."""
    lasted = dict.fromkeys(STAGES, timedelta(0))
    for visit in visits:
        lasted[Stage(visit.stage)] += (visit.left_at or at) - visit.entered_at
    seen = {visit.stage for visit in visits}
    unsure = {visit.stage for visit in visits if not visit.entry_is_known}
    return [
        _stop(partner, stage, lasted[stage].days, stage in seen, usual.get(stage, 0), stage in unsure)
        for stage in STAGES
    ]


def _stop(partner: Partner, stage: Stage, days: int, seen: bool, usual: float, unsure: bool) -> Stop:
    """`unsure`: it came in at this stage, and nobody knows since when; the days are the least there were."""
    label = str(stage.label)
    least = "over " if unsure else ""
    if stage == partner.stage:
        step = partner.get_step_display() if partner.step else "Now"
        words = f"{step} · since when is unknown" if unsure else f"{step} · day {days + 1}"
        return Stop(label, "now", words, max(4, min(96, round(100 * days / max(usual, 1)))))
    if seen:
        return Stop(label, "done", f"{least}{days} day{'' if days == 1 else 's'}", 100)
    return Stop(label, "next", "", 0)
