"""A text as it is read for promises: without what it quotes, in sentences, its days set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.catching.days import Day

BLANK = "·"  # stands for each letter of a day once it is read
WRAPPED = 50  # letters; a longer line may go on in the next
QUOTED = re.compile(
    r"^[ \t]*[>|].*$"
    r"|^[ \t]*(?:-{2,} ?Original|On\s.{5,80}\swrote:|Am\s.{5,80}\sschrieb\s.{0,60}:)(?s:.*)"
    r'|["“„«](?:[^\s"“”„«»]+\s+){2,60}[^\s"“”„«»]+["”“»]',
    re.M,
)
SENTENCES = re.compile(r"[.!?…]+(?=\s|$)|\n[ \t]*(?=\n|[-*•]\s|\d+[.)]\s)|\n(?![a-zäöüß])")
SHORTENED = re.compile(
    r"\b(?:z\.B|e\.g|i\.e|bzw|ca|dr|mr|mrs|ms|nr|no|st|inkl|etc|vs|hr|fr|\d{1,2})$", re.IGNORECASE
)


def plain(text: str) -> str:
    """The text letter for letter, with one kind of apostrophe and blanks for what it quotes."""
    text = text.translate({0x2019: "'", 0x2018: "'", 0xA0: " ", 0x202F: " ", 0x0D: " ", ord(BLANK): " "})
    return QUOTED.sub(lambda quoted: re.sub(r"[^\n]", " ", quoted[0]), text)


def without(plain: str, found: list[Day]) -> str:
    """The text with each letter of a day blank."""
    letters = list(plain)
    for day in found:
        letters[day.start : day.end] = BLANK * (day.end - day.start)
    return "".join(letters)


def split(plain: str, found: list[Day]) -> Iterator[tuple[int, int]]:
    """Where each begins and ends. A dot within a day or behind a shortened word ends none, nor does a line
    that was wrapped."""
    begin = 0
    for match in SENTENCES.finditer(plain):
        within = any(day.start <= match.start() < day.end - 1 for day in found)
        shortened = match[0] == "." and SHORTENED.search(plain, max(begin, match.start() - 8), match.start())
        line = match.start() - plain.rfind("\n", 0, match.start()) - 1
        wrapped = match[0] == "\n" and line >= WRAPPED and plain[match.end() : match.end() + 1].isalnum()
        if not (within or shortened or wrapped):
            yield begin, match.end()
            begin = match.end()
    yield begin, len(plain)
