"""Meetings of the sample company: some over and to be logged, some ahead."""

from __future__ import annotations

from datetime import timedelta

from conversations.models import Meeting
from partners.models import Partner
from prm.samples import Sample
from team.models import User

TITLES = ["Quarterly talk", "Pipeline review", "Demo for their sales team", "Renewal terms"]
EVERY = 7  # one partner in so many has a meeting


def make(sample: Sample) -> None:
    rng = sample.random("meetings")
    contacts = sample.made["contacts"]
    for partner in sample.made["partners"][::EVERY]:
        if partner.owner is not None and contacts.get(partner.pk):
            starts = timedelta(days=rng.choice([-2, -1, 1, 2, 9, 16]), hours=rng.randint(-3, 3))
            meeting = _meeting(sample, partner, partner.owner, starts, rng.choice(TITLES))
            meeting.contacts.add(contacts[partner.pk][0])


def _meeting(sample: Sample, partner: Partner, person: User, starts: timedelta, title: str) -> Meeting:
    begins = (sample.at + starts).replace(minute=0, second=0, microsecond=0)
    return Meeting.objects.create(
        person=person,
        partner=partner,
        title=title,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=45),
        uid=f"sample-{partner.pk}",
        created_at=sample.at - timedelta(days=12),
    )
