"""Importing a list of deals: found again by their id in another system, so that the same file twice
changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lifecycle.growth.importing import columns, planning, writing
from lifecycle.growth.importing.cells import WAY_OUT, Reader
from lifecycle.growth.importing.lists import DealLists
from lifecycle.growth.importing.planning import DealPlan
from partners.importing import parsing
from partners.importing.columns import dates, guess
from prm import importing, tables
from prm.models import Import, ImportRow


class DealImporter:
    """Reads, plans and writes deals; see `prm.importing.Importer`."""

    noun, action = "deals", "import deals"
    fields = columns.FIELDS

    def guess(self, imported: Import) -> dict[str, Any]:
        """A mapping for the columns; amounts that name no currency are in euros until somebody says else."""
        meant = guess(imported.columns, columns.FIELDS)
        return {
            "columns": meant,
            "values": {},
            "currency": "EUR",
            "dates": dates(imported.columns, meant, columns.DATES),
        }

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
            by_name=columns.BY_NAME,
            way_out=WAY_OUT,
        )
        return parsing.parse(imported, rows, reader, progress)

    def plan(self, imported: Import, rows: Sequence[ImportRow]) -> DealPlan:
        return planning.plan(imported, rows)

    def make_ready(
        self, imported: Import, plan: importing.Plan, at: datetime, progress: importing.Progress
    ) -> writing.Ready:
        assert isinstance(plan, DealPlan)
        return writing.Ready(imported, plan, at)
