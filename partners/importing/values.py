"""Single values of a partner list: text cleaned, addresses, numbers and days."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

_url = URLValidator(schemes=["http", "https"])
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_WRITTEN = (
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%B %d %Y",
    "%d-%b-%Y",
    "%Y/%m/%d",
    "%Y%m%d",
)


class Wrong(Exception):
    """A cell cannot be read; the words follow its column and text."""


def clean(text: str) -> str:
    """The text without control characters, white space single; an apostrophe guarding a formula goes."""
    if text.isascii() and text.isprintable() and text[:1] != "'":
        return " ".join(text.split())
    bare = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)
    bare = " ".join(bare.split())
    return bare[1:] if bare[:1] == "'" and bare[1:2] in {"=", "+", "-", "@"} else bare


def shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def is_visible(text: str) -> bool:
    """Whether there is anything to see in it."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)


def without_label(name: str, label: str) -> str:
    """The name without a closing bracket that only says which programme the row is of."""
    return name.removesuffix(f"({label})").strip() or name if label else name


def at_most(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Wrong(f"has {len(text)} characters; {longest} at most")
    return text


def website(text: str) -> str:
    """An address of the web; https where it names no scheme."""
    address = text if "://" in text else f"https://{text}"
    try:
        _url(at_most(address, 300))
    except ValidationError:
        raise Wrong("is no web address; write it like https://example.com")
    host = urlsplit(address).hostname or ""
    if "." not in host or host.replace(".", "").isdigit() or ":" in host:
        raise Wrong("is no address others could reach; write it like https://example.com")
    return address


def address(text: str) -> str:
    try:
        validate_email(at_most(text.removeprefix("mailto:"), 254))
    except ValidationError:
        raise Wrong("is no e-mail address; write it like nora@example.com")
    return text.removeprefix("mailto:").lower()


def number(text: str) -> int:
    figure = text.replace(",", "").replace(" ", "").replace("’", "").replace("'", "")
    if not figure.isascii() or not figure.isdigit() or int(figure) > 10_000_000:
        raise Wrong("is no whole number; write it like 120")
    return int(figure)


def day(text: str, day_first: bool) -> date:
    """A day, from 1900 to 2100. ISO, 31.1.2026 and 31 Jan 2026 are plain; 3/4/2026 follows `day_first`."""
    try:
        found = _day(text, day_first)
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2100:
        raise Wrong("is no day; write it like 2026-01-31")
    return found


def _day(text: str, day_first: bool) -> date | None:
    if match := _ISO.fullmatch(text):
        return date(*(int(part) for part in match.groups()))
    if match := _DOTTED.fullmatch(text):
        return date(*(int(part) for part in reversed(match.groups())))
    if match := _SLASHED.fullmatch(text):
        first, second, year = (int(part) for part in match.groups())
        return date(year, second, first) if day_first else date(year, first, second)
    for pattern in _WRITTEN:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None
