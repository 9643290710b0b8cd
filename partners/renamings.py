"""What has become of the names a profile was written with: its criteria mean the entry, not the name.

A version keeps its rules as they were written and never changes. Where a region, vertical, type,
programme or tier is renamed later, its rules are read with the name of now.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from partners.models import Criterion, PartnerType, Profile, Programme, Tier
from prm.search import fold
from team.models import Named, Region, Renaming, Vertical

LISTS: dict[str, type[Named] | type[Tier]] = {
    "region": Region,
    "regions": Region,
    "verticals": Vertical,
    "kind": PartnerType,
    "programmes": Programme,
    "tier": Tier,
}
OFTEN = {"tier"}  # many programmes have one of the same name, and not all of these are renamed


def criteria_of(profiles: Sequence[Profile]) -> dict[int, list[Criterion]]:
    """The criteria of these versions by the id of each, to be read with the names of now.

    One query, where any of them names an entry of a list, beside those that fetch the criteria.
    """
    found = {profile.pk: list(profile.criteria.all()) for profile in profiles}
    if not any(criterion.source in LISTS for criteria in found.values() for criterion in criteria):
        return found
    oldest = min(profile.written_at for profile in profiles)
    renamed = list(Renaming.objects.filter(at__gt=oldest).order_by("at", "pk"))
    for profile in profiles:
        later = [each for each in renamed if each.at > profile.written_at]
        found[profile.pk] = [_read(criterion, later) for criterion in found[profile.pk]]
    return found


def _read(criterion: Criterion, later: Sequence[Renaming]) -> Criterion:
    names = names_now(criterion.source, later)
    if not names:
        return criterion
    read = copy(criterion)
    read.rule = carried(criterion, names)
    return read


def names_now(source: str, renamed: Sequence[Renaming]) -> dict[str, list[str]]:
    """For each name (folded) that entries of a list bore before, the names these bear now."""
    noun = LISTS[source]._meta.label if source in LISTS else ""
    bore: dict[int, str] = {}
    bears: dict[int, str] = {}
    for each in renamed:
        if each.noun == noun:
            bore.setdefault(each.entry, each.former)
            bears[each.entry] = each.name
    names: dict[str, list[str]] = {}
    for entry, former in bore.items():
        names.setdefault(fold(former), []).append(bears[entry])
    return names


def carried(criterion: Criterion, names: dict[str, list[str]]) -> dict[str, Any]:
    """The rule of a criterion with the names of now."""
    rule: dict[str, Any] = criterion.rule
    if criterion.kind == Criterion.Kind.CHOICE:
        return rule | {"options": _options(rule["options"], names, stay=criterion.source in OFTEN)}
    if criterion.kind == Criterion.Kind.OVERLAP:
        wanted = [name for old in rule["wanted"] for name in names.get(fold(old), [old])]
        return rule | {"wanted": list(dict.fromkeys(wanted))}
    return rule


def _options(options: list[Any], names: dict[str, list[str]], stay: bool) -> list[list[Any]]:
    """Options with their shares; where a name may `stay` with others, it stands beside the new one."""
    staying = {fold(option) for option, _ in options if stay or fold(option) not in names}
    found: dict[str, list[Any]] = {}
    for option, share in options:
        if fold(option) in staying:
            found[fold(option)] = [option, share]
        for name in names.get(fold(option), []):
            if fold(name) not in staying:
                found.setdefault(fold(name), [name, share])
    return list(found.values())
