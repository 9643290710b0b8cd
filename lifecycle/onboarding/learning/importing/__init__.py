"""Importing results of training: the same person, course and day are the same result, so that the same file
twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lifecycle.onboarding.learning.importing import columns, planning, writing
from lifecycle.onboarding.learning.importing.cells import WAY_OUT, Reader
from lifecycle.onboarding.learning.importing.lists import ResultLists
from lifecycle.onboarding.learning.importing.planning import ResultPlan
from partners.importing import parsing
from partners.importing.columns import dates, guess
from prm import importing, tables
from prm.models import Import, ImportRow


class ResultImporter:
    """Reads, plans and writes results; see `prm.importing.Importer`."""

    noun, action = "results", "keep courses"
    fields = columns.FIELDS

    def guess(self, imported: Import) -> dict[str, Any]:
        """A mapping for the columns."""
        meant = guess(imported.columns, columns.FIELDS)
        return {
            "columns": meant,
            "values": {},
            "dates": dates(imported.columns, meant, columns.DATES),
        }

    def recall(self, mapping: dict[str, Any]) -> dict[str, Any]:
        return {name: mapping[name] for name in ("columns", "values", "dates") if name in mapping}

    def parse(
        self, imported: Import, rows: Sequence[tables.Row], progress: importing.Progress
    ) -> list[ImportRow]:
        reader = Reader(
            header=[column["name"] for column in imported.columns],
            mapping=imported.mapping,
            lists=ResultLists(imported.mapping.get("values", {})),
            by_name=columns.BY_NAME,
            way_out=WAY_OUT,
        )
        return parsing.parse(imported, rows, reader, progress)

    def plan(self, imported: Import, rows: Sequence[ImportRow]) -> ResultPlan:
        return planning.plan(imported, rows)

    def make_ready(
        self, imported: Import, plan: importing.Plan, at: datetime, progress: importing.Progress
    ) -> writing.Ready:
        assert isinstance(plan, ResultPlan)
        return writing.Ready(imported, plan, at)
