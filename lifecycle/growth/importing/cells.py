"""One row of a list of deals: its cells become facts, or reasons that name the column and the way out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lifecycle.growth.importing import columns
from lifecycle.growth.importing.lists import DealLists
from partners.importing.cells import BROKEN, NOTHING
from partners.importing.columns import MONTH_FIRST, places
from partners.importing.lists import Unknown, split
from partners.importing.values import Wrong, address, at_most, clean, day, number, shortened, website
from prm import money

LONGEST = {"name": 200, "partner": 200, "customer": 200, "outside_id": 200, "lost_reason": 300}
LONGEST |= {"next_step": 300, "seller_name": 120}
WAY_OUT = {
    "phase": "choose one of the phases for it",
    "products": "choose one of the products for it, or leave it out",
    "role": "choose a part for it, such as Sourced",
    "currency": "write its code like EUR",
    "owner": "write the e-mail address of one of us, or choose a person for it",
    "country": "write the name or two letters like DE",
}


@dataclass
class Reader:
    """Reads the rows of one file by its mapping."""

    header: list[str]
    mapping: dict[str, Any]
    lists: DealLists
    today: date
    places: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.places = places(self.mapping, columns.BY_NAME)

    def read(self, cells: list[str]) -> tuple[dict[str, Any], list[str]]:
        """The facts of a row, and what is wrong with it."""
        row = _RowReader(self, cells)
        facts: dict[str, Any] = {name: row.text(name, longest) for name, longest in LONGEST.items()}
        facts |= {
            "website": row.one("website", website),
            "country": row.listed("country"),
            "currency": row.listed("currency"),
            "phase": row.listed("phase"),
            "role": row.listed("role"),
            "owner": row.listed("owner"),
            "products": row.products(),
            "probability": row.one("probability", _percent),
            "term_months": row.one("term_months", _months),
            "seller_email": row.one("seller_email", address),
            **{name: row.day(name) for name in columns.DATES},
        }
        facts["amount"] = row.amount(facts["currency"] or self.mapping.get("currency", "EUR"))
        if facts["amount"] is not None and not facts["currency"]:
            facts["currency"] = self.mapping.get("currency", "EUR")
        facts = {name: value for name, value in facts.items() if value not in (None, "", [])}
        row.complete(facts)
        return facts, row.wrong


@dataclass
class _RowReader:
    """The cells of one row, and what was found wrong so far."""

    file: Reader
    cells: list[str]
    wrong: list[str] = field(default_factory=list)

    def one(self, name: str, read: Any) -> Any:
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
            self.wrong.append(f"{self.file.header[held[0]]}: “{shortened(text)}” {words}.")
            return None

    def text(self, name: str, longest: int) -> str:
        return self.one(name, lambda text: at_most(text, longest)) or ""

    def listed(self, name: str) -> str:
        return self.one(name, lambda text: self._resolved(name, text)) or ""

    def products(self) -> list[str]:
        found = self.one(
            "products", lambda text: [self._resolved("products", part) for part in split("vertical", text)]
        )
        return [entry for entry in found or [] if entry]

    def _resolved(self, name: str, text: str) -> str:
        try:
            return self.file.lists.resolve(name, text)
        except Unknown:
            raise Wrong(f"is in no list; {WAY_OUT[name]}")

    def day(self, name: str) -> str:
        day_first = self.file.mapping.get("dates") != MONTH_FIRST
        found = self.one(name, lambda text: day(text, day_first))
        return found.isoformat() if found else ""

    def amount(self, currency: str) -> int | None:
        """In minor units; a sign or code of the currency before or after the number is no trouble."""

        def read(text: str) -> int:
            bare = text.replace(currency, "").strip(" €$£")
            try:
                return money.read(bare, currency)
            except ValueError as error:
                raise Wrong(f"cannot be read. {error}".rstrip("."))

        found: int | None = self.one("amount", read)
        return found

    def complete(self, facts: dict[str, Any]) -> None:
        """What a row cannot do without."""
        for name in ("outside_id", "partner"):
            if name not in facts:
                self.wrong.append(f"{columns.BY_NAME[name].label} is missing. Every row needs one.")


def _percent(text: str) -> int:
    found = number(text.rstrip("% "))
    if found > 100:
        raise Wrong("is more than 100 %")
    return found


def _months(text: str) -> int:
    found = number(text)
    if not 1 <= found <= 240:
        raise Wrong("is no term; write months like 12")
    return found
