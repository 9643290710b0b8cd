"""One row of a list: its cells become facts, or reasons that name the column and the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from partners.importing.cells import BROKEN, NOTHING
from partners.importing.columns import MONTH_FIRST, places
from partners.importing.lists import Lists, Unknown
from partners.importing.values import Wrong, at_most, clean, day, number, shortened
from prm.importing import Field


@dataclass
class File:
    """How the rows of a file are read: by its mapping, our lists, and what to do about a value that stands
    in none of them (`way_out`, by the name of the field)."""

    header: Sequence[str]
    mapping: dict[str, Any]
    lists: Lists
    by_name: Mapping[str, Field]
    way_out: Mapping[str, str]
    places: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.places = places(self.mapping, self.by_name)


@dataclass
class Row:
    """The cells of one row, and what was found wrong so far."""

    file: File
    cells: list[str]
    wrong: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def one(self, name: str, read: Callable[[str], Any]) -> Any:
        """What `read` makes of the cell; None where it is blank or wrong."""
        held = self.file.places.get(name, [])
        text = clean(self.cells[held[0]]) if held else ""
        if text.casefold() in NOTHING:
            return None
        try:
            if text in BROKEN:
                raise Wrong("is an error of the spreadsheet; mend the formula")
            return read(text)
        except Wrong as words:
            self.unread.add(name)
            self.wrong.append(f"{self.file.header[held[0]]}: “{shortened(text)}” {words}.")
            return None

    def text(self, name: str, longest: int) -> str:
        return self.one(name, lambda text: at_most(text, longest)) or ""

    def listed(self, name: str) -> str:
        """The entry of our list, in its own spelling."""
        return self.one(name, lambda text: self.resolved(name, text)) or ""

    def resolved(self, name: str, text: str) -> str:
        try:
            return self.file.lists.resolve(name, text)
        except Unknown:
            raise Wrong(f"is in no list; {self.file.way_out[name]}")

    def day(self, name: str) -> str:
        day_first = self.file.mapping.get("dates") != MONTH_FIRST
        found = self.one(name, lambda text: day(text, day_first))
        return found.isoformat() if found else ""

    def need(self, facts: Mapping[str, Any], names: Sequence[str]) -> None:
        """What a row cannot do without."""
        for name in names:
            if name not in facts and name not in self.unread:
                self.wrong.append(f"{self.file.by_name[name].label} is missing. Every row needs one.")


def percent(text: str) -> int:
    """A share from 0 to 100, with its sign or without."""
    found = number(text.rstrip("% "))
    if found > 100:
        raise Wrong("is more than 100 %")
    return found
