"""What is wanted beside what there is: segments, the gaps among them, the table of one type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.coverage.counting import NOTHING, Have, counts
from partners.coverage.wanting import NONE, Numbers, Place
from partners.models import Segment
from partners.organisations import local_day
from team.companies import zone_of
from team.models import User

PARTS = ("kind", "covers", "vertical")  # as the list of partners filters by them
GAPS = 3  # that a headline names


@dataclass(frozen=True)
class Standing:
    """One segment: what is wanted (nothing, perhaps) and what there is."""

    place: Place
    names: tuple[str, str, str]
    wanted: Numbers
    have: Have
    is_judged: bool = True  # not where its reader may not read all partners

    def __str__(self) -> str:
        """Like "Reseller · DACH · any vertical"."""
        anything = (_("any type"), _("any region"), _("any vertical"))
        said = " · ".join(name or any_ for name, any_ in zip(self.names, anything, strict=True))
        return said[:1].upper() + said[1:]

    @property
    def is_empty(self) -> bool:
        """Nothing is wanted, and nobody there."""
        return not self.wanted and not self.have.live

    @property
    def lacks(self) -> Numbers:
        if not self.is_judged:
            return NONE
        return Numbers(
            max(0, self.wanted.partners - self.have.live), max(0, self.wanted.people - self.have.people)
        )

    @property
    def is_gap(self) -> bool:
        return bool(self.lacks)

    @property
    def is_filled(self) -> bool:
        return self.is_judged and bool(self.wanted) and not self.lacks

    @property
    def missing(self) -> float:
        """How much of what is wanted is lacking: 0 to 2, a whole for partners and one for people."""
        return sum(
            lacks / wanted
            for lacks, wanted in (
                (self.lacks.partners, self.wanted.partners),
                (self.lacks.people, self.wanted.people),
            )
            if wanted
        )

    @property
    def short(self) -> str:
        """What is lacking in words; "" where nothing is."""
        lacks, said = self.lacks, []
        if lacks.partners:
            said.append(ngettext("{n} partner", "{n} partners", lacks.partners).format(n=lacks.partners))
        if lacks.people:
            said.append(
                ngettext("{n} certified person", "{n} certified people", lacks.people).format(n=lacks.people)
            )
        return ", ".join(said)

    @property
    def query(self) -> str:
        return urlencode([(name, part) for name, part in zip(PARTS, self.place, strict=True) if part])

    @property
    def live_url(self) -> str:
        return _list("status=live", self.query)

    @property
    def prospects_url(self) -> str:
        """The prospects that would fill it, best fit first."""
        return _list("status=prospect", self.query, "sort=-fit")

    @property
    def people_url(self) -> str:
        return f"{reverse('dashboards:certified_people')}?{self.query}"


def _list(*queries: str) -> str:
    return f"{reverse('partners:list')}?{'&'.join(query for query in queries if query)}"


# --- all of them ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coverage:
    """Every wanted segment, in the order of types, regions and verticals; and what there is anywhere."""

    segments: Sequence[Standing]
    have: Mapping[Place, Have]
    is_judged: bool = True  # not where its reader may not read all partners

    @property
    def with_live(self) -> int:
        return sum(each.have.live > 0 for each in self.segments)

    @property
    def with_certified(self) -> int:
        """With a live partner that has a certified person."""
        return sum(each.have.certified > 0 for each in self.segments)

    @property
    def filled(self) -> int:
        """With all the partners and people that are wanted."""
        return sum(each.is_filled for each in self.segments)

    @property
    def gaps(self) -> list[Standing]:
        """Where something is lacking, the largest part of what is wanted first."""
        return sorted((each for each in self.segments if each.is_gap), key=lambda each: -each.missing)

    @property
    def words(self) -> str:
        """The finding; "" where nothing is wanted or judged."""
        n = len(self.segments)
        if not n or not self.is_judged:
            return ""
        said = ngettext(
            "{k} of {n} wanted segment has a live partner",
            "{k} of {n} wanted segments have a live partner",
            n,
        )
        return said.format(k=self.with_live, n=n)


@dataclass(frozen=True)
class Headline:
    """How coverage stands, for a card: its finding, how many segments, and the largest gaps."""

    words: str
    wanted: int
    with_live: int
    with_certified: int
    filled: int
    gaps: Sequence[Standing]
    is_judged: bool


def headline(user: User, at: datetime, zone: str = "") -> Headline:
    """How coverage stands at a moment, of the partners this person may read; two queries, one more where
    the company's zone is not given."""
    found = coverage(user, local_day(at, zone or zone_of()))
    gaps = found.gaps[:GAPS]
    numbers = (len(found.segments), found.with_live, found.with_certified, found.filled)
    return Headline(found.words, *numbers, gaps, found.is_judged)


def coverage(user: User, on: date, only: Place = (None, None, None)) -> Coverage:
    """Wanted segments beside what there is on a day; of some type, region or vertical `only`. Who reads its
    own partners alone cannot tell what lacks: nothing is judged then. Two queries."""
    rows = list(_wanted(only))
    if not rows:
        return Coverage([], {})
    have = counts(user, on)
    is_judged = not user.reads_own_only
    return Coverage([_standing(row, have, is_judged) for row in rows], have, is_judged)


def _standing(row: Any, have: Mapping[Place, Have], is_judged: bool) -> Standing:
    place, (kind, region, vertical), numbers = row[:3], row[3:6], row[6:]
    names = (kind or "", region or "", vertical or "")
    return Standing(place, names, Numbers(*numbers), have.get(place, NOTHING), is_judged)


def _wanted(only: Place) -> Any:
    asked = {name: pk for name, pk in zip(("kind", "region", "vertical"), only, strict=True) if pk}
    order = [F(f"{name}__position").asc(nulls_first=True) for name in ("kind", "region", "vertical")]
    return (
        Segment.objects.filter(**asked)
        .order_by(*order, "pk")
        .values_list(
            *("kind", "region", "vertical"),
            *("kind__name", "region__name", "vertical__name"),
            *("partners", "people"),
        )
    )


# --- as tables --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """The segments of one type: regions down, verticals across; each of both first for any."""

    kind: int | None
    name: str
    verticals: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Standing]]]
    whole: Standing


def tables(found: Coverage) -> list[Table]:
    """A table for each type that something is wanted of, with the regions and verticals it is wanted in."""
    kinds = dict.fromkeys((each.place[0], each.names[0]) for each in found.segments)
    return [_table(kind, name, found) for kind, name in kinds]


def _table(kind: int | None, name: str, found: Coverage) -> Table:
    mine = [each for each in found.segments if each.place[0] == kind]
    wanted = {each.place: each for each in mine}
    regions = _named(1, mine)
    verticals = _named(2, mine)

    def at(region: tuple[int | None, str], vertical: tuple[int | None, str]) -> Standing:
        place = (kind, region[0], vertical[0])
        names = (name, region[1], vertical[1])
        return wanted.get(place) or Standing(place, names, NONE, found.have.get(place, NOTHING))

    rows = [(region[1] or _("Any region"), [at(region, each) for each in verticals]) for region in regions]
    across = [vertical[1] or _("Any vertical") for vertical in verticals]
    return Table(kind, name or _("Any type"), across, rows, at(ANY, ANY))


ANY: tuple[int | None, str] = (None, "")


def _named(part: int, segments: Iterable[Standing]) -> list[tuple[int | None, str]]:
    """Any, then the regions (or verticals) of these segments in their order."""
    order = {(each.place[part], each.names[part]) for each in segments if each.place[part] is not None}
    return [ANY, *sorted(order, key=lambda each: each[1])]
