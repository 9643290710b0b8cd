"""Importing a list of deals: found again by their id in another system, so that the same file twice
changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lifecycle.growth.importing import columns, planning, writing
from lifecycle.growth.importing.cells import Reader
from lifecycle.growth.importing.lists import DealLists
from lifecycle.growth.importing.planning import DealPlan
from partners.importing.columns import guess, order_of_dates
from partners.importing.values import clean
from partners.organisations import local_day
from prm import importing, tables
from prm.models import Import, ImportRow
from team.companies import zone_of


class DealImporter:
    """Reads, plans and writes deals; see `prm.importing.Importer`."""

    noun = "deals"
    fields = columns.FIELDS

    def guess(self, imported: Import) -> dict[str, Any]:
        """A mapping for the columns; amounts that name no currency are in euros until somebody says else."""
        meant = guess(imported.columns, columns.FIELDS)
        texts = [
            text
            for place, name in meant.items()
            if name in columns.DATES
            for text in (imported.columns[int(place)]["values"] or imported.columns[int(place)]["samples"])
        ]
        return {"columns": meant, "values": {}, "currency": "EUR", "dates": order_of_dates(texts)}

    def recall(self, mapping: dict[str, Any]) -> dict[str, Any]:
        kept = ("columns", "values", "dates", "currency")
        return {name: mapping[name] for name in kept if name in mapping}

    def parse(
        self, imported: Import, rows: Sequence[tables.Row], progress: importing.Progress
    ) -> list[ImportRow]:
        reader = Reader(
            header=[column["name"] for column in imported.columns],
            mapping=imported.mapping,
            lists=DealLists(imported.mapping.get("values", {})),
            today=local_day(imported.created_at, zone_of()),
        )
        parsed = []
        for done, row in enumerate(rows):
            parsed.append(_parsed(imported, row, reader))
            if done % 500 == 0:
                progress(done, 2 * len(rows))
        return parsed

    def plan(self, imported: Import, rows: Sequence[ImportRow]) -> DealPlan:
        return planning.plan(imported, rows)

    def make_ready(
        self, imported: Import, plan: importing.Plan, at: datetime, progress: importing.Progress
    ) -> writing.Ready:
        assert isinstance(plan, DealPlan)
        return writing.Ready(imported, plan, at)


def _parsed(imported: Import, row: tables.Row, reader: Reader) -> ImportRow:
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
