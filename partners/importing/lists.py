"""What the values of listed columns mean: entries of our lists, what was mapped to them, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from partners import countries
from partners.models import PartnerType, Programme, Source, Stage, Step, Tier
from prm.search import fold
from team.choosing import COLUMNS, Person
from team.models import Region, User, Vertical

ADD, LEAVE_OUT, TO = "+", "-", "="
LISTED = ("country", "region", "vertical", "kind", "programme", "tier", "stage", "owner", "source")
ADDABLE = {"region", "vertical", "kind", "programme", "tier", "source"}
OVER = {"ended", "churned", "inactive", "terminated", "declined", "lost", "former", "rejected", "parked"}
_STAGES = {
    "prospect": Step.IDENTIFIED,
    "lead": Step.IDENTIFIED,
    "new": Step.IDENTIFIED,
    "target": Step.IDENTIFIED,
    "recruitment": Step.IDENTIFIED,
    "in contact": Step.CONTACTED,
    "negotiation": Step.NEGOTIATING,
    "in negotiation": Step.NEGOTIATING,
    "contract signed": Step.SIGNED,
    "active": Stage.GROWTH,
    "live": Stage.GROWTH,
    "current": Stage.GROWTH,
    "partner": Stage.GROWTH,
    "review": Stage.EVALUATION,
}


class Unknown(Exception):
    """The value is in no list and was mapped to nothing."""


def places_on_the_road() -> dict[str, str]:
    """Where a partner can come in, with its words: the steps of recruitment, then the live stages."""
    live = [Stage.ONBOARDING, Stage.GROWTH, Stage.EVALUATION]
    return {str(place.value): str(place.label) for place in [*Step, *live]}


@dataclass
class Lists:
    """Our lists as they stand, and the `mapping` of values beside them: {field: {folded text: choice}}.

    A choice is "=entry", "+" (add it) or "-" (leave it out).
    """

    mapping: dict[str, dict[str, str]]
    add_unknown: bool = False

    def resolve(self, name: str, text: str) -> str:
        """The entry's own spelling, "" where it is left out. Raises Unknown."""
        key = fold(text)
        choice = self.mapping.get(name, {}).get(key, "")
        if choice == LEAVE_OUT:
            return ""
        if choice[:1] == TO:
            key = fold(choice[1:])
        if found := self._known(name, key, text):
            return found
        if name in ADDABLE and self.adds(name, text):
            return text[:80]
        raise Unknown(text)

    def _known(self, name: str, key: str, text: str) -> str:
        if name == "country":
            return countries.code_of(key if len(key) == 2 else text) or countries.code_of(key)
        return self._entries[name].get(key, "")

    @cached_property
    def _entries(self) -> dict[str, dict[str, str]]:
        return {
            "region": _named(Region.objects.filter(retired_at=None).values_list("name", flat=True)),
            "vertical": _named(Vertical.objects.filter(retired_at=None).values_list("name", flat=True)),
            "kind": _named(PartnerType.objects.filter(retired_at=None).values_list("name", flat=True)),
            "programme": _named(self.programmes),
            "tier": _named(tier for _, tier in self.tiers),
            "stage": _STAGES | {fold(label): value for value, label in places_on_the_road().items()},
            "owner": self._people,
            "source": _named(Source.objects.filter(retired_at=None).values_list("name", flat=True)),
        }

    @cached_property
    def programmes(self) -> dict[str, str]:
        """Programmes with the type each is for."""
        return dict(Programme.objects.filter(retired_at=None).values_list("name", "kind__name"))

    @cached_property
    def tiers(self) -> set[tuple[str, str]]:
        """(programme, tier) by name."""
        return set(Tier.objects.filter(retired_at=None).values_list("programme__name", "name"))

    @cached_property
    def _people(self) -> dict[str, str]:
        """Owners by address, and by name where only one has it; each by id."""
        people = list(User.objects.current().values_list("pk", "email", "name"))
        names = [fold(name) for _, _, name in people]
        by_name = {fold(name): str(pk) for pk, _, name in people if names.count(fold(name)) == 1}
        return (
            by_name
            | {fold(email): str(pk) for pk, email, _ in people}
            | {str(pk): str(pk) for pk, _, _ in people}
        )

    def adds(self, name: str, text: str) -> bool:
        """Whether the mapping says that this value is to be added."""
        return self.mapping.get(name, {}).get(fold(text), ADD if self.add_unknown else "") == ADD

    def choices(self, name: str) -> list[tuple[str, str]]:
        """What a value can be mapped to, as (value, words)."""
        if name == "country":
            return sorted(countries.COUNTRIES.items(), key=lambda item: item[1])
        if name == "stage":
            return [(label, label) for label in places_on_the_road().values()]
        if name == "owner":
            people = (Person(*row) for row in User.objects.current().values_list(*COLUMNS))
            return [(str(each.pk), each.in_full) for each in people]
        return [(entry, entry) for entry in sorted(set(self._entries[name].values()))]


def _named(names: Iterable[str]) -> dict[str, str]:
    return {fold(name): name for name in names}


def unknown_values(lists: Lists, name: str, values: dict[str, int]) -> list[tuple[str, int]]:
    """The values of a listed column that no list knows, whatever is mapped, with their number of rows."""
    bare = type(lists)({})
    bare.__dict__.update({key: value for key, value in lists.__dict__.items() if key != "mapping"})
    unknown: dict[str, int] = {}
    for text, count in values.items():
        for part in split(name, text):
            try:
                bare.resolve(name, part)
            except Unknown:
                if not (name == "stage" and fold(part) in OVER):
                    unknown[part] = unknown.get(part, 0) + count
    return list(unknown.items())


def split(name: str, text: str) -> list[str]:
    """The single values of a cell."""
    if name != "vertical":
        return [text]
    parts: list[Any] = text.replace(";", ",").replace("|", ",").split(",")
    return [part.strip() for part in parts if part.strip()]
