"""For whom somebody stands in, as conditions on conversations or, with a prefix, on what hangs on them.

Both are asked in questions that are given `reader`, who stands in, and `today`.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from partners.models import Assignment
from prm.questions import day, key
from team.models import Leave


def beside() -> Q:
    """With partners that one looks after beside somebody else, or as their owner."""
    return Q(partner__in=Assignment.objects.current().filter(user=key("reader")).values("partner"))


def away(prefix: str = "") -> Q:
    """Whose answerer is away today: as the delegate, else as the further assignment."""
    today = day("today")
    leaves = Leave.objects.filter(starts_on__lte=today, ends_on__gte=today)
    alone = leaves.filter(delegate=None).exclude(user=key("reader"))
    return _with(leaves.filter(delegate=key("reader")), prefix) | (beside() & _with(alone, prefix))


def _with(leaves: QuerySet[Any, Any], prefix: str) -> Q:
    return Q(**{f"{prefix}responsible__in": leaves.values("user")})
