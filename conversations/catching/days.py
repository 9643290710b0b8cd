"""The days a text names as the end of something: "by Friday", "bis Ende der Woche"; today or later."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from conversations.catching import words
from conversations.catching.phrases import DOUBTFUL, ENDS, PATTERNS, PHRASES, Meaning
from conversations.catching.weeks import Here
from prm.calendars import WorkCalendar

FARTHEST = 3660  # days; what lies farther ahead is a slip of the pen


@dataclass(frozen=True)
class Day:
    """A day that is meant, and where the text says so. `is_deadline`: by it, not only on it."""

    on: date
    start: int
    end: int
    is_deadline: bool


@dataclass(frozen=True)
class Phrase:
    pattern: re.Pattern[str]
    meaning: Meaning
    needs_lead: bool


def _compiled(template: str, meaning: Meaning) -> Phrase:
    bare = words.fill(template.removeprefix("… "), PATTERNS)
    pattern = re.compile(rf"(?<![\w.])(?:{bare})(?!\w)", re.IGNORECASE)
    return Phrase(pattern, meaning, template.startswith("… "))


TABLE = [_compiled(*row) for row in PHRASES]
LEAD = re.compile(
    words.fill(
        r"(?<!\w)(?:(?:{truly}) )?(?:(?:(?P<from>{from})|(?P<before>{before})|{on}) )?"
        r"(?:(?:{truly}) )?(?:(?:{the}) )?(?:(?P<last>{last}) )?$"
    ),
    re.IGNORECASE,
)
DEADLINE = words.pattern("deadlines")
SURE_LEAD = re.compile(words.fill(r"(?<!\w)(?:{sure}) $"), re.IGNORECASE)
OPEN_AFTER = re.compile(
    r"'s\b|\s+ago\b|\s+or later\b|\s+(?:at the )?earliest\b|\s+frühestens\b", re.IGNORECASE
)
AFTER = re.compile(
    r"(?:,?\s+(?:at |um |gegen )?(?:\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|uhr|o'clock)\b|\d{1,2}:\d\d\b"
    r"|(?:noon|midday|morning|afternoon|evening|früh|vormittag|mittag|nachmittag|abend)\b))?"
    r"(?:\s+(?:at the latest|latest|spätestens)\b)?",
    re.IGNORECASE,
)
BESIDE = re.compile(r"[\s,]*|\s+(?:or|oder)\s+", re.I)


# --- finding them ---------------------------------------------------------------------------------


def find(text: str, now: datetime, calendar: WorkCalendar, terse: bool = False) -> list[Day]:
    """The days the text means, in its order; `now` is the reader's local time. A `terse` text names
    weekdays by two or three letters anywhere."""
    here, taken, found = Here(now, calendar), bytearray(len(text)), []
    for phrase in TABLE:
        for match in phrase.pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            lead = _lead(text, start)
            if (phrase.needs_lead and lead.start == start) or (not terse and _is_doubtful(match, text)):
                continue
            taken[start:end] = b"\1" * (end - start)
            if day := _meant(here, phrase.meaning, match, lead, text):
                found.append(day)
    return _joined(text, sorted(found, key=lambda day: day.start))


@dataclass(frozen=True)
class Lead:
    """The words that lead to a day: where they begin, whether they leave it open or mean the day before."""

    start: int
    is_open: bool = False
    is_before: bool = False


def _lead(text: str, start: int) -> Lead:
    match = LEAD.search(text, max(0, start - 50), start)
    if match is None or match.end() == match.start():
        return Lead(start)
    return Lead(match.start(), bool(match["from"] or match["last"]), bool(match["before"]))


def _is_doubtful(match: re.Match[str], text: str) -> bool:
    """Whether this may be another word: "sat", "so", "mi" are weekdays only behind "by", "bis", "am" …"""
    name = match.groupdict().get("weekday")
    if name is None or name.lower() not in DOUBTFUL:
        return False
    small = len(name) == 2 and name.islower()
    return small or not SURE_LEAD.search(text, 0, match.start("weekday"))


def _meant(here: Here, meaning: Meaning, match: re.Match[str], lead: Lead, text: str) -> Day | None:
    if lead.is_open or OPEN_AFTER.match(text, match.end()):
        return None
    try:
        on = meaning(here, match.groupdict())
        if lead.is_before and meaning not in ENDS:
            on = here.worked_before(on)
        if not 0 <= (on - here.today).days <= FARTHEST:
            return None
    except (ValueError, OverflowError, KeyError):  # 31 June, week 53 of a short year, "ſix" for six
        return None
    after = AFTER.match(text, match.end())
    end = after.end() if after else match.end()
    return Day(on, lead.start, end, bool(DEADLINE.search(text, lead.start, end)))


def _joined(text: str, days: list[Day]) -> list[Day]:
    """Days side by side are one, the later one: "EOD Friday", "tomorrow, 2 June", "Monday or Tuesday"."""
    joined: list[Day] = []
    for day in days:
        last = joined[-1] if joined else None
        if last and BESIDE.fullmatch(text, last.end, day.start):
            is_deadline = last.is_deadline or day.is_deadline
            joined[-1] = replace(last, on=max(last.on, day.on), end=day.end, is_deadline=is_deadline)
        else:
            joined.append(day)
    return joined
