"""What a draft of rules would do, shown before it is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lifecycle.growth.tiering import criteria, evaluating
from lifecycle.growth.tiering.criteria import Criterion
from lifecycle.growth.tiering.models import Requirement, TierRules
from lifecycle.growth.tiering.rules import Direction
from partners import organisations
from partners.models import Membership
from team.models import User

SHOWN = 50  # memberships of a direction


@dataclass(frozen=True)
class Moved:
    """A membership that would go elsewhere."""

    membership: Membership
    to: str


@dataclass(frozen=True)
class Effect:
    """How many memberships would rise, fall and stay, and which."""

    rise: int
    fall: int
    stay: int
    rising: list[Moved]
    falling: list[Moved]
    hidden: int  # of those that rise and fall, whose partner the reader may not read
    most: int = SHOWN

    @property
    def is_cut(self) -> bool:
        return self.rise + self.fall - self.hidden > len(self.rising) + len(self.falling)


def of(draft: TierRules, day: date, reader: User) -> Effect:
    """The effect of a draft as things stand; as many questions for many memberships as for few.

    Counts are of all memberships; named are those whose partner the reader may read."""
    by_way: dict[Direction, list[evaluating.Found]] = {way: [] for way in Direction}
    for each in evaluating.outcomes(draft, day):
        by_way[each.outcome.direction].append(each)
    moving = [*by_way[Direction.RISE], *by_way[Direction.FALL]]
    seen = organisations.seen_among([each.partner for each in moving], reader)
    rising, falling = (
        [each for each in by_way[way] if each.partner in seen] for way in (Direction.RISE, Direction.FALL)
    )
    first = [*rising[:SHOWN], *falling[:SHOWN]]
    related = Membership.objects.select_related("partner", "tier")
    rows = related.in_bulk([each.membership for each in first])
    names = dict(draft.programme.tiers.values_list("pk", "name"))
    moved = {
        each.membership: Moved(rows[each.membership], names.get(each.outcome.to or 0, "")) for each in first
    }
    return Effect(
        len(by_way[Direction.RISE]),
        len(by_way[Direction.FALL]),
        len(by_way[Direction.STAY]),
        [moved[each.membership] for each in rising[:SHOWN]],
        [moved[each.membership] for each in falling[:SHOWN]],
        hidden=len(moving) - len(rising) - len(falling),
    )


@dataclass(frozen=True)
class Wanted:
    """A requirement in words."""

    requirement: Requirement
    words: str
    about: str


def in_words(requirement: Requirement, known: Mapping[str, Criterion]) -> Wanted:
    criterion = known.get(requirement.criterion) or criteria.missing(requirement.criterion)
    over = criteria.window(requirement, criterion)
    said = criterion.said(requirement.wanted, requirement.currency)
    return Wanted(requirement, f"{said} {criterion.unit} {over}".strip(), str(criterion.words))
