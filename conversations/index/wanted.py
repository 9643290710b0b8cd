"""What the index is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conversations.phrases import Spelling

READ = 50_000  # letters of a message, from its beginning, that can be found


@dataclass(frozen=True)
class Wanted:
    """What a message must have: one of these spellings, or one of these authors."""

    spellings: tuple[Spelling, ...]
    authors: tuple[int, ...] = ()


@dataclass(frozen=True)
class Mark:
    """Where a message stands, newest first. As text it goes into an address."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.pk}"

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """The mark in an address; None where it is none."""
        at, _, pk = text.partition("~")
        try:
            mark = cls(datetime.fromisoformat(at.replace(" ", "+")), int(pk))
        except ValueError:
            return None
        return mark if mark.at.tzinfo and 1970 < mark.at.year < 2200 and 0 <= mark.pk < 2**62 else None


@dataclass(frozen=True)
class Query:
    """All of `wanted` must be there; `partners` are those looked among, None for all of them."""

    wanted: tuple[Wanted, ...]
    partners: tuple[int, ...] | None = None
