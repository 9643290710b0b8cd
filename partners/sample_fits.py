"""The profiles of the sample company, and how its partners were rated."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from partners import fits, profiles
from partners.models import Criterion, Partner, PartnerType, Rating, Status, Step
from partners.starters import STARTERS
from prm.samples import Sample

BATCH = 1000
NOTES = [
    "",
    "",
    "From the first call.",
    "Two references said so.",
    "Seen in the demo.",
    "Ask again in spring.",
]
# what a person finds, of five, by where the partner stands
FOUND = {Status.LIVE: (3, 5), Status.ENDED: (1, 3), Status.DECLINED: (0, 2)}


def make(sample: Sample) -> None:
    _publish(sample)
    rng = sample.random("ratings")
    standards = fits.standards()
    ratings = []
    for partner in sample.made["partners"]:
        standard = standards.get(partner.kind_id) or standards[None]
        ratings += _rated(partner, standard, sample, rng)
    Rating.objects.bulk_create(ratings, BATCH)
    pks = [partner.pk for partner in sample.made["partners"]]
    for start in range(0, len(pks), fits.CHUNK):
        fits.refresh_many(pks[start : start + fits.CHUNK], sample.at)


def _publish(sample: Sample) -> None:
    """A profile for each type that has a starter, and the general one."""
    kinds: dict[str, PartnerType | None] = {kind.name.lower(): kind for kind in PartnerType.objects.all()}
    kinds["general"] = None
    at = sample.at - timedelta(days=200)
    for name in STARTERS:
        if name in kinds:
            admin = sample.made["users"]["ravi"]
            draft = profiles.start_draft(kinds[name], by=admin, at=at, starter=name)
            profiles.publish(draft, by=admin, at=at, why="What our best partners had in common.")


def _rated(partner: Partner, standard: fits.Standard, sample: Sample, rng: Random) -> list[Rating]:
    """What people answered about one partner: all when it went far, some or nothing before."""
    by = partner.owner or sample.made["users"]["jonas"]
    low, high = FOUND.get(Status(partner.status), (1, 5))
    answered = rng.choice([0.0, 0.5]) if partner.step in {Step.IDENTIFIED, Step.CONTACTED} else 0.95
    low = max(low, 3) if partner.signed_on and partner.status == Status.PROSPECT else low
    return [
        Rating(
            partner=partner,
            key=criterion.key,
            value=_answer(criterion, rng.randint(low, high)),
            note=rng.choice(NOTES),
            by=by,
            at=sample.at - timedelta(days=rng.uniform(1, 60)),
        )
        for criterion in standard.criteria
        if not criterion.source and rng.random() < answered
    ]


def _answer(criterion: Criterion, found: int) -> Any:
    """An answer as good as `found` of five."""
    if criterion.kind == Criterion.Kind.NUMBER:
        last = criterion.rule["curve"][-1][0]
        return round(last * found / 5)
    if criterion.kind == Criterion.Kind.CHOICE:
        options = criterion.rule["options"]
        return options[min(len(options) - 1, (5 - found) * len(options) // 6)][0]
    if criterion.kind == Criterion.Kind.YES_NO:
        return found > 0
    return criterion.rule["wanted"][:found] if criterion.kind == Criterion.Kind.OVERLAP else found
