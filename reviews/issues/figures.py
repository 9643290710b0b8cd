"""Issues solved in time, and how often each cause came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q

from conversations import waits
from conversations.models import Wait
from prm.figures import Figure
from reviews.issues.models import Cause, Issue, IssueQuerySet, Resolution
from team.models import User

RECURRING = 3  # of one cause in the time
DUE = [*waits.ENDED, Wait.State.OPEN, Wait.State.LATE]


@dataclass(frozen=True)
class Asked:
    """Which issues: from a moment up to another, as somebody may see them."""

    since: datetime
    until: datetime
    user: User


def came_due(asked: Asked) -> Q:
    """Issues whose promised time lies in the time; one opened again counts by its newest promise."""
    return Q(wait__due_at__gte=asked.since, wait__due_at__lt=asked.until, wait__state__in=DUE)


def fell_due(asked: Asked) -> IssueQuerySet:
    """Those of them that somebody may see."""
    return Issue.objects.visible_to(asked.user).filter(came_due(asked))


IN_TIME: Figure[Asked] = Figure(
    "issues_in_time",
    "Issues solved in time",
    "Solved by the time promised for their severity, of those whose time came. One that was opened again "
    "counts by its newest promise.",
    fell_due,
    Q(wait__state=Wait.State.MET),
)


@dataclass(frozen=True)
class Counted:
    """How often a cause came about, with how many partners, and how often it was not solved after all."""

    cause: Cause
    n: int
    partners: int
    again: int
    reopened: int
    url: str

    @property
    def is_recurring(self) -> bool:
        return self.n >= RECURRING


def causes(asked: Asked, days: int) -> list[Counted]:
    """Every cause of what was solved in the time, the most frequent first; three queries for all."""
    seen = Issue.objects.visible_to(asked.user)
    rows = Resolution.objects.filter(issue__in=seen, at__gte=asked.since, at__lt=asked.until).order_by()
    standing = Q(reopened_at=None)
    told = {
        row["cause"]: row
        for row in rows.values("cause").annotate(
            n=Count("pk", filter=standing),
            partners=Count("issue__partner", filter=standing, distinct=True),
            reopened=Count("pk", filter=~standing),
        )
    }
    pairs = rows.filter(standing).values("cause", "issue__partner").annotate(n=Count("pk")).filter(n__gt=1)
    again: dict[int, int] = {}
    for pair in pairs:
        again[pair["cause"]] = again.get(pair["cause"], 0) + 1
    named = Cause.objects.in_bulk(told)
    found = _counted(told, again, named, days)
    return sorted(found, key=lambda each: (-each.n, each.cause.position, each.cause.pk))


def _counted(
    told: Mapping[int, Mapping[str, Any]], again: dict[int, int], named: dict[int, Cause], days: int
) -> Iterator[Counted]:
    for pk, row in told.items():
        url = f"?{urlencode({'cause': pk, 'solved': days})}"
        yield Counted(named[pk], row["n"], row["partners"], again.get(pk, 0), row["reopened"], url)
