"""Promises in what somebody types: who promises what by when. The words are in `words.txt`.

A promise is a deed that somebody says will be done, and a day by which. Nothing is one that is asked,
denied, done already, made on a condition, usual, or quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from conversations.catching import clauses, days, sentences, wording, words
from conversations.catching.clauses import PARTS, Clause, Cue
from conversations.catching.days import Day
from prm.calendars import WorkCalendar

LONGEST = 20_000  # letters that are read
SENTENCE = 800  # letters; whoever goes on longer lists, and promises nothing
MOST = 5  # promises offered of one text
IF_BEFORE, IF_AFTER = words.pattern("if before"), words.pattern("if after")
WHETHER = re.compile(words.fill(r"\b(?:{whether})[\s·]+$"), re.IGNORECASE)
NOT_BEFORE = re.compile(words.fill(r"\b(?:{not before})\b|n't\b"), re.IGNORECASE)
NOT_ANYWHERE = re.compile(words.fill(r"\b(?:{not anywhere})\b(?! nur\b)"), re.IGNORECASE)
PERHAPS, USUALLY, PLEASE = words.pattern("perhaps"), words.pattern("usually"), words.pattern("please")
THEN = re.compile(
    words.fill(r"(?<!the\s)(?<!your\s)(?<!a\s)\b(?:{then})\b(?: [^\W·]+){0,3}\s*$"), re.IGNORECASE
)
READY = words.pattern("have ready")
AFTER_ALL = words.meant("deeds after all")
NO_DEEDS = set(words.listed("no deeds")) | set(words.listed("german no deeds"))


@dataclass(frozen=True)
class Caught:
    """A promise: its words, whose it is ("ours", "theirs"), its day, and where the text makes it."""

    words: str
    side: str
    on: date
    start: int
    end: int


def catch(text: str, now: datetime, calendar: WorkCalendar) -> list[Caught]:
    """The promises in `text`, in its order; `now` is the reader's local time, `calendar` its working time."""
    plain = sentences.plain(text[:LONGEST])
    found = days.find(plain, now, calendar)
    bare = sentences.without(plain, found)
    caught: list[Caught] = []
    for start, end in sentences.split(plain, found) if found else ():
        said = [day for day in found if start <= day.start < end]
        if said and end - start <= SENTENCE and not bare[start:end].rstrip().endswith("?"):
            caught += _of_sentence(text, bare, start, end, said)
        if len(caught) >= MOST:
            break
    return caught[:MOST]


def _of_sentence(text: str, bare: str, start: int, end: int, said: list[Day]) -> Iterator[Caught]:
    for clause in clauses.find(bare, start, end):
        day = _day_of(clause, bare, said)
        if day is None or _is_none(clause, bare, start, end):
            continue
        if not _is_deed(clause.cue, bare, day):
            continue
        first, last = min(clause.cue.start, day.start), _end_of(clause, bare, day)
        if said_so := wording.phrase(text, bare, clause, last):
            yield Caught(said_so, clause.cue.side, day.on, first, last)


def _end_of(clause: Clause, bare: str, day: Day) -> int:
    """Behind the part that holds both the day and the cue."""
    stop = PARTS.search(bare, max(day.end, clause.cue.end), clause.end)
    return len(bare[: stop.start() if stop else clause.end].rstrip(" \t\n.!,;:"))


def _day_of(clause: Clause, bare: str, said: list[Day]) -> Day | None:
    """The first day behind the cue that is not of the past; else the one that leads to it."""
    cue = clause.cue
    within = [day for day in said if clause.start <= day.start < clause.end]
    for day in within:
        if day.start >= cue.start and (day.is_deadline or not _is_past(bare, cue.end, day)):
            return day
    before = [day for day in within if day.start < cue.start and not _is_past(bare, clause.start, day)]
    is_english = bool(cue.verb) and not cue.infinitive
    if before and (not is_english or clauses.is_thin(bare[clause.start : before[-1].start])):
        return before[-1]
    return None


def _is_past(bare: str, start: int, day: Day) -> bool:
    """Whether the day is that of something done: "what we discussed on Monday"."""
    return bool(THEN.search(bare, start, max(start, day.start)))


def _is_none(clause: Clause, bare: str, start: int, end: int) -> bool:
    """Whether something takes the promise back: a condition, a negation, a doubt, a habit, a plea."""
    cue, held = clause.cue, bare[clause.start : clause.end]
    condition = IF_BEFORE.search(bare, start, cue.start)
    if condition and not WHETHER.search(bare, start, condition.start()):
        return True
    condition = IF_AFTER.search(bare, cue.end, end)
    if condition and not WHETHER.search(bare, cue.end - len(cue.verb), condition.start()):
        return True
    if NOT_BEFORE.search(bare, clause.start, cue.end) or NOT_ANYWHERE.search(held):
        return True
    if PERHAPS.search(held) or USUALLY.search(held):
        return True
    return cue.side == "theirs" and bool(PLEASE.search(bare, start, end))


def _is_deed(cue: Cue, bare: str, day: Day) -> bool:
    after = bare[cue.end : cue.end + 60]
    if cue.verb == "have":
        return not re.match(r"\s+to\b", after) and (day.is_deadline or bool(READY.search(after)))
    if further := AFTER_ALL.get(cue.verb):
        return bool(re.match(rf"\s+(?:\w+\s+)?(?:{'|'.join(further)})\b", after))
    return cue.verb not in NO_DEEDS
