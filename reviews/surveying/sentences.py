"""How the events of surveys read, after the name of whoever did it, and the icon of each."""

from collections.abc import Callable

from partners.models import Event

Words = Callable[[Event], str]

SURVEYS: list[tuple[str, Words, str]] = [
    ("survey_made", lambda event: f"made the survey “{event.note}”", "message-star"),
    ("survey_sent", lambda event: f"sent the survey {event.note}", "send"),
    ("survey_closed", lambda event: f"closed the survey “{event.note}”", "lock"),
    ("survey_removed", lambda event: f"threw the survey “{event.note}” away", "trash"),
    ("survey_switched_on", lambda event: f"switched on: {event.note}", "message-star"),
    ("survey_switched_off", lambda event: f"switched off: {event.note}", "lock"),
    ("survey_answered_publicly", lambda event: f"answered all who were asked in “{event.note}”", "message"),
]
PEOPLE: list[tuple[str, Words, str]] = [
    ("survey_answered", lambda event: f"answered the survey “{event.note}”", "message-star"),
    ("surveys_stopped", lambda event: "wants no surveys any more", "mail-off"),
    ("surveys_resumed", lambda event: "may be sent surveys again", "mail"),
]
