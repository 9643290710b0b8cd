"""When a review is looked at: the day its next step is due, and the end of that day. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from conversations.commitments import end_of
from reviews.models import Review

State = Review.State
DUE, OVERDUE, AGAIN = "review_due", "review_overdue", "repair_due"
Moment = tuple[str, datetime]


def due_day(review: Review) -> date | None:
    """The day of its next step."""
    return {
        State.PLANNED: review.prepare_on,
        State.PREPARING: review.pre_read_on,
        State.PRE_READ: review.on,
        State.HELD: review.minutes_by,
        State.MINUTES: review.sign_by,
        State.SIGNED: review.sign_by,
    }.get(State(review.state))


def start_of(day: date, zone: str) -> datetime:
    """0:00 of a local day."""
    return datetime.combine(day, time.min, ZoneInfo(zone))


def of(review: Review, zone: str) -> Iterator[Moment]:
    """When its next step is due and when it is overdue, in the owner's zone; in time's order."""
    if review.due_on is not None:
        yield DUE, start_of(review.due_on, zone)
        if review.state != State.PLANNED:
            yield OVERDUE, end_of(review.due_on, zone)
    if review.look_again_on is not None and review.is_held:
        yield AGAIN, start_of(review.look_again_on, zone)


def next_look(review: Review, zone: str, after: datetime) -> datetime | None:
    """The first of its moments after one; a planned one is looked at on its day, however late."""
    if review.state == State.PLANNED:
        return start_of(review.prepare_on, zone)
    return min((moment for _kind, moment in of(review, zone) if moment > after), default=None)
