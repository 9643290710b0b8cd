"""The minutes while they are being written, and who was there."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from partners.models import Contact
from reviews.meetings import steps
from reviews.meetings.actions import OPEN
from reviews.models import Review
from team.models import User


@transaction.atomic
def write(review: Review, words: str, came: Iterable[Contact], came_of_us: Iterable[User]) -> Review:
    """Keep what was typed so far. What was sent already stays as it was until it is sent anew."""
    held = steps.locked(review, *OPEN)
    held.minutes = words.replace("\0", "").replace("\r\n", "\n").strip()
    held.save(update_fields=["minutes"])
    held.came.set(came)
    held.came_of_us.set(came_of_us)
    return held
