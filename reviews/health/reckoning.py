"""Health of many partners at once: as many questions for a thousand as for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import QuerySet

from partners.models import Partner
from partners.organisations import local_day
from reviews.health import counting, planned, scoring, standing
from reviews.health.measures import Asked, Measure
from reviews.health.scoring import Fact, Reading, Rules
from team.companies import zone_of

CHUNK = 1000
MEASURES: dict[str, Measure] = {
    each.key: each for each in (*counting.MEASURES, *planned.MEASURES, *standing.MEASURES)
}
STARTING = {each.key: each.weight for each in MEASURES.values()}


def measured() -> QuerySet[Partner]:
    """Whose health is read: live partners."""
    return Partner.objects.live().filter(merged_into=None)


def asked(partners: Sequence[int], rules: Rules, at: datetime) -> Asked:
    """What is asked of these partners, given in order."""
    zone = zone_of()
    return Asked(partners[0], partners[-1], at, local_day(at, zone), zone, rules)


def facts(about: Asked) -> dict[int, dict[str, Fact]]:
    """What is known of each partner, by measure; a question or two for each measure that weighs something."""
    found: dict[int, dict[str, Fact]] = {}
    for key, measure in MEASURES.items():
        if about.rules.weights.get(key, 0) > 0:
            for partner, fact in measure.count(about).items():
                found.setdefault(partner, {})[key] = fact
    return found


def readings(partners: Sequence[int], rules: Rules, at: datetime) -> dict[int, Reading]:
    """The health of these partners, given in order, as of a moment."""
    if not partners:
        return {}
    known = facts(asked(partners, rules, at))
    return {pk: scoring.read(known.get(pk, {}), rules) for pk in partners}


def chunks(after: int = 0) -> Iterator[list[int]]:
    """The ids of all that are measured, in order, some at a time."""
    while True:
        ids = list(measured().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK])
        if not ids:
            return
        yield ids
        after = ids[-1]
