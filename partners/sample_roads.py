"""The ways partners of the sample company have come: where they stand, their visits and their history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from partners.models import Event, Partner, Stage, Status, Step, Visit
from prm.samples import Sample

# of every sixty partners, how many stand where
PLACES: list[tuple[str, str, str, int]] = [
    (Status.PROSPECT, Stage.RECRUITMENT, Step.IDENTIFIED, 8),
    (Status.PROSPECT, Stage.RECRUITMENT, Step.CONTACTED, 7),
    (Status.PROSPECT, Stage.RECRUITMENT, Step.QUALIFIED, 5),
    (Status.PROSPECT, Stage.RECRUITMENT, Step.NEGOTIATING, 5),
    (Status.PROSPECT, Stage.RECRUITMENT, Step.SIGNED, 3),
    (Status.LIVE, Stage.ONBOARDING, "", 8),
    (Status.LIVE, Stage.GROWTH, "", 16),
    (Status.LIVE, Stage.EVALUATION, "", 3),
    (Status.PARKED, Stage.RECRUITMENT, Step.CONTACTED, 2),
    (Status.DECLINED, Stage.RECRUITMENT, Step.QUALIFIED, 2),
    (Status.ENDED, Stage.ENDED, "", 1),
]


@dataclass(frozen=True)
class Road:
    """A partner's way so far: when it came, was signed, and entered and left each stage."""

    born_at: datetime
    signed_at: datetime | None
    visits: list[tuple[str, datetime, datetime | None]]


def places(wanted: int, rng: Random) -> list[tuple[str, str, str]]:
    """Status, stage and step of so many partners, in no order."""
    sixty = [(status, stage, step) for status, stage, step, share in PLACES for _ in range(share)]
    drawn = [sixty[n % len(sixty)] for n in range(wanted)]
    rng.shuffle(drawn)
    return drawn


def road(status: str, stage: str, at: datetime, rng: Random) -> Road:
    """A way that ends where the partner stands."""
    back = timedelta(days=rng.uniform(3, 70) if stage == Stage.RECRUITMENT else rng.uniform(90, 690))
    if stage == Stage.ONBOARDING:
        back = timedelta(days=rng.uniform(30, 95))
    born = at - back
    if stage == Stage.RECRUITMENT:
        left = born + back * rng.uniform(0.4, 0.9) if status == Status.DECLINED else None
        return Road(born, None, [(Stage.RECRUITMENT, born, left)])
    signed = born + timedelta(days=rng.uniform(14, 28))
    visits: list[tuple[str, datetime, datetime | None]] = [(Stage.RECRUITMENT, born, signed)]
    if stage == Stage.ONBOARDING:
        return Road(born, signed, [*visits, (Stage.ONBOARDING, signed, None)])
    grown = signed + timedelta(days=rng.uniform(14, 50))
    visits.append((Stage.ONBOARDING, signed, grown))
    if stage == Stage.GROWTH:
        return Road(born, signed, [*visits, (Stage.GROWTH, grown, None)])
    turn = at - timedelta(days=rng.uniform(2, 12))
    visits.append((Stage.GROWTH, grown, turn))
    if stage == Stage.EVALUATION:
        visits.append((Stage.EVALUATION, turn, None))
    return Road(born, signed, visits)


def visits(partner: Partner, way: Road) -> list[Visit]:
    """Its stays, the last one open unless it went."""
    return [
        Visit(partner=partner, stage=stage, entered_at=entered, left_at=left)
        for stage, entered, left in way.visits
    ]


def events(partner: Partner, road: Road, sample: Sample) -> list[Event]:
    """How it came, moved and perhaps went, as its timeline has it."""
    by = partner.owner or sample.made["users"]["ingrid"]
    told = [Event(partner=partner, kind="partner_added", at=road.born_at, by_user=by)]
    for (left, _, _), (entered, at, _) in zip(road.visits, road.visits[1:], strict=False):
        place = [str(Stage(left).label), str(Stage(entered).label)]
        changes = {"stage": [left, entered], "place": place, "overridden": []}
        told.append(Event(partner=partner, kind="moved", at=at, by_user=by, changes=changes))
    if partner.status in {Status.DECLINED, Status.ENDED}:
        kind = "declined" if partner.status == Status.DECLINED else "ended"
        at = road.visits[-1][2] or sample.at
        told.append(Event(partner=partner, kind=kind, at=at, by_user=by, note=str(partner.end_reason)))
    return told
