"""The evidence and tasks of the sample company."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lifecycle.models import Evidence, Task
from partners.models import Partner, Stage
from prm.samples import Sample

BATCH = 1000
STEPS = [
    ("Hold the kick-off", True, 5),
    ("Train two engineers", True, 20),
    ("Set up the sandbox", True, 15),
    ("Agree the first joint account", False, 30),
]


def make(sample: Sample) -> None:
    rng = sample.random("lifecycle")
    evidence: list[Evidence] = []
    tasks: list[Task] = []
    partners: list[Partner] = sample.made["partners"]
    for partner, road in zip(partners, sample.made["roads"], strict=True):
        stages = {stage: entered for stage, entered, _ in road.visits}
        if partner.signed_on:
            evidence.append(_fact(partner, Evidence.Kind.AGREEMENT_SIGNED, partner.signed_on, sample))
        if Stage.GROWTH in stages:
            held = (stages[Stage.ONBOARDING] + timedelta(days=5)).date()
            evidence.append(_fact(partner, Evidence.Kind.KICK_OFF_HELD, held, sample))
        if Stage.ONBOARDING in stages and road.signed_at:
            done = len(STEPS) if Stage.GROWTH in stages else rng.randint(0, 2)
            tasks += _tasks(
                partner, road.signed_at, done, ahead=sample.at + timedelta(days=rng.randint(-3, 6))
            )
    Evidence.objects.bulk_create(evidence, BATCH)
    Task.objects.bulk_create(tasks, BATCH)


def _fact(partner: Partner, kind: str, on: date, sample: Sample) -> Evidence:
    return Evidence(partner=partner, kind=kind, on=on, by=partner.owner, recorded_at=partner.created_at)


def _tasks(partner: Partner, signed_at: datetime, done: int, ahead: datetime) -> list[Task]:
    """The onboarding of one partner: the first `done` steps behind it, the others due from `ahead` on."""
    rows = []
    for n, (text, required, offset) in enumerate(STEPS):
        is_done = n < done
        due = signed_at + timedelta(days=offset) if is_done else ahead + timedelta(days=5 * (n - done))
        rows.append(
            Task(
                partner=partner,
                text=text,
                is_required=required,
                stage=Stage.ONBOARDING,
                owner=partner.owner,
                due_on=due.date(),
                done_at=min(due, ahead - timedelta(days=6)) if is_done else None,
                done_by=partner.owner if is_done else None,
                created_at=signed_at,
            )
        )
    return rows
