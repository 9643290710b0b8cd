"""What becomes of reviews when partners are merged."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from partners import repointing
from reviews.models import Review


def review_ways(row: Review, at: datetime) -> list[repointing.Way]:
    """A review ahead is cancelled where the partner it is merged into has its own."""
    if not row.is_ahead:
        return []
    cancelled = {
        "state": Review.State.CANCELLED,
        "cancelled_by": Review.Side.OURS,
        "cancelled_reason": _("Merged with another partner."),
        "due_on": None,
        "next_check_at": None,
    }
    return [cancelled]
