"""The rows of a file as a reader understands them, whatever they are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from partners.importing.values import clean
from prm import importing, tables
from prm.models import Import, ImportRow

TELL_EVERY = 500  # rows


class Reads(Protocol):
    def read(self, cells: list[str], /) -> tuple[dict[str, Any], list[str]]:
        """The facts in the cells of a row, and in words what is wrong with them."""
        ...


def parse(
    imported: Import, rows: Sequence[tables.Row], reader: Reads, progress: importing.Progress
) -> list[ImportRow]:
    """A row for each of the file's: rejected where something is wrong, else new until it is planned."""
    parsed = []
    for done, row in enumerate(rows):
        parsed.append(_parsed(imported, row, reader))
        if done % TELL_EVERY == 0:
            progress(done, 2 * len(rows))
    return parsed


def _parsed(imported: Import, row: tables.Row, reader: Reads) -> ImportRow:
    facts, wrong = reader.read(row.cells) if not row.trouble else ({}, [row.trouble])
    return ImportRow(
        of=imported,
        number=row.number,
        cells=row.cells,
        facts=None if wrong else facts,
        outcome=ImportRow.Outcome.REJECTED if wrong else ImportRow.Outcome.NEW,
        title=clean(str(facts.get("name", "")))[:200],
        reason=" ".join(wrong),
    )
