"""What a trial found: what was to be there once, what of it is missing, what is there more than once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Count:
    what: str
    expected: int
    lost: int
    twice: int


def tally(what: str, expected: Iterable[str], found: Iterable[str]) -> Count:
    """Compare what is there with what should be, each once; what nobody expected counts as twice."""
    wanted, counted = set(expected), Counter(found)
    beyond = sum(number - (name in wanted) for name, number in counted.items())
    return Count(what, len(wanted), len(wanted - set(counted)), beyond)


@dataclass
class Outcome:
    """The counts of a trial, what it measured, in words, and what else is not as it must be."""

    counts: list[Count]
    says: str = ""
    wrong: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        return sum(count.lost for count in self.counts)

    @property
    def twice(self) -> int:
        return sum(count.twice for count in self.counts)

    @property
    def is_right(self) -> bool:
        """Nothing lost, nothing twice, nothing wrong; and something was counted."""
        expected = sum(count.expected for count in self.counts)
        return bool(expected) and not (self.lost or self.twice or self.wrong)

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Outcome:
        read = json.loads(text)
        return cls([Count(**count) for count in read["counts"]], read["says"], read["wrong"])
