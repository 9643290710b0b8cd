"""The entries of our lists that a plan needs, by name; those an admin wished to add are added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from partners.importing.planning import Coming
from partners.models import PartnerType, Programme, Source, Tier
from prm.rows import Rows, reserve
from team.models import Region, User, Vertical

LADDER = ("diamond", "platinum", "gold", "silver", "bronze", "member", "registered")


@dataclass
class Entries:
    types: dict[str, PartnerType]
    programmes: dict[str, Programme]
    tiers: dict[tuple[str, str], Tier]
    regions: dict[str, Region]
    verticals: dict[str, Vertical]
    sources: dict[str, Source]
    people: dict[int, User]
    new: list[Any]

    @classmethod
    def of(cls, coming: list[Coming], rows: Rows) -> Entries:
        """The entries that these firms name; those that are missing are made ready among the rows."""
        firms = [one.firm for one in coming]
        places = [(name, place) for firm in firms for name, place in firm.memberships.items()]
        new: list[Any] = []
        types = _entries(
            PartnerType,
            [*(firm.facts.get("kind", "") for firm in firms), *(place.kind for _, place in places)],
            new,
        )
        kinds = {name: place.kind for name, place in reversed(places)}
        programmes = _entries(Programme, kinds, new, lambda name: {"kind": types[kinds[name]]})
        tiers = _tiers({(name, place.tier) for name, place in places if place.tier}, programmes, new)
        regions = _entries(Region, (firm.facts.get("region", "") for firm in firms), new)
        verticals = _entries(Vertical, (name for firm in firms for name in firm.verticals), new)
        sources = _entries(Source, (firm.facts.get("source", "") for firm in firms), new)
        owners = User.objects.filter(pk__in={one.owner for one in coming if one.owner})
        rows.add(new)
        people = {user.pk: user for user in owners}
        return cls(types, programmes, tiers, regions, verticals, sources, people, new)

    def have_come(self) -> bool:
        """Whether somebody added one of the new entries meanwhile."""
        return any(
            type(entry)
            ._default_manager.filter(
                **{name: getattr(entry, name) for name in ("name", "programme") if hasattr(entry, name)}
            )
            .exists()
            for entry in self.new
        )


def _entries(
    model: Any,
    names: Iterable[str],
    new: list[Any],
    more: Callable[[str], dict[str, Any]] = lambda _: {},
) -> dict[str, Any]:
    """The entries of these names, `new` where they are missing; a retired one is used again as it is."""
    wanted = [name for name in dict.fromkeys(names) if name]
    found = {entry.name: entry for entry in model.objects.filter(name__in=wanted)}
    last = model.objects.aggregate(last=Max("position"))["last"] or 0
    missing = [name for name in wanted if name not in found]
    for place, (pk, name) in enumerate(zip(reserve(model, len(missing)), missing, strict=True), start=1):
        found[name] = model(pk=pk, name=name, position=last + place, **more(name))
        new.append(found[name])
    return found


def _tiers(
    wanted: set[tuple[str, str]], programmes: dict[str, Programme], new: list[Any]
) -> dict[tuple[str, str], Tier]:
    """The tiers of their programmes; new ones stand below the old, in the usual order of metals."""
    held = Tier.objects.filter(programme__in=list(programmes.values()))
    tiers = {(tier.programme.name, tier.name): tier for tier in held.select_related("programme")}
    lowest: Counter[str] = Counter()
    for (programme, _), tier in tiers.items():
        lowest[programme] = max(lowest[programme], tier.rank)
    missing = sorted(wanted - tiers.keys(), key=lambda pair: (pair[0], _rank(pair[1]), pair[1]))
    for pk, (programme, name) in zip(reserve(Tier, len(missing)), missing, strict=True):
        lowest[programme] += 1
        tiers[programme, name] = Tier(
            pk=pk, programme=programmes[programme], name=name, rank=lowest[programme]
        )
        new.append(tiers[programme, name])
    return tiers


def _rank(name: str) -> int:
    return LADDER.index(name.casefold()) if name.casefold() in LADDER else len(LADDER)
