"""A log in one line: "call meridian 20m tier worry, promise prep pack fri".

The line says a kind, who it was with, how long, what happened, and after "promise" what by when; all but one
may be missing. Who it was with stands before the first comma or the minutes, or is the line's first words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from conversations.catching import days, words
from prm import search
from prm.calendars import WorkCalendar

LONGEST = 300  # letters
NAMING = 6  # words among which a name is looked for
SHORTEST = 3  # letters that may stand for a longer word of a name
DAY_LONG = 24 * 60  # minutes
EDGES = " ,;:-–—"

KINDS = {word: kind for kind, listed in words.meant("kinds").items() for word in listed}
WITH = set(words.listed("with"))
PROMISE = re.compile(
    words.fill(r"(?<!\w)(?:(?P<they>{they}) )?(?:{promise words})(?!\w):?(?: to(?!\w))?"), re.IGNORECASE
)
MINUTES = re.compile(
    r"(?<![\w.,:])(?:(?P<hours>\d{1,2}(?:[.,]\d{1,2})?)\s?(?:h|hrs?|hours?|std|stunden?)"
    r"(?:\s?(?P<and>[0-5]?\d)\s?(?:m|min|mins|minutes|minuten)?)?"
    r"|(?P<minutes>\d{1,4})\s?(?:m|min|mins|minutes?|minuten?))(?!\w)",
    re.IGNORECASE,
)
BREAK = re.compile(r"[,;:]\s|\s[-–—]\s")


@dataclass(frozen=True)
class Line:
    """What a line says. `naming` are the words among which somebody is named, `rest` what follows them."""

    kind: str  # a channel, or "" where none is named
    minutes: int | None
    naming: tuple[str, ...]
    rest: str
    promise: str
    promised_for: date | None
    side: str  # whose promise: "ours" or "theirs"
    said: str  # the promise as it was typed

    def note(self, taken: Iterable[int] = ()) -> str:
        """What happened, without the words of `naming` that named somebody, nor a "with" before them."""
        named = set(taken)
        left_out = named | {n - 1 for n in named if n and self.naming[n - 1].lower() in WITH}
        kept = [word for n, word in enumerate(self.naming) if n not in left_out]
        return " ".join([*kept, self.rest]).strip(EDGES) or self.said


def read(text: str, now: datetime, calendar: WorkCalendar) -> Line:
    """Take a line apart; `now` is the reader's local time."""
    text = " ".join(text.replace("\0", " ").split())
    told, promised = _parted(text)
    said = text[promised.start() :] if promised else ""
    told, minutes, cut = _less_minutes(told)
    kind, heard = _less_kind(told[:cut].split())
    rest = told[cut:].strip(EDGES)
    if not heard:
        heard, rest = rest.split(), ""
    naming, rest = heard[:NAMING], " ".join([*heard[NAMING:], rest]).strip()
    words_of, on = _promise(text[promised.end() :], now, calendar) if promised else ("", None)
    side = "theirs" if promised and promised["they"] else "ours"
    return Line(kind, minutes, tuple(naming), rest, words_of, on, side, said)


def _parted(text: str) -> tuple[str, re.Match[str] | None]:
    """What happened, and where the promise begins; the first word of a line is none."""
    promised = next((match for match in PROMISE.finditer(text) if match.start()), None)
    return (text[: promised.start()] if promised else text), promised


def _less_minutes(told: str) -> tuple[str, int | None, int]:
    """The text without its minutes, these, and where the words end that may name somebody."""
    ends = BREAK.search(told)
    cut = ends.start() if ends else len(told)
    for match in MINUTES.finditer(told):
        minutes = _minutes(match)
        if minutes <= DAY_LONG:
            before, after = told[: match.start()], told[match.end() :]
            return before + after, minutes, min(cut, len(before))
    return told, None, cut


def _minutes(match: re.Match[str]) -> int:
    if match["minutes"]:
        return int(match["minutes"])
    return round(float(match["hours"].replace(",", ".")) * 60) + int(match["and"] or 0)


def _less_kind(heard: list[str]) -> tuple[str, list[str]]:
    for n, word in enumerate(heard[:NAMING]):
        if kind := KINDS.get(word.lower()):
            return kind, heard[:n] + heard[n + 1 :]
    return "", heard


def _promise(said: str, now: datetime, calendar: WorkCalendar) -> tuple[str, date | None]:
    """What is promised, and its day: the last that is named."""
    found = days.find(said, now, calendar, terse=True)
    day = found[-1] if found else None
    if day:
        said = f"{said[: day.start]} {said[day.end :]}"
    said = " ".join(said.split()).strip(EDGES + ".")
    return said[:1].upper() + said[1:], day.on if day else None


# --- names ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Match:
    """How well a line names something; the least is the best. `taken` are the words that name it."""

    rank: tuple[int, int, int]
    taken: tuple[int, ...]


WHOLE, BEGUN, PART, BESIDE = range(4)


def match(naming: Sequence[str], name: str, key: str = "") -> Match | None:
    """How these words name `name`: all of it, its beginning, parts of it; or only what its search key holds
    besides. Of equals what is named earlier and by more letters is better."""
    heard, parts = [search.fold(word) for word in naming], search.fold(name).split()
    found = [_run(heard, parts, at, start) for at in range(len(heard)) for start in range(len(parts))]
    beside = search.fold(key).split() if key else []
    found += [
        Match((BESIDE, at, -len(word)), (at,))
        for at, word in enumerate(heard)
        if len(word) >= SHORTEST and any(part.startswith(word) for part in beside)
    ]
    return min((one for one in found if one), key=lambda one: one.rank, default=None)


def _run(heard: list[str], parts: list[str], at: int, start: int) -> Match | None:
    """The words from `at` on that are those of the name from `start` on, or begin them."""
    length = 0
    for word, part in zip(heard[at:], parts[start:], strict=False):
        if word != part and not (len(word) >= SHORTEST and part.startswith(word)):
            break
        length += 1
    long = any(len(word) >= SHORTEST for word in heard[at : at + length])
    if not length or (not long and length < len(parts)):
        return None
    same = heard[at : at + length] == parts[start : start + length]
    how = PART if start or not same else WHOLE if length == len(parts) else BEGUN
    letters = sum(len(word) for word in heard[at : at + length])
    return Match((how, at, -letters), tuple(range(at, at + length)))
