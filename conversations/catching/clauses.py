"""The clauses of a sentence that promise something, found by their cues in `words.txt`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conversations.catching import words
from conversations.catching.sentences import BLANK

CUES = words.cues()
GOES_ON = re.compile(
    rf"\W*(?:(?:then|also|dann|auch)\s+)?(?:(?P<verb>{words.fill('{deeds}')})"
    rf"|(?P<german>{words.any_of(words.INFINITIVES)}))\b",
    re.I,
)
ELSEWHERE = re.compile(words.fill(r"\W*(?:{elsewhere})\b|.*\b(?:{was})\b"), re.IGNORECASE)
NO_NAMES = set(words.listed("no names"))
PARTS = re.compile(
    r"[,;–—]|\s-\s|\b(?:and|but|so|then|und|aber|sondern|dann|because|weil|while|während|whereas)\b",
    re.I,
)


@dataclass(frozen=True)
class Cue:
    """Words that promise. What is promised follows from how they do: from `words_at` on, or around them."""

    side: str
    start: int
    end: int
    words_at: int | None = None
    infinitive: str = ""
    verb: str = ""
    name: str = ""


@dataclass
class Clause:
    """A part of a sentence with the cue in it, and the parts that go on with it."""

    start: int
    end: int
    cue: Cue


def find(bare: str, start: int, end: int) -> list[Clause]:
    """The clauses that promise something. A part without a cue goes on with the clause before it, or, with
    a day and hardly more, leads to the next."""
    clauses: list[Clause] = []
    lead: int | None = None
    last: Clause | None = None
    for begin, stop in _parts(bare, start, end):
        cue = _cue_in(bare, begin, stop) or (last and _going_on(last.cue, bare, begin, stop))
        if cue:
            last = Clause(begin if lead is None else lead, stop, cue)
            clauses.append(last)
        elif last and not ELSEWHERE.match(bare, begin, stop):
            last.end = stop
        else:
            last = None
        lead = begin if not cue and BLANK in bare[begin:stop] and is_thin(bare[begin:stop]) else None
    return clauses


def _parts(bare: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in PARTS.finditer(bare, start, end):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    yield start, end


def is_thin(part: str) -> bool:
    """Whether it says little but a day."""
    return len(re.findall(r"\w+", part)) <= 2


def _cue_in(bare: str, start: int, end: int) -> Cue | None:
    part, best = bare[start:end], None
    for side, said in CUES:
        for match in said.finditer(part):
            found = match.groupdict()
            if (found.get("name") or "").split(" ")[0].lower() in NO_NAMES:
                continue
            if best is None or start + match.start() < best.start:
                best = _cue(side, match, found, start)
            break
    return best


def _cue(side: str, match: re.Match[str], found: dict[str, str | None], offset: int) -> Cue:
    named = next((name for name in ("verb", "object", "whole") if found.get(name) is not None), None)
    words_at = None if named is None else offset + (match.start() if named == "whole" else match.start(named))
    german = (found.get("german") or "").lower()
    return Cue(
        side,
        offset + match.start(),
        offset + match.end(),
        words_at,
        infinitive=words.INFINITIVES.get(german, ""),
        verb=(found.get("verb") or found.get("infinitive") or "").lower(),
        name=(found.get("name") or "") if side == "theirs" else "",
    )


def _going_on(before: Cue, bare: str, start: int, end: int) -> Cue | None:
    """A second deed of whoever promised the first: "I'll check and reply by Friday"."""
    match = GOES_ON.match(bare, start, end)
    return _cue(before.side, match, match.groupdict(), 0) if match else None
