"""How much each owner looks after, against the band of 10 to 30; those one may not see stand together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards import load
from dashboards.insights.asking import ALL_LOADS, Asking
from dashboards.insights.road import Owned
from dashboards.load import BAND, Load
from team.models import User
from team.persons import LEAST

SCALE = 40  # partners at the right end
SHOWN = 12  # owners; of more, those outside the range come first


@dataclass(frozen=True)
class Carried:
    """One owner and what it looks after."""

    owner: User
    load: Load

    @property
    def bar(self) -> int:
        """The length of its bar, of `SCALE`."""
        return min(self.load.count, SCALE)

    @property
    def tone(self) -> str:
        return "s1" if self.is_inside else "bad" if self.load.count > BAND[1] else "warn"

    @property
    def is_inside(self) -> bool:
        return BAND[0] <= self.load.count <= BAND[1]


@dataclass(frozen=True)
class Loads:
    """Those that this person may see one by one, those of them that are `shown` first, how many `more` there
    are than these, and how many owners there are besides, of whom so many are below and above the range.
    Where they are `of_part` of what an owner has, nobody is judged by it."""

    seen: list[Carried]
    shown: list[Carried]
    more: int
    others: int
    below: int
    above: int
    over: int
    unassigned: int
    of_part: bool

    @property
    def heading(self) -> str:
        if over := self.over:
            return ngettext(
                "{n} owner above the range of {low} to {high}",
                "{n} owners above the range of {low} to {high}",
                over,
            ).format(n=over, low=BAND[0], high=BAND[1])
        return _("Partners per owner")

    @property
    def others_words(self) -> str:
        """The others together; of under five nothing is said of how they carry it."""
        if not self.others:
            return ""
        if self.others < LEAST or self.of_part:
            return ngettext("{n} other owner.", "{n} other owners.", self.others).format(n=self.others)
        return _("{n} other owners: {below} below the range, {inside} inside, {above} above it.").format(
            n=self.others, below=self.below, inside=self.others - self.below - self.above, above=self.above
        )


def read(asking: Asking, owned: list[Owned], shows_all: bool = False) -> Loads:
    """From what `road.standing` counted; no query."""
    rows: dict[User, list[tuple[str, Decimal | None, int]]] = defaultdict(list)
    unassigned = sum(each.n for each in owned if each.owner is None)
    for each in owned:
        if each.owner is not None:
            rows[each.owner].append((each.stage, each.weight, each.n))
    carried = [Carried(owner, load.weigh(theirs)) for owner, theirs in rows.items()]
    carried.sort(key=lambda each: (str(each.owner), each.owner.pk))
    shown = {each.owner for each in owned if each.is_shown}
    seen = [each for each in carried if each.owner in shown]
    others = [each.load.count for each in carried if each not in seen]
    told = others if len(others) >= LEAST else []
    of_part = asking.is_of_part or (
        asking.user.reads_own_only and any(o.owner != asking.user for o in carried)
    )
    below, above = (sum(n < BAND[0] for n in told), sum(n > BAND[1] for n in told))
    first = _first(seen, len(seen) if shows_all or of_part or asking.address.get(ALL_LOADS) else SHOWN)
    return Loads(
        seen=seen,
        shown=first,
        more=len(seen) - len(first),
        others=len(others),
        below=below,
        above=above,
        over=0 if of_part else above + sum(each.load.count > BAND[1] for each in seen),
        unassigned=unassigned,
        of_part=of_part,
    )


def _first(seen: list[Carried], most: int) -> list[Carried]:
    """At most so many: where they are more, those outside the range before the others, by name."""
    return seen if len(seen) <= most else sorted(seen, key=lambda each: each.is_inside)[:most]
