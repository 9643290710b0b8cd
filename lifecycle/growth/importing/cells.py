"""One row of a list of deals: its cells become facts, or reasons that name the column and the way out."""

from __future__ import annotations

from typing import Any

from lifecycle.growth.importing import columns
from partners.importing.lists import split
from partners.importing.rows import File, Row, percent
from partners.importing.values import Wrong, address, number, website
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


class Reader(File):
    """Reads the rows of one file by its mapping."""

    def read(self, cells: list[str]) -> tuple[dict[str, Any], list[str]]:
        """The facts of a row, and what is wrong with it."""
        row = _DealRow(self, cells)
        facts: dict[str, Any] = {name: row.text(name, longest) for name, longest in LONGEST.items()}
        facts |= {
            "website": row.one("website", website),
            "country": row.listed("country"),
            "currency": row.listed("currency"),
            "phase": row.listed("phase"),
            "role": row.listed("role"),
            "owner": row.listed("owner"),
            "products": row.products(),
            "probability": row.one("probability", percent),
            "term_months": row.one("term_months", _months),
            "seller_email": row.one("seller_email", address),
            **{name: row.day(name) for name in columns.DATES},
        }
        facts["amount"] = row.amount(facts["currency"] or self.mapping.get("currency", "EUR"))
        if facts["amount"] is not None and not facts["currency"]:
            facts["currency"] = self.mapping.get("currency", "EUR")
        facts = {name: value for name, value in facts.items() if value not in (None, "", [])}
        row.need(facts, ("outside_id", "partner"))
        return facts, row.wrong


class _DealRow(Row):
    def products(self) -> list[str]:
        found = self.one(
            "products", lambda text: [self.resolved("products", part) for part in split("vertical", text)]
        )
        return [entry for entry in found or [] if entry]

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


def _months(text: str) -> int:
    found = number(text)
    if not 1 <= found <= 240:
        raise Wrong("is no term; write months like 12")
    return found
