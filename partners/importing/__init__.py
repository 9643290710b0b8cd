"""Importing a list of partners: what its columns mean, whose firms they are, and what becomes of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from partners.importing import columns, parsing, planning, writing
from partners.importing.cells import Reader
from partners.importing.lists import ADD, Lists
from partners.importing.planning import PartnerPlan
from partners.importing.values import clean
from partners.models import Step
from partners.organisations import local_day
from prm import importing, tables
from prm.models import Import, ImportRow
from team.companies import zone_of

_BRACKET = re.compile(r".*\S\s*\(([^()]+)\)")


class PartnerImporter:
    """Reads, plans and writes partners; see `prm.importing.Importer`."""

    noun, action = "partners", "import partners"
    fields = columns.FIELDS

    def guess(self, imported: Import) -> dict[str, Any]:
        """A mapping for the columns; what cannot be known from the file is left as safe as can be."""
        meant = columns.guess(imported.columns)
        return {
            "columns": meant,
            "values": {},
            "owner": "",
            "stage": str(Step.IDENTIFIED),
            "dates": columns.dates(imported.columns, meant, columns.DATES),
        }

    def recall(self, mapping: dict[str, Any]) -> dict[str, Any]:
        """What the columns, values and dates mean. Nothing is added to our lists by an earlier word, and
        who owns and where stands what says nothing of it is asked for each file."""
        values = {
            name: {text: choice for text, choice in kept.items() if choice != ADD}
            for name, kept in mapping.get("values", {}).items()
        }
        return {name: mapping[name] for name in ("columns", "dates") if name in mapping} | {"values": values}

    def parse(
        self, imported: Import, rows: Sequence[tables.Row], progress: importing.Progress
    ) -> list[ImportRow]:
        reader = Reader(
            header=[column["name"] for column in imported.columns],
            mapping=imported.mapping,
            lists=Lists(imported.mapping.get("values", {}), bool(imported.mapping.get("add_unknown"))),
            today=local_day(imported.created_at, zone_of()),
            labels=labels(imported.mapping, rows),
        )
        return parsing.parse(imported, rows, reader, progress)

    def plan(self, imported: Import, rows: Sequence[ImportRow]) -> PartnerPlan:
        return planning.plan(imported, rows)

    def make_ready(
        self, imported: Import, plan: importing.Plan, at: datetime, progress: importing.Progress
    ) -> writing.Ready:
        assert isinstance(plan, PartnerPlan)
        return writing.make_ready(imported, plan, at, progress)


def labels(mapping: dict[str, Any], rows: Sequence[tables.Row]) -> dict[str, str]:
    """The brackets that only name a programme: {programme as written: label}.

    In some lists a name ends with the programme of its row, "3-Shake (KCSP)". Where the bracket is
    the programme itself, or the same bracket ends all names of that programme (three at least), it
    is a trait of the file, not a part of the name.
    """
    places = columns.places(mapping)
    if not (places.get("name") and places.get("programme")):
        return {}
    endings: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        name, programme = clean(row.cells[places["name"][0]]), clean(row.cells[places["programme"][0]])
        bracket = _BRACKET.fullmatch(name)
        endings[programme][bracket.group(1) if bracket else ""] += 1
    found = {}
    for programme, counted in endings.items():
        if programme in counted:
            found[programme] = programme
        elif len(counted) == 1 and "" not in counted and counted.total() >= 3:
            found[programme] = next(iter(counted))
    return found
