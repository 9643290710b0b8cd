"""What somebody says in a line about a column or a value: "Firma=name", "Type:VAR=Reseller"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nlargest
from typing import Any

from partners.importing.columns import FIELDS
from partners.importing.lists import ADD, ADDABLE, LEAVE_OUT, LISTED, TO, Lists, Unknown
from prm.importing import Field
from prm.models import Import
from prm.refusals import Refused
from prm.search import fold

MOST_LISTED = 12
NEAREST = 5


class NotUnderstood(Refused):
    """The line names no column, meaning or entry there is."""


@dataclass(frozen=True)
class Words:
    """What can be said of a list: what its columns can be, which of them have lists, and to which of these a
    value can be added."""

    fields: Sequence[Field]
    listed: Sequence[str]
    lists: type[Lists] = Lists
    addable: Collection[str] = ()

    @property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    def column(self, imported: Import, line: str) -> None:
        """Let a column mean what `line` says, "Firma=name"; "Firma=-" leaves the column out."""
        header, sign, meaning = line.rpartition("=")
        if not sign:
            raise NotUnderstood(f"“{line}” says no meaning. Write it like “Firma=name”.")
        place = _place(imported, header)
        meant: dict[str, str] = imported.mapping["columns"]
        meant.pop(place, None)
        if meaning.strip() in {"", LEAVE_OUT}:
            return
        name = self._named(meaning, tuple(self.by_name))
        if not name:
            words = ", ".join(self.by_name)
            raise NotUnderstood(f"“{meaning}” is nothing a column can be. It can be: {words}.")
        if not self.by_name[name].many:
            for other in [other for other, held in meant.items() if held == name]:
                del meant[other]
        meant[place] = name

    def value(self, imported: Import, line: str) -> None:
        """Let a value of a column mean what `line` says, "Type:VAR=Reseller".

        "Type:VAR=-" leaves the value out, "Type:VAR=+" adds it to our list.
        """
        what, colon, rest = line.partition(":")
        text, sign, entry = rest.rpartition("=")
        if not colon or not sign:
            raise NotUnderstood(f"“{line}” says no value and entry. Write it like “Type:VAR=Reseller”.")
        columns = imported.mapping["columns"]
        name = self._named(what, self.listed) or columns.get(_place(imported, what), "")
        if name not in self.listed:
            words = ", ".join(self.by_name[name].label for name in self.listed)
            raise NotUnderstood(f"“{what}” has no list of values. These have one: {words}.")
        values: dict[str, dict[str, str]] = imported.mapping["values"]
        values.setdefault(name, {})[fold(text)] = self._choice(name, entry.strip())

    def _choice(self, name: str, entry: str) -> str:
        if entry == LEAVE_OUT or (entry == ADD and name in self.addable):
            return entry
        lists = self.lists({})
        try:
            lists.resolve(name, entry)
        except Unknown:
            known = _known(entry, [str(words) for _, words in lists.choices(name)])
            label = self.by_name[name].label
            raise NotUnderstood(f"“{entry}” stands in no list of ours. {label} can be{known}.") from None
        return TO + entry

    def _named(self, text: str, among: Sequence[str]) -> str:
        """The meaning of this name or label; "" where there is none."""
        wanted = fold(text)
        return next((name for name in among if wanted in {fold(name), fold(self.by_name[name].label)}), "")


PARTNERS = Words(FIELDS, LISTED, addable=ADDABLE)


def _known(entry: str, words: Sequence[str]) -> str:
    """What a value can be; of many, those that are spelt most like the entry."""
    if len(words) <= MOST_LISTED:
        return f": {', '.join(words) or 'nothing yet'}"
    spelling = SequenceMatcher(b=fold(entry), autojunk=False)

    def likeness(one: str) -> float:
        ratios = []
        for part in one.split(" · "):  # a colleague's name, and the e-mail
            spelling.set_seq1(fold(part))
            ratios.append(spelling.ratio())
        return max(ratios)

    return f" one of {len(words)}, such as: {', '.join(nlargest(NEAREST, words, key=likeness))}"


def _place(imported: Import, header: str) -> str:
    """The place of the column with this header."""
    columns: list[dict[str, Any]] = imported.columns
    for place, known in enumerate(columns):
        if fold(known["name"]) == fold(header):
            return str(place)
    names = ", ".join(known["name"] for known in columns)
    raise NotUnderstood(f"The file has no column “{header}”. It has: {names}.")
