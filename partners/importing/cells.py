"""One row of a partner list: its cells become facts, or reasons that name the column and the way out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from partners.importing import columns
from partners.importing.lists import OVER, Lists, Unknown, split
from partners.importing.values import (
    Wrong,
    address,
    at_most,
    clean,
    day,
    is_visible,
    number,
    shortened,
    website,
    without_label,
)
from partners.keys import name_key, own_domain
from partners.models import Stage, Step
from prm.search import fold

NOTHING = {"", "-", "–", "—", "n/a", "#n/a"}
BROKEN = {"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
WHERE = {
    "country": "write the name or two letters like DE",
    "region": "choose one of the regions for it",
    "vertical": "choose one of the verticals for it",
    "kind": "choose a type for it, leave it out, or let an admin add it",
    "programme": "choose a programme for it, leave it out, or let an admin add it",
    "tier": "choose a tier for it, leave it out, or let an admin add it",
    "stage": "choose a step or stage for it",
    "source": "choose a source for it, leave it out, or let an admin add it",
    "owner": "write the e-mail address of one of us, or choose a person for it",
}


@dataclass
class Reader:
    """Reads the rows of one file by its mapping. `labels` are the brackets that only name a programme."""

    header: list[str]
    mapping: dict[str, Any]
    lists: Lists
    today: date
    labels: dict[str, str]
    places: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.places = columns.places(self.mapping)

    def read(self, cells: list[str]) -> tuple[dict[str, Any], list[str]]:
        """The facts of a row, and what is wrong with it."""
        row = _RowReader(self, cells)
        facts = {
            "name": row.text("name", 200),
            "legal_name": row.text("legal_name", 200),
            "also": row.each("also", 200),
            "website": row.one("website", website),
            "country": row.listed("country"),
            "city": row.text("city", 120),
            "region": row.listed("region"),
            "verticals": row.listed_many("vertical"),
            "employees": row.one("employees", number),
            "certifications": row.several("certifications"),
            "about": row.text("about", 20_000),
            "kind": row.listed("kind"),
            "programme": row.listed("programme"),
            "tier": row.listed("tier"),
            "starts_on": row.day("member_since"),
            "place": row.place(),
            "stage_since": row.past("stage_since"),
            "signed_on": row.past("signed_on"),
            "agreement_ends_on": row.day("agreement_ends_on"),
            "owner": row.listed("owner"),
            "source": row.listed("source"),
            "source_detail": row.text("source_detail", 200),
            "outside": row.outside(),
            "contact": row.contact(),
        }
        facts = {name: value for name, value in facts.items() if value not in (None, "", [], {})}
        row.complete(facts)
        return facts, row.wrong


@dataclass
class _RowReader:
    """The cells of one row, and what was found wrong so far."""

    file: Reader
    cells: list[str]
    wrong: list[str] = field(default_factory=list)

    def _cell(self, name: str, which: int = 0) -> str:
        places = self.file.places.get(name, [])
        return clean(self.cells[places[which]]) if which < len(places) else ""

    def _blame(self, name: str, text: str, words: str, which: int = 0) -> None:
        column = self.file.header[self.file.places[name][which]]
        self.wrong.append(f"{column}: “{shortened(text)}” {words}.")

    def one(self, name: str, read: Any, which: int = 0) -> Any:
        """What `read` makes of the cell; None where it is blank or wrong."""
        text = self._cell(name, which)
        if text.casefold() in NOTHING:
            return None
        try:
            if text in BROKEN:
                raise Wrong("is an error of the spreadsheet; mend the formula")
            return read(text)
        except Wrong as words:
            self._blame(name, text, str(words), which)
            return None

    def text(self, name: str, longest: int) -> str:
        return self.one(name, lambda text: at_most(text, longest)) or ""

    def each(self, name: str, longest: int) -> list[str]:
        """The texts of all columns of a field."""
        columns = range(len(self.file.places.get(name, [])))
        return [text for n in columns if (text := self.one(name, lambda cell: at_most(cell, longest), n))]

    def several(self, name: str) -> list[str]:
        text = self.text(name, 2000)
        return [at for part in text.replace("|", ";").split(";") if (at := part.strip())]

    def listed(self, name: str) -> str:
        return self.one(name, lambda text: self._resolved(name, text)) or ""

    def listed_many(self, name: str) -> list[str]:
        found = self.one(name, lambda text: [self._resolved(name, part) for part in split(name, text)])
        return [entry for entry in found or [] if entry]

    def _resolved(self, name: str, text: str) -> str:
        try:
            return self.file.lists.resolve(name, text)
        except Unknown as unknown:
            raise Wrong(
                f"has “{shortened(str(unknown))}”, which is in no list; {WHERE[name]}"
                if str(unknown) != text
                else f"is in no list; {WHERE[name]}"
            )

    def day(self, name: str) -> str:
        """A day as ISO text."""
        day_first = self.file.mapping.get("dates") != columns.MONTH_FIRST
        found = self.one(name, lambda text: day(text, day_first))
        return found.isoformat() if found else ""

    def past(self, name: str) -> str:
        """A day that cannot lie ahead."""
        found = self.day(name)
        if found and found > self.file.today.isoformat():
            self._blame(name, self._cell(name), "lies ahead; write the day it happened")
            return ""
        return found

    def place(self) -> str:
        """Where it stands on the road: a step of recruitment or a live stage; "" where nothing says so."""
        text = self._cell("stage")
        mapped = fold(text) in self.file.mapping.get("values", {}).get("stage", {})
        if fold(text) in OVER and not mapped:
            self._blame(
                "stage",
                text,
                "is over or parked; only prospects and live partners come in, leave the row out",
            )
            return ""
        return self.listed("stage")

    def outside(self) -> list[list[str]]:
        """[system, id]; the system is the column's name."""
        found = []
        for which, place in enumerate(self.file.places.get("outside_id", [])):
            if text := self.one("outside_id", lambda cell: at_most(cell, 200), which):
                found.append([self.file.header[place][:60], text.rstrip("/")])
        return found

    def contact(self) -> dict[str, str]:
        first, last = self.text("contact_first", 60), self.text("contact_last", 60)
        email = self.one("contact_email", address) or ""
        name = self.text("contact_name", 120) or f"{first} {last}".strip() or email[:120]
        found = {
            "name": name,
            "email": email,
            "title": self.text("contact_title", 120),
            "phone": self.text("contact_phone", 60),
        }
        if not name and (found["title"] or found["phone"]):
            self.wrong.append(
                "The contact has a title or phone, but no name or e-mail address. Add one of them."
            )
        return {key: value for key, value in found.items() if value} if name else {}

    def complete(self, facts: dict[str, Any]) -> None:
        """Work out what follows from several cells, and what does not go together."""
        self._name(facts)
        self._membership(facts)
        self._road(facts)
        website, contact = facts.get("website", ""), facts.get("contact", {})
        facts["domain"] = own_domain(website) or ("" if website else own_domain(contact.get("email", "")))
        keys = [name_key(facts[field]) for field in ("name", "legal_name") if facts.get(field)]
        facts["keys"] = [key for key in dict.fromkeys(keys) if key]

    def _name(self, facts: dict[str, Any]) -> None:
        if not self.file.places.get("name"):
            self.wrong.append("No column holds the name. Say which one does.")
            return
        name = without_label(facts.get("name", ""), self.file.labels.get(self._cell("programme"), ""))
        facts["name"] = name
        if not name:
            if not any(
                words.startswith(f"{self.file.header[self.file.places['name'][0]]}:") for words in self.wrong
            ):
                self.wrong.append("The name is missing. Every row needs one.")
        elif not is_visible(name):
            self._blame("name", name, "has no letter anyone could see; write a name")

    def _membership(self, facts: dict[str, Any]) -> None:
        """The programme follows from the type where it has only one; a tier needs a programme."""
        programmes, kind = self.file.lists.programmes, facts.get("kind", "")
        name = facts.get("programme", "")
        if not name and kind:
            own = [programme for programme, of in programmes.items() if of == kind]
            name = own[0] if len(own) == 1 else ""
        if name:
            facts["programme"] = name
            of = programmes.get(name, kind)
            if not of:
                self._blame("programme", name, "is new and needs a type; map a column to Type")
            elif kind and kind != of:
                self._blame("kind", kind, f"does not go with {name}, which is for {of}; correct one of them")
            else:
                facts["kind"] = of
        self._tier(facts, name)

    def _tier(self, facts: dict[str, Any], programme: str) -> None:
        tier = facts.get("tier", "")
        if not tier:
            return
        if not programme:
            self._blame("tier", tier, "needs a programme; map a column to Programme, or leave the tier out")
        elif (programme, tier) not in self.file.lists.tiers and not self.file.lists.adds(
            "tier", self._cell("tier")
        ):
            self._blame("tier", tier, f"is no tier of {programme}; correct it, or let an admin add it")

    def _road(self, facts: dict[str, Any]) -> None:
        place = facts.get("place") or self.file.mapping.get("stage") or str(Step.IDENTIFIED)
        live = place in Stage.values
        signed, ends = facts.get("signed_on", ""), facts.get("agreement_ends_on", "")
        if signed and not live and place != Step.SIGNED:
            self._blame(
                "signed_on",
                signed,
                f"is a signing date, but the row stands at {Step(place).label}; "
                "correct the stage, or choose one for all rows that name none",
            )
        if signed and ends and ends < signed:
            self._blame("agreement_ends_on", ends, f"is before it was signed ({signed}); correct one of them")
        if facts.get("stage_since") and signed and live and facts["stage_since"] < signed:
            self._blame(
                "stage_since",
                facts["stage_since"],
                f"is before it was signed ({signed}); correct one of them",
            )
