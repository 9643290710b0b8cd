"""Rows of one firm are one partner: the first value of each fact counts, the others are kept as *also*."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from prm.models import ImportRow
from prm.search import fold

FACTS = (
    *("legal_name", "website", "country", "city", "region", "employees", "about", "agreement_ends_on"),
    *("source", "source_detail"),
)
ROAD = ("place", "stage_since", "signed_on")
Key = tuple[str, str, str]


@dataclass
class Place:
    """A place in one programme."""

    tier: str = ""
    starts_on: str = ""
    kind: str = ""


@dataclass
class Firm:
    """One partner as the file has it."""

    rows: list[ImportRow]
    facts: dict[str, Any] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    domains: list[str] = field(default_factory=list)
    verticals: list[str] = field(default_factory=list)
    certifications: list[str] = field(default_factory=list)
    outside: list[tuple[str, str]] = field(default_factory=list)
    memberships: dict[str, Place] = field(default_factory=dict)
    contacts: list[dict[str, str]] = field(default_factory=list)
    also: dict[str, list[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def country(self) -> str:
        return str(self.facts.get("country", ""))


def gather(rows: Sequence[ImportRow]) -> list[Firm]:
    """The firms of a file, in the order of their first rows."""
    return [_firm(group) for group in _together(rows)]


def united(firms: Sequence[Firm]) -> Firm:
    """One firm of the rows of several, which proved to be one partner."""
    return _firm(sorted((row for firm in firms for row in firm.rows), key=lambda row: row.number))


def _firm(rows: list[ImportRow]) -> Firm:
    firm = Firm(rows)
    for row in rows:
        _take(firm, row.facts or {})
    return firm


def _together(rows: Sequence[ImportRow]) -> list[list[ImportRow]]:
    """Rows that share an outside id, a domain, or a name in one known country. Where the country is
    unknown a name alone joins a row without a domain to the only firm of that name."""
    sets = _Sets(len(rows))
    for place, row in enumerate(rows):
        facts = row.facts or {}
        for system, value in facts.get("outside", []):
            sets.join(place, ("id", fold(system), fold(value)))
        if facts.get("domain"):
            sets.join(place, ("domain", facts["domain"]))
        for key in facts["keys"]:
            if facts.get("country"):
                sets.join(place, ("name", key, facts["country"]))
    _join_by_bare_name(sets, rows)
    groups: dict[int, list[ImportRow]] = {}
    for place, row in enumerate(rows):
        groups.setdefault(sets.root(place), []).append(row)
    return list(groups.values())


def _join_by_bare_name(sets: _Sets, rows: Sequence[ImportRow]) -> None:
    named: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        facts = row.facts or {}
        if not facts.get("country"):
            for key in facts["keys"]:
                named.setdefault(key, []).append(place)
    for places in named.values():
        bare = [place for place in places if not (rows[place].facts or {}).get("domain")]
        firms = {sets.root(place) for place in places if place not in set(bare)}
        if bare and len(firms) <= 1:
            for place in places:
                sets.unite(places[0], place)
        for place in bare:
            sets.unite(bare[0], place)


class _Sets:
    """Places joined by keys (union-find; the earliest place is a set's root)."""

    def __init__(self, size: int) -> None:
        self._up = list(range(size))
        self._by_key: dict[Hashable, int] = {}

    def root(self, place: int) -> int:
        while self._up[place] != place:
            self._up[place] = self._up[self._up[place]]
            place = self._up[place]
        return place

    def unite(self, one: int, other: int) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self._up[second] = first

    def join(self, place: int, key: Hashable) -> None:
        self.unite(self._by_key.setdefault(key, place), place)


def _take(firm: Firm, facts: dict[str, Any]) -> None:
    """Add what one row says to the firm."""
    for name in (*FACTS, *ROAD, "owner"):
        value = facts.get(name)
        if value in (None, ""):
            continue
        if firm.facts.setdefault(name, value) != value:
            _once(firm.also.setdefault(name, []), [str(value)])
    if not firm.memberships and not firm.facts.get("kind"):
        firm.facts["kind"] = facts.get("kind", "")
    _once(firm.names, [facts["name"], *filter(None, [facts.get("legal_name")]), *facts.get("also", [])])
    _once(firm.keys, facts["keys"])
    _once(firm.domains, [facts["domain"]] if facts.get("domain") else [])
    _once(firm.verticals, facts.get("verticals", []))
    _once(firm.certifications, facts.get("certifications", []))
    _once(firm.outside, [(system, value) for system, value in facts.get("outside", [])])
    _take_membership(firm, facts)
    _take_contact(firm, facts.get("contact") or {})


def _take_membership(firm: Firm, facts: dict[str, Any]) -> None:
    if not facts.get("programme"):
        return
    held = firm.memberships.setdefault(facts["programme"], Place(kind=facts.get("kind", "")))
    tier, starts_on = facts.get("tier", ""), facts.get("starts_on", "")
    if held.tier and tier and tier != held.tier:
        _once(firm.also.setdefault("tier", []), [tier])
    held.tier = held.tier or tier
    held.starts_on = min(filter(None, [held.starts_on, starts_on]), default="")


def _take_contact(firm: Firm, contact: dict[str, str]) -> None:
    if not contact:
        return
    for held in firm.contacts:
        if is_same_person(held, contact):
            held.update({key: value for key, value in contact.items() if not held.get(key)})
            return
    firm.contacts.append(dict(contact))


def is_same_person(one: dict[str, str], other: dict[str, str]) -> bool:
    """By e-mail address, or by name where one of them has none."""
    if one.get("email") and other.get("email"):
        return one["email"].casefold() == other["email"].casefold()
    return fold(one["name"]) == fold(other["name"])


def _once(held: list[Any], more: Iterable[Any]) -> None:
    held.extend(item for item in dict.fromkeys(more) if item not in held)
