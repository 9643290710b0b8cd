"""What somebody typed into the search, read as terms, and where a text says them.

Letters are compared as `prm.search.fold` folds them. A German umlaut is found in both its spellings:
"Müller" finds Mueller, "mueller" finds Müller.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from prm import search

LONGEST = 200  # letters of what is typed
MOST = 12  # terms
SHORTEST = 2  # letters

_PIECES = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_SPELT_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
_MEANT = re.compile("([aou])e", re.IGNORECASE)

Span = tuple[int, int]


@dataclass(frozen=True)
class Spelling:
    """Words that stand one behind the other; `opens` where the last may go on."""

    text: str
    opens: bool = False

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(_fold(word) for word in _WORD.findall(self.text))


@dataclass(frozen=True)
class Term:
    """What must be found, in one of its spellings."""

    spellings: tuple[Spelling, ...]


@dataclass(frozen=True)
class Part:
    """A piece of a text; `is_found` where a term is said."""

    text: str
    is_found: bool = False


def read(typed: str) -> list[Term]:
    """The terms of what was typed: words, or in quotes words in a row; the last one may go on.

    Whatever holds no letter or digit says nothing. Empty where under two letters are left.
    """
    whole = unicodedata.normalize("NFC", typed.replace("\0", " ")[:LONGEST])
    clean = whole.encode("utf-8", "replace").decode()
    pieces = [(quoted or bare, bool(bare)) for quoted, bare in _PIECES.findall(clean)]
    said = [(text, bare) for text, bare in pieces if _WORD.search(text)][:MOST]
    terms = [_term(text, bare and n == len(said)) for n, (text, bare) in enumerate(said, 1)]
    letters = sum(len(word) for term in terms for word in term.spellings[0].words)
    return terms if letters >= SHORTEST else []


def _term(text: str, opens: bool) -> Term:
    opens = opens and len(_WORD.findall(text)[-1]) >= SHORTEST
    spelt = "".join(_SPELT_OUT.get(letter, letter) for letter in text)
    meant = _MEANT.sub(r"\1", text)
    found = [Spelling(text, opens)]
    if spelt != text:
        found.append(Spelling(spelt, opens))
    elif meant != text and len(meant) > SHORTEST:
        found.append(Spelling(meant))
    return Term(tuple(found))


def says(text: str, term: Term) -> bool:
    """Whether a text says the term. Most texts do not even hold its letters."""
    folded = _fold(text)
    may = any(all(word in folded for word in spelling.words) for spelling in term.spellings)
    return may and next(_spans(text, [term]), None) is not None


def marked(text: str, terms: list[Term]) -> list[Part]:
    """The whole text in parts."""
    return _parts(text, list(_spans(text, terms)))


def excerpt(text: str, terms: list[Term], most: int = 240) -> list[Part]:
    """About `most` letters from where a text first says a term, else its beginning; "…" where it is cut."""
    first = next(_spans(text, terms), (0, 0))[0]
    start = _after_a_space(text, first - most // 3, first) if first > most // 2 else 0
    end = min(len(text), start + most)
    if end < len(text):
        end = max(text.rfind(" ", start + most // 2, end), start + most // 2)
    shown = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
    return marked(shown, terms)


def _after_a_space(text: str, start: int, end: int) -> int:
    space = text.find(" ", start, end)
    return start if space < 0 else space + 1


def _parts(text: str, spans: list[Span]) -> list[Part]:
    parts, at = [], 0
    for start, end in spans:
        parts += [Part(text[at:start]), Part(text[start:end], is_found=True)]
        at = end
    return [part for part in [*parts, Part(text[at:])] if part.text]


def _spans(text: str, terms: list[Term]) -> Iterator[Span]:
    """Where the terms stand, in order and apart from each other."""
    wanted = [(each.words, each.opens) for term in terms for each in term.spellings]
    longest = max((len(words) for words, _ in wanted), default=0)
    ahead: list[tuple[int, int, str]] = []
    words = _words(text)
    while True:
        while len(ahead) < longest and (word := next(words, None)):
            ahead.append(word)
        if not ahead:
            return
        count = max((len(want) for want, opens in wanted if _begins(ahead, want, opens)), default=0)
        if count:
            yield ahead[0][0], ahead[count - 1][1]
        del ahead[: count or 1]


def _begins(ahead: list[tuple[int, int, str]], want: tuple[str, ...], opens: bool) -> bool:
    said = tuple(word for _, _, word in ahead[: len(want)])
    if len(said) < len(want) or said[:-1] != want[:-1]:
        return False
    return said[-1].startswith(want[-1]) if opens else said[-1] == want[-1]


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    return ((found.start(), found.end(), _fold(found[0])) for found in _WORD.finditer(text))


@lru_cache(maxsize=20_000)
def _fold(word: str) -> str:
    return word.lower() if word.isascii() else search.fold(word)
