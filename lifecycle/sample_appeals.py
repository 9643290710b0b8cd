"""Declined prospects of the sample company: the decisions with their reasons, and one that is contested."""

from __future__ import annotations

from datetime import timedelta

from conversations import appeals
from conversations.models import Decision
from lifecycle.transitions import DECLINED
from partners.models import Contact, Partner, Status
from prm.samples import Sample

WORDS = "We hired two certified consultants since we talked, and a customer of ours asks for your product."


def make(sample: Sample) -> None:
    declined = Partner.objects.filter(status=Status.DECLINED, owner__isnull=False).order_by("pk")
    made = [_decision(sample, partner) for partner in declined.select_related("owner", "end_reason")]
    Decision.objects.bulk_create(made)
    for decision in made[:1]:
        contact = Contact.objects.current().filter(partner=decision.partner).order_by("pk").first()
        if contact is not None:
            appeals.contest(decision, WORDS, contact, sample.at - timedelta(days=1, hours=2))


def _decision(sample: Sample, partner: Partner) -> Decision:
    assert partner.owner is not None  # they are chosen so
    at = sample.at - timedelta(days=9)
    return Decision(
        partner=partner,
        kind=DECLINED,
        answer=Decision.Answer.NO,
        reason=f"{partner.end_reason or 'Not now'}. Come back to us once you have a team for it.",
        appeal_until=at + timedelta(days=30),
        by=partner.owner,
        at=at,
    )
