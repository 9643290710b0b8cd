"""How the events of issues read, after the name of whoever did it, and the icon of each."""

from collections.abc import Callable

from partners.models import Event

EVENTS: list[tuple[str, Callable[[Event], str], str]] = [
    ("issue_raised", lambda event: f"raised an issue: {event.note}", "alert-circle"),
    ("issue_regraded", lambda event: f"graded an issue anew: {event.note}", "adjustments"),
    ("issue_escalated", lambda event: f"escalated an issue: {event.note}", "arrow-up-right"),
    ("issue_solved", lambda event: f"solved an issue: {event.note}", "circle-check"),
    ("issue_reopened", lambda event: f"opened an issue again: {event.note}", "alert-circle"),
]
