"""The headers of a raw mail as text: short, whole letters, addresses told from names. Nothing here raises."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from conversations.mail import parts

LONGEST_ADDRESS = 320

_ID = re.compile(r"<[!-;=?-~]{1,990}>")  # printable ASCII without white space and angle brackets

_ANGLES = re.compile(r"<([^<>\s]{1,320})>")


def value(mail: Message, name: str) -> str:
    """A header as text on one line; a broken one as far as it can be read."""
    return clean(" ".join(_words(_raw(mail, name)).split()))


def addresses(mail: Message, *names: str) -> tuple[str, ...]:
    """The addresses in these headers, in lower case, each once."""
    found = (address for name in names for _, address in _people(mail, name))
    return tuple(dict.fromkeys(address for address in found if "@" in address))


def sender(mail: Message) -> tuple[str, str]:
    """Who wrote it: name and address, either perhaps ""."""
    for header in ("From", "Sender"):
        for name, address in _people(mail, header):
            if "@" in address:
                return name, address
    return "", ""


def ids(text: str) -> tuple[str, ...]:
    """The Message-IDs in a text, with their angle brackets, each once."""
    return tuple(dict.fromkeys(_ID.findall(text)))


def dated(mail: Message) -> datetime | None:
    """When it says it was written, in UTC; None where that cannot be read."""
    try:
        moment = parsedate_to_datetime(value(mail, "Date"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def clean(text: str) -> str:
    """No NUL and no half characters: what every database can keep."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _raw(mail: Message, name: str) -> str:
    """The header as it came, cut; letters that were sent bare are read as text is."""
    sent = next((str(text) for key, text in mail.raw_items() if key.lower() == name.lower()), "")
    if sent.isascii():
        return sent
    return parts.decoded(sent.encode("utf-8", "surrogateescape"), "")


def _words(raw: str) -> str:
    """Encoded words as what they say."""
    try:
        return str(make_header(decode_header(raw)))
    except Exception:  # a charset nobody knows, half an encoded word
        return raw


def _people(mail: Message, name: str) -> list[tuple[str, str]]:
    """Names and addresses. Told apart before encoded words are read, so that a name cannot pose as one."""
    return [
        (clean(" ".join(_words(who).split()))[:120], clean(address).strip().lower())
        for who, address in _apart(_raw(mail, name))
        if len(address) <= LONGEST_ADDRESS
    ]


def _apart(text: str) -> list[tuple[str, str]]:
    try:
        found = getaddresses([text])
    except Exception:  # it descends into comments by calling itself
        found = []
    if any("@" in address for _, address in found):
        return found
    return [("", address) for address in _ANGLES.findall(text)]  # Berg, Nora <nora@northwind.example>
