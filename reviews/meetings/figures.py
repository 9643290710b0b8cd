"""Reviews held in their window: within 14 days of their day by the cadence.

What the partner moved is left out and shown apart, for it says nothing of us.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy

from prm.figures import Figure
from reviews.models import Review
from reviews.models.reviews import ReviewQuerySet
from team.models import User

COUNTED = Q(held_on__isnull=False, their_moves=0)


@dataclass(frozen=True)
class Asked:
    """Which reviews: held after one day and up to another, as somebody may see them."""

    after: date
    until: date
    user: User


def _held(asked: Asked) -> ReviewQuerySet:
    rows = Review.objects.visible_to(asked.user)
    return rows.filter(COUNTED, held_on__gt=asked.after, held_on__lte=asked.until)


IN_WINDOW: Figure[Asked] = Figure(
    "in_window",
    gettext_lazy("Reviews in window"),
    gettext_lazy(
        "Held within 14 days of their day by the cadence, of those held that the partner did not move."
    ),
    _held,
    Q(in_window=True),
)
