"""The evidence of the sample company."""

from __future__ import annotations

from datetime import date, timedelta

from lifecycle.models import Evidence
from partners.models import Partner, Stage
from prm.samples import Sample

BATCH = 1000


def make(sample: Sample) -> None:
    evidence: list[Evidence] = []
    partners: list[Partner] = sample.made["partners"]
    for partner, road in zip(partners, sample.made["roads"], strict=True):
        stages = {stage: entered for stage, entered, _ in road.visits}
        if partner.signed_on:
            evidence.append(_fact(partner, Evidence.Kind.AGREEMENT_SIGNED, partner.signed_on, sample))
        if Stage.GROWTH in stages:
            held = (stages[Stage.ONBOARDING] + timedelta(days=5)).date()
            evidence.append(_fact(partner, Evidence.Kind.KICK_OFF_HELD, held, sample))
    Evidence.objects.bulk_create(evidence, BATCH)


def _fact(partner: Partner, kind: str, on: date, sample: Sample) -> Evidence:
    return Evidence(partner=partner, kind=kind, on=on, by=partner.owner, recorded_at=partner.created_at)
