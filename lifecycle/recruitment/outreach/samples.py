"""Outreach of the sample company: with some prospects a first mail is due, others have answered."""

from __future__ import annotations

from datetime import timedelta

from conversations.filling import MARK
from lifecycle.recruitment.outreach import sequences, touches
from lifecycle.recruitment.outreach.models import Outreach, Sequence
from partners.models import Partner, Status, Step
from prm.samples import Sample

RUNNING, ANSWERED = 3, 2
NOTICED = "We saw what you build for logistics."


def make(sample: Sample) -> None:
    sequences.seed()
    sequence = Sequence.objects.get(name=sequences.STARTER)
    prospects = [
        partner
        for partner in sample.made["partners"]
        if partner.status == Status.PROSPECT and partner.owner and partner.step == Step.CONTACTED
    ]
    for partner in prospects[:RUNNING]:
        _begun(partner, sequence, sample, ago=timedelta(minutes=5))
    for partner in prospects[RUNNING : RUNNING + ANSWERED]:
        outreach = _begun(partner, sequence, sample, ago=timedelta(days=6))
        touches.stop(outreach, "They answered.", touches.SYSTEM, sample.at, answered=True)


def _begun(partner: Partner, sequence: Sequence, sample: Sample, ago: timedelta) -> Outreach:
    assert partner.owner is not None  # only prospects somebody looks after are written to
    by, at = partner.owner, sample.at - ago
    outreach = touches.begin(partner, sequence, partner.contacts.first(), by=by, at=at)
    first = outreach.touches.get(position=0)
    touches.edit(first, first.subject, MARK.sub(NOTICED, first.text), by=by, at=at)
    touches.approve(outreach, by=by, at=at)
    return outreach
