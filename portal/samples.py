"""Passes and digests of the sample company: for the people of Maya's first partners that are live."""

from __future__ import annotations

from datetime import timedelta

from partners.models import Contact, Status
from portal import digests, passes
from prm.samples import Sample

PARTNERS = 3


def make(sample: Sample) -> None:
    maya = sample.made["users"]["maya"]
    at = sample.at - timedelta(days=5)
    there = Contact.objects.current().filter(is_primary=True, partner__owner=maya).exclude(email="")
    live = there.filter(partner__status=Status.LIVE, partner__merged_into=None).select_related("partner")
    for contact in live.order_by("partner")[:PARTNERS]:
        digests.switch_on(contact.partner, by=maya, at=at)
        passes.give(contact, 365, by=maya, at=at)
