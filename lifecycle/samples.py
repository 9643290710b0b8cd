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
            tasks += _tasks(partner, road.signed_at, is_over=Stage.GROWTH in stages, chance=rng.random())
    Evidence.objects.bulk_create(evidence, BATCH)
    Task.objects.bulk_create(tasks, BATCH)


def _fact(partner: Partner, kind: str, on: date, sample: Sample) -> Evidence:
    return Evidence(partner=partner, kind=kind, on=on, by=partner.owner, recorded_at=partner.created_at)


def _tasks(partner: Partner, signed_at: datetime, is_over: bool, chance: float) -> list[Task]:
    """The onboarding of one partner: all done when it is over, else the first ones."""
    rows = []
    for n, (text, required, offset) in enumerate(STEPS):
        due = signed_at + timedelta(days=offset)
        done = is_over or n < int(chance * len(STEPS))
        rows.append(
            Task(
                partner=partner,
                text=text,
                is_required=required,
                stage=Stage.ONBOARDING,
                owner=partner.owner,
                due_on=due.date(),
                done_at=due - timedelta(days=1) if done else None,
                done_by=partner.owner if done else None,
                created_at=signed_at,
            )
        )
    return rows
