"""Where a press reaches somebody: phone, WhatsApp, Teams. Numbers are taken as typed and made safe."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LEAST, MOST = 5, 15  # digits; E.164 has no more
LONGEST = 60  # letters of a number as typed
_EXTENSION = re.compile(r"(?:\bext(?:ension)?\.?|\bx|\bdw\.?|#)\s*(\d{1,6})\s*$", re.IGNORECASE)
_SPELT = re.compile(r"[\d\s()./\-\u00a0\u2010-\u2013\u202f]+")


@dataclass(frozen=True)
class Number:
    """Digits that can be dialled; `whole` with the country, as in +49 30 1234."""

    digits: str
    whole: bool
    extension: str = ""

    @property
    def tel(self) -> str:
        """The address of RFC 3966."""
        dialled = f"+{self.digits}" if self.whole else self.digits
        return f"tel:{dialled}{f';ext={self.extension}' if self.extension else ''}"

    @property
    def whatsapp(self) -> str:
        """The chat with this number; "" where its country is not known, or it rings at a desk."""
        return f"https://wa.me/{self.digits}" if self.whole and not self.extension else ""


def read(typed: str) -> Number | None:
    """The number that was typed: "+49 (0)30 1234-56", "0049 30 123456", "030/123456 ext. 7"; None where it
    cannot be dialled."""
    text = typed.strip()
    if len(text) > LONGEST:
        return None
    extension = ""
    if found := _EXTENSION.search(text):
        text, extension = text[: found.start()].strip(), found[1]
    plus = text.startswith("+")
    text = text.removeprefix("+")
    if not _SPELT.fullmatch(text):
        return None
    whole = plus or text.startswith("00")
    if whole:
        text = text.replace("(0)", "")
    digits = re.sub(r"[^0-9]", "", text)
    if not plus and whole:
        digits = digits.removeprefix("00")
    if not LEAST <= len(digits) <= MOST or (whole and digits.startswith("0")):
        return None
    return Number(digits, whole, extension)


@dataclass(frozen=True)
class Way:
    """One press: what it says, the app it opens, and as what it is logged."""

    words: str
    icon: str
    address: str
    channel: str


def ways(phones: Iterable[str], email: str = "") -> list[Way]:
    """How somebody is reached, in the order in which the numbers stand; Teams by the mail address."""
    found = []
    for typed in phones:
        number = read(typed)
        if number is None:
            continue
        found.append(Way(f"Call {typed.strip()}", "phone", number.tel, "call"))
        if number.whatsapp:
            found.append(Way(f"WhatsApp {typed.strip()}", "brand-whatsapp", number.whatsapp, "chat"))
    if teams := _teams(email):
        found.append(Way("Chat in Teams", "brand-teams", teams, "chat"))
    return found


def first_ways(phones: Iterable[str], email: str = "") -> list[Way]:
    """The first way by each app, for where there is little room."""
    first: dict[str, Way] = {}
    for way in ways(phones, email):
        first.setdefault(way.icon, way)
    return list(first.values())


def _teams(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return f"https://teams.microsoft.com/l/chat/0/0?users={quote(email, safe='')}"
