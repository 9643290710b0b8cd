"""What a column of a list of results can mean, and what it probably means."""

from __future__ import annotations

from prm.importing import Field

FIELDS = (
    Field(
        "partner",
        "Partner",
        ("partner", "partner name", "partner domain", "partner id", "company", "account", "organisation"),
    ),
    Field(
        "email",
        "Person’s e-mail",
        ("person s e mail", "email", "e mail", "email address", "learner email", "user email", "login"),
    ),
    Field(
        "course",
        "Course",
        ("course", "course name", "course title", "training", "exam", "certification", "title"),
        listed=True,
    ),
    Field(
        "on",
        "Day",
        (
            *("passed on", "completed on", "completion date", "date passed", "date completed", "exam date"),
            *("issued on", "day", "date", "completed"),
        ),
    ),
    Field("result", "Passed or failed", ("result", "passed", "status", "outcome"), listed=True),
    Field("score", "Score in %", ("score", "score %", "percent", "percentage", "mark", "grade")),
    Field(
        "number",
        "Number of the certificate",
        ("certificate number", "number of the certificate", "certificate id", "certificate", "number"),
    ),
    Field("valid_until", "Valid until", ("valid until", "valid to", "expires", "expires on", "expiry date")),
)
BY_NAME = {field.name: field for field in FIELDS}
DATES = ("on", "valid_until")
LISTED = tuple(field.name for field in FIELDS if field.listed)
NEEDED = {
    "partner": "Say which column names the partner.",
    "email": "Say which column holds the e-mail address of the person.",
    "course": "Say which column names the course.",
    "on": "Say which column holds the day of the result.",
}
