"""What stands in the minutes, and whether it stands in what was sent."""

from __future__ import annotations

from reviews.models import Minutes, Review


def promises(review: Review) -> list[str]:
    """Who promised what by when in it, in words."""
    rows = review.actions.filter(commitment__isnull=False).select_related("owner", "contact")
    return [f"{each.text} ({each.owner or each.contact}, {each.due_on:%-d %B %Y})" for each in rows]


def is_behind(review: Review, version: Minutes | None) -> bool:
    """Whether words or promises of the minutes do not stand in the version that was sent."""
    if version is None:
        return False
    return version.text != review.minutes.strip() or version.promises != promises(review)
