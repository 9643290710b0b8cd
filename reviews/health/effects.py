"""What a draft of the formula would do, shown before it is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from partners import organisations
from partners.models import Partner
from reviews.health import reckoning, scoring, telling
from reviews.health.models import HealthFormula
from reviews.health.scoring import Reading, Rules
from reviews.health.telling import Reason
from team.models import User

SHOWN = 50  # partners that would move
NAMED = 3  # reasons of each
ORDER = (scoring.HEALTHY, scoring.WATCH, scoring.RISK, scoring.NONE)


@dataclass(frozen=True)
class Moved:
    """A partner whose colour would be another, and what makes it so."""

    partner: Partner
    now: Reading
    then: Reading
    reasons: list[Reason]

    @property
    def words(self) -> str:
        """Like “Healthy 72.5 → Watch 64.3”."""
        return " → ".join(telling.stood(each.colour, each.score) for each in (self.now, self.then))

    @property
    def is_up(self) -> bool:
        return (self.then.score or 0) > (self.now.score or 0)


@dataclass(frozen=True)
class Effect:
    """How many partners would change their colour, from which to which, and who."""

    measured: int
    ways: list[tuple[str, str, int]]
    movers: list[Moved]
    hidden: int  # of those that move, whom the reader may not read

    @property
    def moved(self) -> int:
        return sum(n for _now, _then, n in self.ways)

    @property
    def is_cut(self) -> bool:
        return self.moved - self.hidden > len(self.movers)


def of(draft: HealthFormula, current: HealthFormula, at: datetime, reader: User) -> Effect:
    """The effect of a draft as things stand, colours by the thresholds alone; the farthest move first.

    Counts are of all partners; named are those that the reader may read."""
    count, ways, found = 0, Counter[tuple[str, str]](), []
    for pk, now, then in _both(current.rules, draft.rules, at):
        count += 1
        if now.colour != then.colour:
            ways[now.colour, then.colour] += 1
            found.append((-abs((then.score or 0) - (now.score or 0)), pk, now, then))
    seen = organisations.seen_among([each[1] for each in found], reader)
    shown = [each for each in found if each[1] in seen]
    first = sorted(shown, key=lambda each: each[:2])[:SHOWN]
    partners = Partner.objects.in_bulk([pk for _far, pk, _now, _then in first])
    movers = [Moved(partners[pk], now, then, _reasons(now, then)) for _far, pk, now, then in first]
    words = telling.colour_words
    told = [(words(a), words(b), ways[a, b]) for a in ORDER for b in ORDER if ways[a, b]]
    return Effect(count, told, movers, len(found) - len(shown))


def _both(now: Rules, then: Rules, at: datetime) -> Iterator[tuple[int, Reading, Reading]]:
    """Each live partner read by both; where only weights and thresholds differ, counted once."""
    is_same = replace(then, weights=now.weights, healthy_from=0, watch_from=0) == replace(
        now, healthy_from=0, watch_from=0
    )
    either = {key: max(now.weights.get(key, 0), then.weights.get(key, 0)) for key in reckoning.MEASURES}
    for ids in reckoning.chunks():
        facts = _facts(ids, replace(now, weights=either), at)
        other = facts if is_same else _facts(ids, then, at)
        for pk in ids:
            yield pk, scoring.read(facts.get(pk, {}), now), scoring.read(other.get(pk, {}), then)


def _facts(ids: Sequence[int], rules: Rules, at: datetime) -> dict[int, dict[str, scoring.Fact]]:
    return reckoning.facts(reckoning.asked(ids, rules, at))


def _reasons(now: Reading, then: Reading) -> list[Reason]:
    before, after = ({line.key: line.points for line in each.lines} for each in (now, then))
    return telling.differences(before, after)[:NAMED]
