"""The definitions of the packet are confirmed while a review is prepared: whoever runs it has read what each
section counts. What is not confirmed, or was defined anew since, is said; it holds nothing up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import Event
from prm import references
from reviews.meetings import steps
from reviews.meetings.packet.sections import all_sections
from reviews.models import Review
from reviews.models.reviews import AHEAD
from team.models import User
from team.roles import permitted_or_403

KIND = "review_definitions"
TO_CONFIRM = (Review.State.PREPARING, Review.State.PRE_READ)


@transaction.atomic
def confirm(review: Review, by: User, at: datetime) -> Event:
    """The definitions as they stand now are the right ones for this review."""
    held = steps.locked(review, *TO_CONFIRM)
    versions = {section.key: section.version for section in all_sections()}
    if versions == held.definitions:
        raise steps.StepRefused(_("These definitions are confirmed already."))
    return _write(held, versions, by, at, KIND)


@transaction.atomic
def take_back(event: Event, by: User, at: datetime) -> Event:
    """Undo of `confirm`: nothing is confirmed."""
    review = Review.objects.select_related("partner__owner").get(pk=event.about_id or 0)
    permitted_or_403(by, "run review", review)
    return _write(steps.locked(review, *AHEAD), {}, by, at, "review_definitions_taken_back", undoes=event)


def _write(
    held: Review, versions: dict[str, int], by: User, at: datetime, kind: str, undoes: Event | None = None
) -> Event:
    who, when = (by, at) if versions else (None, None)
    said = {"definitions": versions, "definitions_by": who, "definitions_at": when}
    Review.objects.filter(pk=held.pk).update(**said)
    event = Event.record(kind, at, by, held.partner, references.to(held), note=str(held), undoes=undoes)
    assert event is not None  # only a keyed event can stand already
    return event
