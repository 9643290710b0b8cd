"""The numbers wanted as a list, in and out: a row for each segment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from partners.coverage.wanting import MOST, Names, Numbers, Place, wanted
from prm import tables
from prm.refusals import Refused

COLUMNS = ("Type", "Region", "Vertical", "Live partners", "Certified people")
ANY = {"", "any", "any type", "any region", "any vertical"}
MOST_SAID = 10


class ListRefused(Refused):
    """Rows that cannot be read, each said with its row and column; nothing was taken."""

    def __init__(self, faults: list[str]) -> None:
        more = len(faults) - MOST_SAID
        self.said = faults[:MOST_SAID]
        if more > 0:
            self.said.append(_("{n} more rows are wrong.").format(n=more))
        super().__init__(" ".join(self.said))


def rows() -> Iterator[list[Any]]:
    """What is wanted, as `read` takes it."""
    names = Names.fetch()
    for (kind, region, vertical), numbers in sorted(wanted().items(), key=lambda it: names.of(it[0])):
        yield [
            names.kinds[kind] if kind else "any",
            names.regions[region] if region else "any",
            names.verticals[vertical] if vertical else "any",
            numbers.partners,
            numbers.people,
        ]


def read(table: tables.Table) -> dict[Place, Numbers]:
    """What a table wants of the segments it names. Raises ListRefused."""
    places = _columns(table.header)
    names = Names.fetch()
    found: dict[Place, Numbers] = {}
    first: dict[Place, int] = {}
    faults = []
    for row in table.rows:
        try:
            place, numbers = _row(row, places, names)
            if place in first:
                raise ValueError(_("the same segment as in row {n}.").format(n=first[place]))
            first[place], found[place] = row.number, numbers
        except ValueError as error:
            faults.append(_("Row {n}: {what}").format(n=row.number, what=error))
    if faults:
        raise ListRefused(faults)
    return found


def _columns(header: list[str]) -> list[int]:
    """Where each of the columns stands. Raises ListRefused where one is missing."""
    named = [name.casefold() for name in header]
    missing = [name for name in COLUMNS if name.casefold() not in named]
    if missing:
        said = _("No column is called {missing}. The first row must name: {columns}.")
        raise ListRefused([said.format(missing=", ".join(missing), columns=", ".join(COLUMNS))])
    return [named.index(name.casefold()) for name in COLUMNS]


def _row(row: tables.Row, places: list[int], names: Names) -> tuple[Place, Numbers]:
    if row.trouble:
        raise ValueError(row.trouble)
    kind, region, vertical, live, people = (row.cells[place].strip() for place in places)
    place = (
        _named("Type", kind, names.kinds),
        _named("Region", region, names.regions),
        _named("Vertical", vertical, names.verticals),
    )
    return place, Numbers(_number("Live partners", live), _number("Certified people", people))


def _named(column: str, text: str, known: dict[int, str]) -> int | None:
    if text.casefold() in ANY:
        return None
    for pk, name in known.items():
        if name.casefold() == text.casefold():
            return pk
    raise ValueError(
        _("{column}: “{text}” is not in the list. Write a name of it, or any.").format(
            column=column, text=text[:80]
        )
    )


def _number(column: str, text: str) -> int:
    if not text:
        return 0
    if text.isascii() and text.isdigit() and len(text) <= len(str(MOST)):
        return int(text)
    said = _("{column}: “{text}” is no number from 0 to {most}.")
    raise ValueError(said.format(column=column, text=text[:40], most=MOST))
