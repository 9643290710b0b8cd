"""Referrals of the sample company: one waits for answers, one was taken."""

from __future__ import annotations

from datetime import timedelta

from lifecycle.growth.models import Customer
from lifecycle.growth.referrals import meeting, passing
from lifecycle.growth.referrals.models import Referral
from lifecycle.growth.referrals.passing import Opportunity
from partners.models import Stage
from partners.organisations import local_day
from prm.samples import Sample
from team.companies import zone_of

WORDS = "They asked us for a partner nearby: 40 people, two sites, a start in spring."


def make(sample: Sample) -> None:
    live = [one for one in sample.made["partners"] if one.stage == Stage.GROWTH and one.owner]
    known = list(Customer.objects.order_by("pk")[:2])
    if len(live) < 3 or len(known) < 2:
        return
    by, at = live[0].owner, sample.at - timedelta(hours=20)
    rule = Referral.Rule.TURN
    passing.pass_on(Opportunity("Two sites", known[0], WORDS, 1_800_000), live[:2], rule, 3, by=by, at=at)
    taken = passing.pass_on(
        Opportunity("First roll-out", known[1], WORDS, 900_000), live[2:3], rule, 3, by, at
    )
    passing.accept(taken.offers.select_related("referral").get(), by=by, at=at + timedelta(hours=2))
    meeting.met(taken, local_day(sample.at, zone_of(by)), by=by, at=sample.at)
