"""Pasted chats, read: WhatsApp (English and German, exported or copied on phone or web), Teams and Slack.

Pure, and in time linear to the text: every line is looked at by a handful of anchored patterns without
nested repetition. A line without a time of its own belongs to the message before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LONGEST = 200_000  # letters
MOST = 500  # messages
HEAD = 200  # letters of a line in which its time and author stand
NAME = 80

_DAY = r"(?P<day>\d{1,4}[./-]\d{1,2}(?:[./-](?:\d{4}|\d{2}))?\.?)"
_TIME = r"(?P<time>\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u00a0\u202f]?[AaPp]\.?[Mm]\.?)?)"
_NAME = rf"(?P<name>[^:\[\]]{{1,{NAME}}}?)"
_MARKS = "\u200e\u200f\u202a\u202c\ufeff"

# [03.06.26, 10:15:32] Nora: Hello    [10:15, 3.6.2026] Nora: Hello    [03.06. 10:15] Nora
_BRACKETS = re.compile(rf"\[(?:{_DAY},? )?{_TIME}\] ?(?:{_NAME}(?:: ?(?P<text>.*))?)?$")
_TURNED = re.compile(rf"\[{_TIME},? {_DAY}\] ?(?:{_NAME}(?:: ?(?P<text>.*))?)?$")
# 03.06.26, 10:15 - Nora: Hello
_DASHED = re.compile(rf"{_DAY},? {_TIME} [-\u2013] (?:{_NAME}: ?)?(?P<text>.*)$")
# Nora Berg  [10:15 AM]    Nora Berg  10:15 AM    Nora Berg 03.06.2026 10:15
_AFTER = re.compile(
    rf"(?P<name>[^\d:\[\]]{{1,{NAME}}}?)(?: {{2,4}}| (?=\[)|,? (?=\d+[./-]\d+))\[?(?:{_DAY},? )?{_TIME}\]?$"
)
_SHAPES = (_TURNED, _BRACKETS, _DASHED, _AFTER)


@dataclass(frozen=True)
class Line:
    """One message: the line of the text it begins in, when (local, without zone), who, what."""

    number: int
    at: datetime
    author: str
    text: str


@dataclass(frozen=True)
class Chat:
    """What was read. `before` are lines that stand before the first time, and belong to nothing."""

    lines: list[Line]
    before: list[str]

    @property
    def authors(self) -> list[str]:
        """Everybody who writes, in the order in which they first do."""
        return list(dict.fromkeys(line.author for line in self.lines))


@dataclass(frozen=True)
class _Head:
    day: str
    time: str
    author: str
    text: str
    is_system: bool


def read(text: str, today: date, on: date | None = None) -> Chat:
    """The messages of a pasted text. `on` is the day of times that stand without one, else `today`; a day
    without a year is the last such day up to `today`. Lines that say only what the app did are left out."""
    rows = [_plain(row) for row in text[:LONGEST].splitlines()]
    heads = [_head(row) for row in rows]
    american = _is_american([head for head in heads if head is not None])
    said: list[tuple[int, datetime, str, list[str]]] = []
    before: list[str] = []
    current, author, into = on or today, "", before
    for number, (row, head) in enumerate(zip(rows, heads, strict=True), start=1):
        moment = _moment(head, american, current, today) if head is not None else None
        if head is None or moment is None or not (head.author or author or head.is_system):
            into.append(row)
            continue
        current, author = moment.date() if head.day else current, head.author or author
        into = [head.text]
        if not head.is_system:
            said.append((number, moment, author, into))
    lines = [Line(number, at, who, "\n".join(parts).strip()) for number, at, who, parts in said]
    return Chat([line for line in lines if line.text], [row for row in before if row])


def _plain(row: str) -> str:
    """A line without the marks of direction that phones put in, and with plain spaces."""
    kept = row.translate({ord(mark): None for mark in _MARKS})
    return kept.replace("\u00a0", " ").replace("\u202f", " ").rstrip()


def _head(row: str) -> _Head | None:
    """The time and the author a line begins with; None where it has none."""
    if not row[:1].strip():
        return None
    start = row[:HEAD]
    for shape in _SHAPES:
        found = shape.match(start)
        if found is not None:
            said = found.groupdict()
            text = (said.get("text") or "") + (row[HEAD:] if said.get("text") is not None else "")
            name = (said.get("name") or "").strip(" ~")
            return _Head(said.get("day") or "", said["time"], name, text, shape is _DASHED and not name)
    return None


def _is_american(heads: list[_Head]) -> bool:
    """Whether the month stands first: as a number over twelve shows, else as AM and PM suggest."""
    pairs = [part for head in heads if "/" in head.day for part in [head.day.split("/")]]
    if any(int(first) > 12 for first, *_ in pairs):
        return False
    if any(len(part) > 1 and int(part[1]) > 12 for part in pairs):
        return True
    return bool(pairs) and any(head.time.rstrip(". ").lower().endswith("m") for head in heads)


def _moment(head: _Head, american: bool, current: date, today: date) -> datetime | None:
    clock = _clock(head.time)
    day = _day(head.day, american, today) if head.day else current
    return datetime.combine(day, clock) if clock is not None and day is not None else None


def _clock(typed: str) -> time | None:
    numbers = [int(part) for part in re.findall(r"\d+", typed)]
    letters = typed.lower()
    hour = numbers[0]
    if "p" in letters or "a" in letters:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if "p" in letters else 0)
    try:
        return time(hour, numbers[1], numbers[2] if len(numbers) > 2 else 0)
    except ValueError:
        return None


def _day(typed: str, american: bool, today: date) -> date | None:
    parts = [int(part) for part in re.findall(r"\d+", typed)]
    if parts[0] > 31 and len(parts) == 3:  # 2026-06-03
        return _date(*parts)
    first, second, *rest = parts
    day, month = (second, first) if american and "/" in typed else (first, second)
    if rest:
        return _date(rest[0] + (2000 if rest[0] < 100 else 0), month, day)
    found = _date(today.year, month, day) or _date(today.year - 1, month, day)
    if found is not None and found > today + timedelta(days=1):
        return _date(today.year - 1, month, day)
    return found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def in_order(lines: list[Line]) -> Iterator[Line]:
    """By their times; those of one minute as they stand."""
    yield from sorted(lines, key=lambda line: (line.at, line.number))
