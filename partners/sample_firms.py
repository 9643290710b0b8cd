"""The firms of the sample company: what they are called, where they are, what they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from random import Random

from partners import lists, searching
from partners.models import EndReason, Partner, PartnerType, Stage, Status, Step, Tier
from partners.sample_roads import Road
from partners.sample_words import CERTIFICATIONS, CITIES, FIRST, SECOND
from prm.samples import Sample
from team.models import Region, User, Vertical

TYPES = {"Reseller": 24, "Distributor": 8, "System integrator": 18, "Technology": 6, "Referral": 4}
PER_MANAGER = 20
OWNERS = {"maya": 18, "dan": 20, "jonas": 18}  # of every sixty; the rest stand in Unassigned


@dataclass(frozen=True)
class Chosen:
    """What the firms are drawn from."""

    tiers: dict[str, list[Tier]]
    kinds: list[PartnerType]
    regions: list[Region]
    verticals: list[Vertical]
    reasons: list[EndReason]
    owners: list[User | None]


def chosen(sample: Sample) -> Chosen:
    lists.seed()
    tiers: dict[str, list[Tier]] = {}
    for tier in Tier.objects.select_related("programme__kind").order_by("rank"):
        tiers.setdefault(tier.programme.kind.name, []).append(tier)
    by_name = {kind.name: kind for kind in PartnerType.objects.all()}
    kinds = [by_name[name] for name, share in TYPES.items() for _ in range(share)]
    users: dict[str, User] = sample.made["users"]
    owners: list[User | None] = [users[short] for short, share in OWNERS.items() for _ in range(share)]
    return Chosen(
        tiers,
        kinds,
        list(Region.objects.all()),
        list(Vertical.objects.all()),
        list(EndReason.objects.all()),
        _spread(owners + [None] * (60 - len(owners)), sample),
    )


def _spread(sixty: list[User | None], sample: Sample) -> list[User | None]:
    """Who owns: in a large sample further managers, each after as many as those of the first sixty."""
    return [*sixty, *(manager for manager in sample.made["managers"] for _ in range(PER_MANAGER))]


def names(rng: Random) -> Iterator[str]:
    """Names without end, no two alike."""
    pairs = [f"{first} {second}" for first in FIRST for second in SECOND]
    rng.shuffle(pairs)
    for lap in count():
        for pair in pairs:
            yield pair if lap == 0 else f"{pair} {lap + 1}"


def partner(
    name: str, place: tuple[str, str, str], road: Road, chosen: Chosen, sample: Sample, rng: Random
) -> Partner:
    """The row of one firm that stands at `place` and came by `road`."""
    status, stage, step = place
    kind = rng.choice(chosen.kinds)
    region = rng.choice(chosen.regions)
    country, city, zone = rng.choice(CITIES[region.name])
    domain = name.lower().replace(" ", "-") + ".example"
    in_step = road.visits[-1][1]
    return Partner(
        name=name,
        website=f"https://www.{domain}/",
        domain=domain,
        country=country,
        city=city,
        zone=zone,
        region=region,
        employees=round(10 ** rng.uniform(0.8, 3.2)) if rng.random() < 0.9 else None,
        certifications=rng.sample(CERTIFICATIONS, rng.randint(0, 3)),
        kind=kind,
        tier=rng.choices(chosen.tiers[kind.name], [1, 2, 4])[0] if road.signed_at else None,
        owner=rng.choice(chosen.owners),
        status=status,
        stage=stage,
        step=step,
        stage_since=road.visits[-1][2] or in_step if stage == Stage.ENDED else in_step,
        step_since=in_step + (sample.at - in_step) * rng.uniform(0, 0.7) if step else in_step,
        signed_on=(road.signed_at or sample.at).date() if road.signed_at or step == Step.SIGNED else None,
        parked_until=sample.at.date() + timedelta(days=rng.randint(20, 90))
        if status == Status.PARKED
        else None,
        end_reason=rng.choice(chosen.reasons) if status in {Status.DECLINED, Status.ENDED} else None,
        agreement_ends_on=road.signed_at.date() + timedelta(days=730) if road.signed_at else None,
        search_key=searching.key([name], [domain]),
        created_at=road.born_at,
    )
