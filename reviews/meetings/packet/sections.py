"""The sections there are. Each draws what it shows of one partner and one time; what has no source yet is
registered by whoever builds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.utils.functional import Promise

from partners.models import Partner
from prm.questions import Asked as Unasked
from reviews.meetings.moments import start_of
from reviews.models import Review

Values = dict[str, Any]
T = TypeVar("T")
AHEAD = timedelta(days=92)
MOMENT = timedelta(microseconds=1)
CONFIDENTIAL: Values = {"is_confidential": True}  # a figure or the pill of a line: `reading` withholds it


@dataclass(frozen=True)
class Asked:
    """Of which partner, from a day to a day in the company's zone, as of a moment. Its fiscal year begins in
    the month `begins`."""

    partner: Partner
    since: date
    until: date
    at: datetime
    review: Review
    zone: str
    begins: int
    frozen_at: datetime | None = None  # of a packet that is frozen: what came later that day is not its
    begun_at: datetime | None = None  # the packet before was frozen then, on the day before the first
    read: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, source: Callable[[Asked], T]) -> T:
        """What is made of the record, once for all sections."""
        if source not in self.read:
            self.read[source] = source(self)
        found: T = self.read[source]
        return found

    def rows(self, source: Callable[[Asked], Unasked[T]]) -> list[T]:
        """The rows of a source, asked once for all sections."""
        if source not in self.read:
            self.read[source] = source(self).ask()
        found: list[T] = self.read[source]
        return found

    def reads(self, sections: Iterable[Section]) -> list[Unasked[Any]]:
        """What these sections read of the record."""
        sources = dict.fromkeys(source for section in sections for source in section.reads)
        return [each for source in sources for each in _listed(source(self))]

    @property
    def after(self) -> tuple[date, date]:
        """The last day, and the end of the three months after it."""
        return self.until, self.until + AHEAD

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment of its first day, or from the freezing of the packet before, up to the end of
        the last in our zone, or to the moment it was frozen on that."""
        begin = self.begun_at + MOMENT if self.begun_at else start_of(self.since, self.zone)
        return begin, self.cut_at + MOMENT if self.cut_at else self._end

    @property
    def cut_at(self) -> datetime | None:
        """When it was frozen, where that was on its last day: what was recorded later that day is of the next
        packet and corrects nothing in this one."""
        return self.frozen_at if self.frozen_at and self.frozen_at < self._end else None

    @property
    def edges(self) -> tuple[date, date]:
        """The days it shares with the packet before and the next: of the first it has what was recorded from
        its beginning on, of the second what was recorded up to its end. The last day there is for none."""
        before = self.since - timedelta(days=1) if self.begun_at else date.max
        return before, self.until if self.cut_at else date.max

    @property
    def _end(self) -> datetime:
        return start_of(self.until + timedelta(days=1), self.zone)


Source = Callable[[Asked], Unasked[Any] | Sequence[Unasked[Any]]]


def _listed(asked: Unasked[Any] | Sequence[Unasked[Any]]) -> Sequence[Unasked[Any]]:
    return [asked] if isinstance(asked, Unasked) else asked


@dataclass(frozen=True)
class Section:
    """A part of the packet. `words` define what it counts, `version` goes up when they change. `draw` gives
    values that JSON keeps, {} where there is nothing to show; those of a time past are `restated` when
    they were corrected since; `anew` tells them from what was kept, where drawing again would not do.
    `reads` are the sources it draws from."""

    key: str
    title: str | Promise
    words: str | Promise
    draw: Callable[[Asked], Values]
    version: int = 1
    restates: bool = False
    anew: Callable[[Values, Asked], Values] | None = None
    reads: Sequence[Source] = ()

    @property
    def template(self) -> str:
        return f"reviews/packet/{self.key}.html"


_sections: dict[str, tuple[int, Section]] = {}


def register(place: int, section: Section) -> None:
    """Register a section; lower places stand first until a manager arranges them otherwise."""
    _sections[section.key] = (place, section)


def all_sections() -> list[Section]:
    return [section for _place, section in sorted(_sections.values(), key=lambda each: each[0])]


def named(key: str) -> Section | None:
    found = _sections.get(key)
    return found[1] if found else None
