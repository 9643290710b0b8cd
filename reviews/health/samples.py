"""Health of the sample company: a reading now and then over a year, then yesterday's and today's."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from partners.models import Event
from partners.organisations import local_day
from prm.samples import Sample
from reviews.health import formulas, snapshots, telling
from reviews.health.models import HealthRun, Snapshot
from team.companies import zone_of

DAY = timedelta(days=1)
WEEKS = (52, 44, 36, 30, 26, 22, 18, 14, 10, 8, 6, 4, 3, 2, 1)
SMALL = 500  # partners; of more only the last two days are read


def make(sample: Sample) -> None:
    ago = [*(7 * weeks for weeks in WEEKS), 1, 0] if sample.partners <= SMALL else [1, 0]
    formula = formulas.current(sample.at - ago[0] * DAY)
    for days in ago:
        at = sample.at - days * DAY
        run = HealthRun.objects.create(day=local_day(at, zone_of()), formula=formula, at=at)
        while snapshots.step(run):
            pass
    _only_of_live_ones()


def _only_of_live_ones() -> None:
    """Nothing is read of a partner before it signed."""
    Snapshot.objects.filter(day__lt=F("partner__signed_on")).delete()
    Event.objects.filter(kind=telling.CHANGED, at__lt=F("partner__signed_on")).delete()
