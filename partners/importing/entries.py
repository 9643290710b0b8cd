"""The entries of our lists that a plan needs, by name; those an admin wished to add are added."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from partners.importing.planning import Coming
from partners.models import PartnerType, Programme, Tier
from team.models import Region, User, Vertical

LADDER = ("diamond", "platinum", "gold", "silver", "bronze", "member", "registered")


@dataclass
class Entries:
    types: dict[str, PartnerType]
    programmes: dict[str, Programme]
    tiers: dict[tuple[str, str], Tier]
    regions: dict[str, Region]
    verticals: dict[str, Vertical]
    people: dict[int, User]

    @classmethod
    def of(cls, coming: list[Coming]) -> Entries:
        firms = [one.firm for one in coming]
        places = [(name, place) for firm in firms for name, place in firm.memberships.items()]
        types = _entries(
            PartnerType,
            [*(firm.facts.get("kind", "") for firm in firms), *(place.kind for _, place in places)],
        )
        kinds = {name: place.kind for name, place in reversed(places)}
        programmes = _entries(Programme, kinds, lambda name: {"kind": types[kinds[name]]})
        return cls(
            types,
            programmes,
            _tiers({(name, place.tier) for name, place in places if place.tier}, programmes),
            _entries(Region, (firm.facts.get("region", "") for firm in firms)),
            _entries(Vertical, (name for firm in firms for name in firm.verticals)),
            {
                user.pk: user
                for user in User.objects.filter(pk__in={one.owner for one in coming if one.owner})
            },
        )


def _entries(
    model: Any, names: Iterable[str], more: Callable[[str], dict[str, Any]] = lambda _: {}
) -> dict[str, Any]:
    """The entries of these names, made where they are missing; a retired one is used again as it is."""
    wanted = [name for name in dict.fromkeys(names) if name]
    found = {entry.name: entry for entry in model.objects.filter(name__in=wanted)}
    last = model.objects.aggregate(last=Max("position"))["last"] or 0
    for name in wanted:
        if name not in found:
            last += 1
            found[name] = model.objects.create(name=name, position=last, **more(name))
    return found


def _tiers(wanted: set[tuple[str, str]], programmes: dict[str, Programme]) -> dict[tuple[str, str], Tier]:
    """The tiers of their programmes; new ones stand below the old, in the usual order of metals."""
    tiers = {}
    for programme, name in sorted(wanted, key=lambda pair: (pair[0], _rank(pair[1]), pair[1])):
        held = programmes[programme].tiers
        last = held.aggregate(last=Max("rank"))["last"] or 0
        tiers[programme, name] = held.get_or_create(name=name, defaults={"rank": last + 1})[0]
    return tiers


def _rank(name: str) -> int:
    return LADDER.index(name.casefold()) if name.casefold() in LADDER else len(LADDER)
