"""How a criterion's rule is kept and how it is written by a person.

Kept as JSON on the criterion, read here as a rule of `partners.scoring`. Written plainly:
"0=0, 50=0.5, 200=1" for a number, "Gold=1, Silver=50 %, other=0" for a choice, "yes" or "no",
"Health, Retail" for an overlap, nothing for a rating. With one entry on each line, entries may
hold commas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any

from partners.models import Criterion
from partners.scoring import Choice, Curve, Overlap, Rule, Stars, YesNo
from partners.scoring import Criterion as Asked
from prm.refusals import Refused
from prm.search import fold

Kind = Criterion.Kind
MOST_ENTRIES = 100
OTHER = "other"


class RuleUnreadable(Refused):
    """The rule is written in a way that cannot be read; says which part and how it goes."""


def of(criterion: Criterion) -> Asked:
    """A kept criterion as the rules ask it."""
    return Asked(
        criterion.key,
        criterion.weight,
        rule(criterion.kind, criterion.rule),
        criterion.must_have,
        criterion.rule.get("passes_at"),
    )


def rule(kind: str, kept: dict[str, Any]) -> Rule:
    """The rule behind the kept JSON of a criterion."""
    if kind == Kind.NUMBER:
        return Curve(tuple((float(x), float(share)) for x, share in kept["curve"]))
    if kind == Kind.CHOICE:
        options = tuple((str(option), float(share)) for option, share in kept["options"])
        return Choice(options, float(kept.get("other", 0)))
    if kind == Kind.YES_NO:
        return YesNo(bool(kept.get("wanted", True)))
    if kind == Kind.OVERLAP:
        return Overlap(tuple(kept["wanted"]))
    return Stars()


def read(kind: str, text: str) -> dict[str, Any]:
    """What a person wrote, as it is kept. Raises RuleUnreadable with the part that is wrong."""
    return _READERS[Kind(kind)](text.strip())


def written(kind: str, kept: dict[str, Any]) -> str:
    """A kept rule as a person would write it: `read` gives the same back."""
    if kind == Kind.NUMBER:
        return ", ".join(f"{_plain(x)}={_plain(share)}" for x, share in kept["curve"])
    if kind == Kind.CHOICE:
        entries = [f"{option}={_plain(share)}" for option, share in kept["options"]]
        return _joined([*entries, f"{OTHER}={_plain(kept['other'])}"] if kept.get("other") else entries)
    if kind == Kind.YES_NO:
        return "yes" if kept.get("wanted", True) else "no"
    return _joined(kept["wanted"]) if kind == Kind.OVERLAP else ""


def passing_share(text: str) -> float | None:
    """The share of points from which a must-have is met; None for "": any points will do."""
    if not text.strip():
        return None
    share = _share(text)
    if share == 0:
        raise RuleUnreadable("“Met from” must be above 0. Leave it empty when any points will do.")
    return share


def _entries(text: str) -> list[str]:
    parts = text.splitlines() if "\n" in text else text.split(",")
    entries = [part.strip() for part in parts if part.strip()]
    if len(entries) > MOST_ENTRIES:
        raise RuleUnreadable(f"There are {len(entries)} entries; at most {MOST_ENTRIES} are possible.")
    return entries


def _joined(entries: Iterable[str]) -> str:
    entries = list(entries)
    return ("\n" if any("," in entry for entry in entries) else ", ").join(entries)


def _plain(number: float) -> str:
    return f"{number:.10f}".rstrip("0").rstrip(".")


def _number(text: str, whole: str) -> float:
    try:
        number = float(text.strip().replace("_", " "))
    except ValueError:
        raise RuleUnreadable(f"“{text.strip()}” in “{whole}” is no number.")
    if not isfinite(number) or abs(number) > 1e12:
        raise RuleUnreadable(f"“{text.strip()}” in “{whole}” is too large.")
    return number


def _share(text: str, whole: str = "") -> float:
    bare = text.strip()
    share = _number(bare.rstrip("%"), whole or text)
    share = share / 100 if bare.endswith("%") else share
    if not 0 <= share <= 1:
        raise RuleUnreadable(f"“{bare}” must be between 0 and 1, or between 0 % and 100 %.")
    return round(share, 4)


def _pairs(text: str, example: str) -> list[tuple[str, float]]:
    pairs = []
    for entry in _entries(text):
        left, equals, right = entry.rpartition("=")
        if not equals or not left.strip():
            raise RuleUnreadable(f"“{entry}” needs an equals sign, as in “{example}”.")
        pairs.append((left.strip(), _share(right, entry)))
    return pairs


def _curve(text: str) -> dict[str, Any]:
    example = "0=0, 50=0.5, 200=1"
    knots = [(_number(x, f"{x}={_plain(share)}"), share) for x, share in _pairs(text, example)]
    if len(knots) < 2:
        raise RuleUnreadable(f"A curve needs two points or more, as in “{example}”.")
    knots.sort()
    if len({x for x, _ in knots}) < len(knots):
        raise RuleUnreadable("Two points of the curve stand at the same number.")
    if len({share for _, share in knots}) == 1:
        raise RuleUnreadable("The curve is level: every number would earn the same.")
    return {"curve": [[x, share] for x, share in knots]}


def _choice(text: str) -> dict[str, Any]:
    pairs = _pairs(text, "Gold=1, Silver=0.5")
    other = max((share for option, share in pairs if fold(option) == OTHER), default=0.0)
    options = [(option, share) for option, share in pairs if fold(option) != OTHER]
    if not options:
        raise RuleUnreadable("Name at least one option, as in “Gold=1, Silver=0.5”.")
    _each_once([option for option, _ in options])
    kept: dict[str, Any] = {"options": [list(pair) for pair in options]}
    return kept | {"other": other} if other else kept


def _yes_no(text: str) -> dict[str, Any]:
    if text.casefold() not in {"", "yes", "no"}:
        raise RuleUnreadable(f"Write “yes” or “no”: which answer earns the points? “{text}” is neither.")
    return {"wanted": text.casefold() != "no"}


def _overlap(text: str) -> dict[str, Any]:
    wanted = _entries(text)
    if not wanted:
        raise RuleUnreadable("Name what is wanted, as in “Health, Retail”.")
    _each_once(wanted)
    return {"wanted": wanted}


def _stars(text: str) -> dict[str, Any]:
    if text:
        raise RuleUnreadable("A rating from 0 to 5 needs no rule. Leave it empty.")
    return {}


def _each_once(names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if fold(name) in seen:
            raise RuleUnreadable(f"“{name}” stands there twice.")
        seen.add(fold(name))


_READERS: dict[str, Callable[[str], dict[str, Any]]] = {
    Kind.NUMBER: _curve,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.OVERLAP: _overlap,
    Kind.RATING: _stars,
}
