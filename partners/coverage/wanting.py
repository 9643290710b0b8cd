"""The numbers wanted: set for a type at a time, or from a list; each change with who and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import Event, PartnerType, Segment
from prm.refusals import Refused
from team.models import Company, Region, User, Vertical

KIND = "coverage_wanted"
MOST = 9999  # partners or people of one segment
MOST_SAID = 10
Place = tuple[int | None, int | None, int | None]  # type, region, vertical; None is any


class CoverageRefused(Refused):
    """The numbers cannot be kept as they were given."""


@dataclass(frozen=True)
class Numbers:
    """Live partners and certified people that are wanted."""

    partners: int = 0
    people: int = 0

    def __bool__(self) -> bool:
        return bool(self.partners or self.people)

    def __str__(self) -> str:
        return f"{self.partners} / {self.people}"


Seen = dict[Place, Numbers]
NONE = Numbers()
EMPTY: Mapping[Place, Numbers] = MappingProxyType({})


def wanted() -> dict[Place, Numbers]:
    """What is wanted where; one query."""
    rows = Segment.objects.values_list("kind", "region", "vertical", "partners", "people")
    return {(kind, region, vertical): Numbers(*numbers) for kind, region, vertical, *numbers in rows}


def mark() -> int:
    """A mark of what stands now: whoever changes it hands it back, so that nobody overwrites another."""
    last = Event.objects.filter(kind=KIND).order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


def seen_at(then: int) -> Seen:
    """What was wanted of the segments that changed since a mark, as it stood at it."""
    found: Seen = {}
    later = Event.objects.filter(kind=KIND, pk__gt=then).order_by("pk")
    for changes in later.values_list("changes", flat=True):
        for was, _now, *place in changes.values():
            if place:  # events of former versions hold names alone
                found.setdefault(_place(place[0]), Numbers(*map(int, was.split(" / "))))
    return found


def _place(ids: list[int | None]) -> Place:
    kind, region, vertical = ids
    return kind, region, vertical


@transaction.atomic
def want(
    numbers: Mapping[Place, Numbers], why: str, by: User, at: datetime, seen: Mapping[Place, Numbers] = EMPTY
) -> int:
    """Set what is wanted in these segments (nothing where the numbers are 0); how many changed.

    Refused without a why, and where another number stands than was `seen` of a segment, and than is wanted.
    """
    Company.objects.select_for_update().first()  # one change after the other
    standing = wanted()
    _unchanged(numbers, seen, standing)
    changed = {place: each for place, each in numbers.items() if standing.get(place, NONE) != each}
    if not changed:
        return 0
    if not why.strip():
        raise CoverageRefused(_("Say why: it stays beside the change."))
    for place, each in changed.items():
        _write(place, each)
    _record(changed, standing, why.strip(), by, at)
    return len(changed)


def _unchanged(
    numbers: Mapping[Place, Numbers], seen: Mapping[Place, Numbers], standing: Mapping[Place, Numbers]
) -> None:
    now = {place: standing.get(place, NONE) for place in numbers if place in seen}
    others = [place for place, each in now.items() if each not in (seen[place], numbers[place])]
    if not others:
        return
    names = Names.fetch()
    said = _("{segment}: {now} now, {wanted} by you")
    reasons = [
        said.format(segment=names.of(place), now=now[place], wanted=numbers[place]) for place in others
    ]
    told = "; ".join([*reasons[:MOST_SAID], *(["…"] if len(reasons) > MOST_SAID else [])])
    words = _(
        "Somebody changed the numbers meanwhile. {segments}. Nothing is kept; send yours again to set it."
    )
    raise CoverageRefused(words.format(segments=told), reasons)


def _write(place: Place, numbers: Numbers) -> None:
    kind, region, vertical = place
    where = {"kind_id": kind, "region_id": region, "vertical_id": vertical}
    row = Segment.objects.filter(kind=kind, region=region, vertical=vertical)
    if not numbers:
        row.delete()
    elif not row.update(partners=numbers.partners, people=numbers.people):
        Segment.objects.create(**where, partners=numbers.partners, people=numbers.people)


def _record(
    changed: Mapping[Place, Numbers], standing: Mapping[Place, Numbers], why: str, by: User, at: datetime
) -> None:
    """One event for all of them: each segment by name, what was wanted, what is, and its ids."""
    names = Names.fetch()
    changes = {
        names.of(place): [str(standing.get(place, NONE)), str(each), place] for place, each in changed.items()
    }
    Event.record(KIND, at, by, changes=changes, note=why)


@dataclass(frozen=True)
class Names:
    """What types, regions and verticals are called."""

    kinds: dict[int, str]
    regions: dict[int, str]
    verticals: dict[int, str]

    @classmethod
    def fetch(cls) -> Names:
        """All of them, in the order they are kept in; three queries."""
        nouns = (PartnerType, Region, Vertical)
        return cls(*(dict(noun._default_manager.values_list("pk", "name")) for noun in nouns))

    def of(self, place: Place) -> str:
        """A segment in words: "Reseller · DACH · any vertical"."""
        kind, region, vertical = place
        return " · ".join(
            [
                _("any type") if kind is None else self.kinds.get(kind, "?"),
                _("any region") if region is None else self.regions.get(region, "?"),
                _("any vertical") if vertical is None else self.verticals.get(vertical, "?"),
            ]
        )


def changes(most: int = 20) -> list[Event]:
    """The last changes, the newest first."""
    return list(Event.objects.filter(kind=KIND).select_related("by_user")[:most])
