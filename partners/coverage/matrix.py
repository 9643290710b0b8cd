"""The numbers of one type as a page shows and reads them: regions down, verticals across."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from partners.coverage.wanting import MOST, NONE, Numbers, Place, wanted
from partners.models import PartnerType
from team.models import Named, Region, Vertical

Choice = tuple[int | None, str]


@dataclass(frozen=True)
class Box:
    """One field: its name, its words for who cannot see the table, what stands in it."""

    name: str
    label: str
    text: str
    is_wrong: bool


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[tuple[Box, Box]]  # live partners, certified people


@dataclass
class Matrix:
    """What is wanted of a type (None: of any), with what was typed over it."""

    kind: int | None
    typed: Mapping[str, str] | None = None
    faults: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)  # names of fields

    @cached_property
    def wanted(self) -> dict[Place, Numbers]:
        return wanted()

    @cached_property
    def regions(self) -> list[Choice]:
        return [(None, _("Any region")), *_offered(Region, {place[1] for place in self.wanted})]

    @cached_property
    def verticals(self) -> list[Choice]:
        return [(None, _("Any vertical")), *_offered(Vertical, {place[2] for place in self.wanted})]

    @cached_property
    def numbers(self) -> dict[Place, Numbers]:
        """What was typed, of every segment; what cannot be read stands in `faults`."""
        return {
            (self.kind, region, vertical): Numbers(
                self._read("p", (region, region_name), (vertical, vertical_name)),
                self._read("c", (region, region_name), (vertical, vertical_name)),
            )
            for region, region_name in self.regions
            for vertical, vertical_name in self.verticals
        }

    def _read(self, what: str, region: Choice, vertical: Choice) -> int:
        name = _name(what, region[0], vertical[0])
        text = (self.typed or {}).get(name, "").strip()
        if not text:
            return 0
        if text.isascii() and text.isdigit() and len(text) <= 4:
            return int(text)
        self.wrong.add(name)
        said = _("{where}: “{text}” is no number from 0 to {most}.")
        self.faults.append(said.format(where=_label(what, region[1], vertical[1]), text=text[:40], most=MOST))
        return 0

    def rows(self) -> list[Row]:
        """Every segment with its two fields."""
        return [
            Row(region[1], [self._cell(region, vertical) for vertical in self.verticals])
            for region in self.regions
        ]

    def _cell(self, region: Choice, vertical: Choice) -> tuple[Box, Box]:
        each = self.wanted.get((self.kind, region[0], vertical[0]), NONE)
        return self._box("p", region, vertical, each.partners), self._box("c", region, vertical, each.people)

    def _box(self, what: str, region: Choice, vertical: Choice, number: int) -> Box:
        name = _name(what, region[0], vertical[0])
        text = str(number or "") if self.typed is None else self.typed.get(name, "")
        return Box(name, _label(what, region[1], vertical[1]), text, name in self.wrong)


def types() -> list[PartnerType]:
    """The types that are offered."""
    return list(PartnerType.objects.filter(retired_at=None))


def _offered(noun: type[Named], used: set[int | None]) -> list[Choice]:
    """The entries that are offered, and retired ones for which something is wanted still."""
    rows = noun._default_manager.all()
    return [(row.pk, row.name) for row in rows if row.retired_at is None or row.pk in used]


def _name(what: str, region: int | None, vertical: int | None) -> str:
    return f"{what}-{region or 0}-{vertical or 0}"


def _label(what: str, region: str, vertical: str) -> str:
    noun = _("live partners") if what == "p" else _("certified people")
    return f"{region}, {vertical}, {noun}"
