"""For whom somebody stands in, as conditions on conversations or waits.

Both are asked in questions that are given `reader`, who stands in, and `today`.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from partners.models import Assignment
from prm.questions import day, key
from team.models import Leave


def beside() -> Q:
    """With partners that one looks after beside somebody else, or as their owner."""
    return Q(partner__in=Assignment.objects.current().filter(user=key("reader")).values("partner"))


def away() -> Q:
    """Whose answerer is away today: as the delegate, else as the further assignment."""
    return delegated() | left()


def delegated() -> Q:
    """Whose answerer is away today and named one as the delegate."""
    return _with(_leaves().filter(delegate=key("reader")))


def left() -> Q:
    """Whose answerer is away today and named no delegate, with partners that one looks after, too."""
    return beside() & _with(_leaves().filter(delegate=None).exclude(user=key("reader")))


def _leaves() -> QuerySet[Leave]:
    return Leave.objects.filter(starts_on__lte=day("today"), ends_on__gte=day("today"))


def _with(leaves: QuerySet[Leave]) -> Q:
    return Q(responsible__in=leaves.values("user"))
