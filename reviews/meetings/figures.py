"""Reviews held in their window: within 14 days of their day by the cadence, of those that were due.

Due are those held, and those that a colleague cancelled or nobody held until their window was over: they are
missed. What the partner moved or cancelled is left out, for it says nothing of us.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from partners.models import Event
from prm.figures import Figure
from reviews.models import Review, ReviewState
from reviews.models.reviews import AHEAD, WINDOW, ReviewQuerySet
from team.models import User

CANCELLED = "review_cancelled"


@dataclass(frozen=True)
class Asked:
    """Which reviews: due after one day and up to another, as somebody may see them."""

    after: date
    until: date
    user: User


def due(after: date, until: date) -> Q:
    """Reviews that were due after one day and up to another: a held one on its day, another on the day after
    its window."""
    held = Q(held_on__gt=after, held_on__lte=until)
    over = Q(held_on=None, slot_on__gte=after - WINDOW, slot_on__lt=until - WINDOW)
    return Q(their_moves=0) & (held | over & (Q(state__in=AHEAD) | _cancelled_by_us()))


def _cancelled_by_us() -> Q:
    """By a colleague: one that fell away because its partner ended or was merged was not ours to hold."""
    colleague = Event.objects.filter(
        kind=CANCELLED, about_kind="review", about_id=OuterRef("pk"), by_user__isnull=False
    )
    return Q(state=ReviewState.CANCELLED, cancelled_by=Review.Side.OURS) & Q(Exists(colleague))


def _due(asked: Asked) -> ReviewQuerySet:
    return Review.objects.visible_to(asked.user).filter(due(asked.after, asked.until))


IN_WINDOW: Figure[Asked] = Figure(
    "in_window",
    gettext_lazy("Reviews in window"),
    gettext_lazy(
        "Held within 14 days of their day by the cadence, of those that were due; those we cancelled, or did "
        "not hold until then, are missed. What the partner moved or cancelled is left out."
    ),
    _due,
    Q(in_window=True),
)
