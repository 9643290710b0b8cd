"""The steps of a review as a line: what was done, what is next, and by which day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reviews.models import Review

State = Review.State
ORDER = (
    State.PLANNED,
    State.PREPARING,
    State.PRE_READ,
    State.HELD,
    State.MINUTES,
    State.SIGNED,
    State.CLOSED,
)


@dataclass(frozen=True)
class Step:
    """One step: `state` is "done", "now", "next" or ""."""

    name: str
    on: date | None
    state: str
    is_late: bool


def of(review: Review, today: date) -> list[Step]:
    """All steps but the planning; none where it was cancelled."""
    if review.state == State.CANCELLED:
        return []
    days = {
        State.PREPARING: review.prepare_on,
        State.PRE_READ: review.pre_read_on,
        State.HELD: review.held_on or review.on,
        State.MINUTES: review.minutes_by,
        State.SIGNED: review.sign_by,
    }
    here = ORDER.index(State(review.state))
    return [
        Step(str(step.label), days.get(step), _state(n, here), _late(n, here, days.get(step), today))
        for n, step in enumerate(ORDER)
        if n
    ]


def _state(n: int, here: int) -> str:
    return "now" if n == here else "done" if n < here else "next" if n == here + 1 else ""


def _late(n: int, here: int, on: date | None, today: date) -> bool:
    return n == here + 1 and on is not None and on < today
