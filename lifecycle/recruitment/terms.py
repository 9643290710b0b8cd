"""The terms of an agreement as one value: compared, said in words, and stamped. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from partners.countries import COUNTRIES
from prm.days import plus_months

EVERYWHERE, EVERYTHING = "everywhere", "all products"


class Renewal(StrEnum):
    """What happens when the term is over."""

    NONE = "none"
    AGREED = "agreed"
    AUTOMATIC = "automatic"


@dataclass(frozen=True)
class Terms:
    """What is agreed. Percentages as they are written; no territory is everywhere, no product all of them."""

    kind: str
    territory: tuple[str, ...] = ()  # ISO 3166-1 alpha-2
    products: tuple[str, ...] = ()  # names
    is_exclusive: bool = False
    margin: Decimal | None = None
    commission: Decimal | None = None
    starts_on: date | None = None  # None: on the day it is signed
    term_months: int | None = None  # None: until it is ended
    renewal: str = Renewal.NONE
    renewal_months: int | None = None
    notice_days: int = 0
    words: str = ""


@dataclass(frozen=True)
class Difference:
    """One term that differs between two versions, in words; `lines` where it is a long text."""

    name: str
    before: str
    after: str
    lines: tuple[tuple[str, str], ...] = ()  # ("+", "-" or " ", words)


NAMES = {
    "kind": "Kind",
    "territory": "Territory",
    "products": "Products",
    "is_exclusive": "Exclusive",
    "margin": "Margin",
    "commission": "Commission",
    "starts_on": "Starts on",
    "term_months": "Term",
    "renewal": "Renewal",
    "renewal_months": "Renewed for",
    "notice_days": "Notice",
    "words": "Further terms",
}
RENEWALS = {
    Renewal.NONE: "ends with its term",
    Renewal.AGREED: "by agreement of both",
    Renewal.AUTOMATIC: "by itself, unless notice is given",
}


def said(terms: Terms, kinds: dict[str, str]) -> list[tuple[str, str]]:
    """Every term by its name, in words; `kinds` are the words for its kind."""
    return [(NAMES[field.name], _word(field.name, terms, kinds)) for field in fields(terms)]


def _word(name: str, terms: Terms, kinds: dict[str, str]) -> str:
    value = getattr(terms, name)
    match name:
        case "kind":
            return kinds.get(value, value)
        case "territory":
            return ", ".join(COUNTRIES.get(code, code) for code in value) or EVERYWHERE
        case "products":
            return ", ".join(value) or EVERYTHING
        case "is_exclusive":
            return "yes" if value else "no"
        case "margin" | "commission":
            return "none" if value is None else f"{value.normalize():f} %"
        case "starts_on":
            return f"{value:%-d %B %Y}" if value else "on the day it is signed"
        case "term_months":
            return _months(value) if value else "until it is ended"
        case "renewal":
            return RENEWALS[Renewal(value)]
        case "renewal_months":
            return _months(value) if value else "the same term"
        case "notice_days":
            return f"{value} days" if value else "none"
    return str(value) or "none"


def _months(count: int) -> str:
    if count % 12 == 0:
        return "1 year" if count == 12 else f"{count // 12} years"
    return "1 month" if count == 1 else f"{count} months"


def differences(before: Terms, after: Terms, kinds: dict[str, str]) -> list[Difference]:
    """What differs, in the order of the terms."""
    pairs = zip(said(before, kinds), said(after, kinds), strict=True)
    found = []
    for (name, old), (_name, new) in pairs:
        if old != new:
            lines = tuple(_lines(old, new)) if name == NAMES["words"] else ()
            found.append(Difference(name, old, new, lines))
    return found


def _lines(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The lines that came and went, those that stayed left out but for one beside a change."""
    from difflib import ndiff

    rows = [row for row in ndiff(before.splitlines(), after.splitlines()) if row[:1] in "+- "]
    for n, row in enumerate(rows):
        near = rows[max(0, n - 1) : n + 2]
        if any(other[0] != " " for other in near):
            yield row[0], row[2:]


def fingerprint(terms: Terms, file: bytes | None = None) -> str:
    """SHA-256 over the terms and the file, as hex: what both sides put their names to."""
    text = json.dumps(asdict(terms), sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(text.encode() + b"\0" + hashlib.sha256(file or b"").digest()).hexdigest()


def _plain(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


# --- days -------------------------------------------------------------------------------------------


def last_day(starts_on: date, months: int | None) -> date | None:
    """The last day of a term; None where it has none."""
    return plus_months(starts_on, months) - timedelta(days=1) if months else None


def notice_by(terms: Terms, ends_on: date | None) -> date | None:
    """The last day on which notice keeps it from renewing by itself; None where it never does."""
    if ends_on is None or terms.renewal != Renewal.AUTOMATIC:
        return None
    return ends_on - timedelta(days=terms.notice_days)


# --- exclusivity --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overlap:
    """Where two agreements cannot both hold, since one of them is exclusive there."""

    territory: str
    products: str


def overlap(one: Terms, other: Terms) -> Overlap | None:
    """Where one of two agreements, being exclusive, leaves no place for the other; None where nowhere."""
    if not (one.is_exclusive or other.is_exclusive):
        return None
    territory = _shared(one.territory, other.territory)
    products = _shared(one.products, other.products)
    if territory is None or products is None:
        return None
    return Overlap(
        ", ".join(COUNTRIES.get(code, code) for code in territory) or EVERYWHERE,
        ", ".join(products) or EVERYTHING,
    )


def _shared(one: Collection[str], other: Collection[str]) -> list[str] | None:
    """What both name, where naming nothing means all: [] for all, None for nothing in common."""
    if not one or not other:
        return sorted(one or other)
    both = set(one) & set(other)
    return sorted(both) if both else None
