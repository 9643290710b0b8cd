"""What is promised, in few words: "Send the pack", "Das Paket schicken"."""

from __future__ import annotations

import re

from conversations.catching import words
from conversations.catching.clauses import Clause
from conversations.catching.sentences import BLANK

LONGEST = 200  # letters
VERSPROCHEN = re.compile(words.fill("{versprochen}"), re.IGNORECASE)
REFLEXIVE = set(words.listed("reflexive"))
PREFIXES = set(words.listed("prefixes"))
TO_WHOM = re.compile(
    r"^(\w+ )(?:you|them|him|her|us) (?=(?:the|an?|all|your|our|my|this|that|some|it|\d+)\b)", re.IGNORECASE
)
IHNEN = re.compile(
    r"^uns (?=\S)|(?<!bei )(?<!mit )(?<!von )(?<!an )(?<!für )\b(?:ihnen|euch|dir)\b", re.IGNORECASE
)
LOOSE = re.compile(r"\s+(?:by|on|and|und|at|bis|am|to)$", re.IGNORECASE)


def phrase(text: str, bare: str, clause: Clause, end: int) -> str:
    """What is promised, without who and when: "Send the pack", "Das Paket schicken"."""
    cue = clause.cue
    if cue.words_at is not None:
        said = _less_days(text, bare, cue.words_at, end)
        said = words.BASE.get(cue.verb, cue.verb) + said[len(cue.verb) :]
        said = f"{cue.name}: {said}" if cue.name else TO_WHOM.sub(r"\1", said, count=1)
    else:
        rest = f"{_less_days(text, bare, clause.start, cue.start)} {_less_days(text, bare, cue.end, end)}"
        said = _in_german(_tidy(rest), cue.infinitive)
        said = f"{cue.name}: {said}" if cue.name else said
    said = _tidy(said)
    return said[:1].upper() + said[1:LONGEST]


def _less_days(text: str, bare: str, start: int, end: int) -> str:
    return "".join(" " if bare[n] == BLANK else text[n] for n in range(start, end))


def _tidy(said: str) -> str:
    said = " ".join(said.split())
    said = re.sub(r"\s+([,.;:])", r"\1", said)
    return LOOSE.sub("", said).strip(" ,;:.!–—-")


def _in_german(rest: str, infinitive: str) -> str:
    """The rest of a clause with its verb at the end: "das Paket schicken", "die Schulung vorbereiten"."""
    rest = _tidy(VERSPROCHEN.sub("", rest))
    rest = IHNEN.sub(" ", re.sub(r"\bzu (\w+(?:en|ern|eln))$", r"\1", rest))
    if infinitive in REFLEXIVE:
        rest = re.sub(r"\b(?:mich|uns)\b", "sich", rest, count=1)
    before, _, last = rest.rpartition(" ")
    if infinitive and last.lower() in PREFIXES:
        return f"{before} {last}{infinitive}"
    return f"{rest} {infinitive}"
