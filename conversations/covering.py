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
    return delegated(prefix) | left(prefix)


def delegated(prefix: str = "") -> Q:
    """Whose answerer is away today and named one as the delegate."""
    return _with(_leaves().filter(delegate=key("reader")), prefix)


def left(prefix: str = "") -> Q:
    """Whose answerer is away today and named no delegate, with partners that one looks after, too."""
    return beside() & _with(_leaves().filter(delegate=None).exclude(user=key("reader")), prefix)


def _leaves() -> QuerySet[Leave]:
    return Leave.objects.filter(starts_on__lte=day("today"), ends_on__gte=day("today"))


def _with(leaves: QuerySet[Any, Any], prefix: str) -> Q:
    return Q(**{f"{prefix}responsible__in": leaves.values("user")})
