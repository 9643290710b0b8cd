"""One row of a list of results: its cells become facts, or reasons that name the column and the way out."""

from __future__ import annotations

from typing import Any

from lifecycle.onboarding.learning.importing import columns
from partners.importing.rows import File, Row, percent
from partners.importing.values import address

WAY_OUT = {
    "course": "choose one of our courses for it, or add and publish the course first",
    "result": "choose Passed or Failed for it",
}


class Reader(File):
    """Reads the rows of one file by its mapping."""

    def read(self, cells: list[str]) -> tuple[dict[str, Any], list[str]]:
        """The facts of a row, and what is wrong with it."""
        row = Row(self, cells)
        facts: dict[str, Any] = {
            "partner": row.text("partner", 200),
            "email": row.one("email", address),
            "course": row.listed("course"),
            "result": row.listed("result"),
            "score": row.one("score", percent),
            "number": row.text("number", 60),
            **{name: row.day(name) for name in columns.DATES},
        }
        facts = {name: value for name, value in facts.items() if value not in (None, "")}
        row.need(facts, tuple(columns.NEEDED))
        return facts, row.wrong
