"""What becomes of reviews when partners are merged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from partners import repointing
from reviews import scheduling
from reviews.meetings import calls
from reviews.models import Review


def review_ways(row: Review, at: datetime) -> list[repointing.Way]:
    """A review ahead is cancelled where the partner it is merged into has its own."""
    return [_cancelled()] if row.is_ahead else []


def review_besides(row: Review, to: int, at: datetime) -> list[repointing.Beside]:
    """Who was asked to it reads that it is off, and what was to be talked about goes to the one that stands.
    Where the other has had one of the same day, it is cancelled where it is."""
    if not row.is_ahead:
        return []
    dropped = Review.objects.get(pk=row.pk)
    done = [repointing.beside(dropped, _cancelled())] if dropped.is_ahead else []
    dropped.refresh_from_db()
    calls.called_off(dropped, at)
    scheduling.ensure_upcoming(at, [to])
    standing = Review.objects.ahead().filter(partner=to).first()
    topics = dropped.topics.all() if standing is not None else ()
    return done + [repointing.beside(topic, {"review_id": standing.pk}) for topic in topics if standing]


def _cancelled() -> dict[str, Any]:
    return {
        "state": Review.State.CANCELLED,
        "cancelled_by": Review.Side.OURS,
        "cancelled_reason": _("Two records of one partner were merged; the other review stands."),
        "due_on": None,
        "next_check_at": None,
    }
