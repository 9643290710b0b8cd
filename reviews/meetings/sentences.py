"""How the events of reviews read, after the name of whoever did it, and the icon of each."""

from collections.abc import Callable
from datetime import date

from partners.models import Event

Words = Callable[[Event], str]


def moved(event: Event) -> str:
    days = [date.fromisoformat(event.changes[name]) for name in ("from", "to")]
    whose = "for the partner" if event.changes.get("side") == "theirs" else "for us"
    return f"moved the review from {days[0]:%-d %B} to {days[1]:%-d %B %Y} {whose}: {event.note}"


EVENTS: list[tuple[str, Words, str]] = [
    ("review_preparing", lambda event: "began to prepare the review", "calendar-stats"),
    ("review_invited", lambda event: "asked people to the review", "calendar-plus"),
    ("review_pre_read", lambda event: "sent the pre-read of the review", "send"),
    (
        "review_definitions_taken_back",
        lambda event: "took back that the definitions of the review are confirmed",
        "arrow-back-up",
    ),
    ("review_moved", moved, "calendar-due"),
    ("review_cancelled", lambda event: f"cancelled the review: {event.note}", "calendar-x"),
    ("review_held", lambda event: "held the review", "users"),
    ("review_minutes", lambda event: "sent the minutes of the review", "send"),
    ("review_signed", lambda event: "put the second name under the minutes of the review", "signature"),
    ("review_decided", lambda event: "said what came of the review", "gavel"),
    ("review_shared", lambda event: "shared the outcome of the review", "eye"),
    ("review_closed", lambda event: "closed the review", "calendar-check"),
    ("rhythm_changed", lambda event: f"set how often reviews are held: {event.note}", "calendar-repeat"),
]
