"""What was invested in partners of the sample company: a day of ours, money for a stand, an introduction."""

from __future__ import annotations

from datetime import timedelta

from lifecycle.growth.investing import investments
from lifecycle.growth.investing.investments import Spent
from lifecycle.growth.investing.models import Investment
from partners.models import Partner, Stage
from partners.organisations import local_day
from prm.samples import Sample
from team.companies import zone_of
from team.models import User

Kind = Investment.Kind


def make(sample: Sample) -> None:
    maya: User = sample.made["users"]["maya"]
    mine = Partner.objects.filter(owner=maya, stage=Stage.GROWTH, merged_into=None).order_by("pk")
    settled = mine.filter(stage_since__lt=sample.at - timedelta(days=70))  # those that are reviewed
    today = local_day(sample.at, zone_of(maya))
    for partner in settled[:3]:
        for days, told in (
            (60, Spent(Kind.HOURS, today, "Workshop with their pre-sales", minutes=360, is_shown=True)),
            (34, Spent(Kind.FUNDS, today, "A stand at their fair", None, 250_000, "EUR", is_shown=True)),
            (12, Spent(Kind.INTRODUCTION, today, "For the roll-out", to="Our integrator", is_shown=True)),
            (5, Spent(Kind.HOURS, today, "Their support case with our engineers", minutes=150)),
        ):
            at = sample.at - timedelta(days=days)
            spent = Spent(**{**vars(told), "on": today - timedelta(days=days)})
            investments.log(partner, spent, by=maya, at=at)
