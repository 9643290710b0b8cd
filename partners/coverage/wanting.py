"""The numbers wanted: set for a type at a time, or from a list; each change with who and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import Event, PartnerType, Segment
from prm.refusals import Refused
from team.models import Region, User, Vertical

KIND = "coverage_wanted"
MOST = 9999  # partners or people of one segment
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


NONE = Numbers()


def wanted() -> dict[Place, Numbers]:
    """What is wanted where; one query."""
    rows = Segment.objects.values_list("kind", "region", "vertical", "partners", "people")
    return {(kind, region, vertical): Numbers(*numbers) for kind, region, vertical, *numbers in rows}


def seen() -> str:
    """A mark of what stands now: whoever changes it hands it back, so that nobody overwrites another."""
    last = Event.objects.filter(kind=KIND).values_list("pk", flat=True).first()
    return str(last or "")


@transaction.atomic
def want(numbers: Mapping[Place, Numbers], why: str, by: User, at: datetime, mark: str | None = None) -> int:
    """Set what is wanted in these segments (nothing where the numbers are 0); how many changed.

    Refused without a why, and where somebody changed them since `mark`.
    """
    if mark is not None and mark != seen():
        raise CoverageRefused(_("Somebody changed the numbers meanwhile. Open the page anew and compare."))
    standing = wanted()
    changed = {place: each for place, each in numbers.items() if standing.get(place, NONE) != each}
    if not changed:
        return 0
    if not why.strip():
        raise CoverageRefused(_("Say why: it stays beside the change."))
    for place, each in changed.items():
        _write(place, each)
    _record(changed, standing, why.strip(), by, at)
    return len(changed)


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
    """One event for all of them: each segment by name, what was wanted and what is."""
    names = Names.fetch()
    changes = {
        names.of(place): [str(standing.get(place, NONE)), str(each)] for place, each in changed.items()
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
