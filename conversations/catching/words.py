"""The table `words.txt`, read once: its lists, its patterns, and the forms of its verbs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

Lines = dict[str, list[str]]


def _sections() -> Lines:
    sections: Lines = {}
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\[(.+)\]", line):
            sections[heading[1]] = rows = []
        elif line.strip() and not line.startswith("#"):
            rows.append(line.strip())
    return sections


SECTIONS = _sections()


def listed(name: str) -> list[str]:
    """The words of a list."""
    return [word for line in SECTIONS[name] for word in re.split(r",\s*", line) if word]


def meant(name: str) -> dict[str, list[str]]:
    """The rows of a list with colons: what is meant, and the words for it."""
    rows = (line.split(":", 1) for line in SECTIONS[name])
    return {key: re.split(r",\s*", said.strip()) for key, said in rows}


def cues() -> list[tuple[str, re.Pattern[str]]]:
    """The rules: whose promise it is, and how it is said."""
    rows = (line.split("|", 1) for line in SECTIONS["cues"])
    return [(side.strip(), re.compile(fill(said.strip()), re.IGNORECASE)) for side, said in rows]


# --- verbs ----------------------------------------------------------------------------------------


def _doing(deed: str) -> list[str]:
    bare = deed.removesuffix("e")
    return [f"{bare}ing", f"{bare}{bare[-1]}ing"]


def _does(deed: str) -> str:
    if deed.endswith("y") and deed[-2] not in "aeiou":
        return f"{deed[:-1]}ies"
    return f"{deed}es" if deed.endswith(("s", "x", "ch", "sh", "o")) else f"{deed}s"


def _stem(deed: str) -> str:
    return deed[:-1] if deed.endswith(("ern", "eln")) else deed[:-2]


def _er(deed: str) -> str:
    stem = _stem(deed)
    return f"{stem}et" if stem.endswith(("d", "t")) else f"{stem}t"


NOW = [deed for deed in listed("deeds") if deed not in listed("not now")]
DOING = {form: deed for deed in NOW for form in _doing(deed)}
DOES = {_does(deed): deed for deed in NOW}
BASE = DOING | DOES
ICH = {f"{_stem(deed)}e": deed for deed in listed("german deeds")}
THIRD = meant("german third")
ER = {form: deed for deed in listed("german deeds") for form in THIRD.get(deed, [_er(deed)])}
INFINITIVES = ICH | ER | {deed: deed for deed in listed("german deeds")}

FORMS: dict[str, Iterable[str]] = {
    "deeds now": NOW,
    "deeds doing": DOING,
    "deeds does": DOES,
    "german ich": ICH,
    "german er": ER,
}

# --- patterns -------------------------------------------------------------------------------------


def any_of(words: Iterable[str]) -> str:
    """A pattern of these words; the longer ones first, so that "mon" does not cut "monday" short."""
    return "|".join(sorted(words, key=len, reverse=True))


def fill(template: str, own: Mapping[str, str] | None = None) -> str:
    """The template, its braces filled from `own`, the patterns, the lists; a blank is any white space."""
    known = {**(own or {}), **PATTERNS}

    def named(braces: re.Match[str]) -> str:
        name = braces[1]
        if name in known:
            return fill(known[name], own)
        return fill(any_of(FORMS[name] if name in FORMS else listed(name)))

    filled = re.sub(r"\{([a-z][a-z_ ]*)\}", named, template)
    return filled.replace(" ?", r"\s*").replace(" ", r"\s+")


PATTERNS = dict(line.split(": ", 1) for line in SECTIONS["patterns"])


def pattern(name: str) -> re.Pattern[str]:
    """Any word of a list, as a whole word."""
    return re.compile(rf"\b(?:{fill('{' + name + '}')})\b", re.IGNORECASE)
