"""Reading a raw mail: whatever arrives, it is read as far as it can be; nothing of it is trusted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from itertools import islice

from conversations.mail import authentication, automatic, headers, markup, parts
from conversations.mail.parts import Attached

LARGEST = 25 * 1024 * 1024  # bytes; of a larger mail the beginning is read
BEGINNING = 1024 * 1024
MOST_REFERENCES = 100
MOST_CALENDARS = 3
_DELIVERED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")

TOO_LARGE = "[This mail is larger than 25 MB: only its beginning was read. The original is kept.]"
TOO_DEEP = "[The parts of this mail could not be told apart. The original is kept.]"


@dataclass(frozen=True)
class Incoming:
    """A mail as we understood it. `message_id` and `references` with their angle brackets.

    `references` are what it answers, nearest first; `delivered` all addresses it came to. `dmarc` is what
    our own mail server found out about its sender, "" where it said nothing. `calendars` are the
    invitations to meetings in it, as files.
    """

    message_id: str
    references: tuple[str, ...]
    sender: str
    sender_name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    delivered: tuple[str, ...]
    subject: str
    body: str
    has_html: bool
    attached: tuple[Attached, ...]
    dated: datetime | None
    is_automatic: bool
    is_report: bool
    undelivered: tuple[str, ...]
    undelivered_to: tuple[str, ...] = ()
    dmarc: str = ""
    calendars: tuple[bytes, ...] = ()


def read(raw: bytes) -> Incoming:
    """Read one raw mail. Never raises: what cannot be read is left empty."""
    whole = len(raw) <= LARGEST
    mail = parts.parse(raw if whole else raw[:BEGINNING])
    ids = headers.ids(headers.value(mail, "Message-ID"))
    name, sender = headers.sender(mail)
    report = automatic.is_report(mail)
    body = _body(mail) if whole else f"{TOO_LARGE}\n\n{_body(mail)}"
    return Incoming(
        message_id=ids[0] if ids else _own_id(mail, raw),
        references=_references(mail),
        sender=sender,
        sender_name=name,
        to=headers.addresses(mail, "To"),
        cc=headers.addresses(mail, "Cc"),
        delivered=headers.addresses(mail, *_DELIVERED),
        subject=headers.value(mail, "Subject"),
        body=headers.clean(body),
        has_html=any(each.strip() for each in parts.words(mail, "text/html")),
        attached=() if report or not whole else tuple(parts.attached(mail)),
        dated=headers.dated(mail),
        is_automatic=automatic.is_automatic(mail),
        is_report=report,
        undelivered=automatic.undelivered(mail),
        undelivered_to=automatic.undelivered_to(mail),
        dmarc=authentication.dmarc(mail),
        calendars=tuple(islice(parts.calendars(mail), MOST_CALENDARS)),
    )


def html(raw: bytes) -> str:
    """The HTML of a raw mail as it came: to be shown only by `markup.safe`."""
    mail = parts.parse(raw if len(raw) <= LARGEST else raw[:BEGINNING])
    return headers.clean("\n".join(parts.words(mail, "text/html")))


def passed_on(raw: bytes) -> list[bytes]:
    """The mails that a mail brings as files; none of one that is too large to be read as a whole."""
    return list(parts.mails(parts.parse(raw))) if len(raw) <= LARGEST else []


def is_mail(raw: bytes) -> bool:
    """Whether there is anything by which it could be read as a mail."""
    mail = parts.parse(raw[:BEGINNING])
    return any(mail.get(name) is not None for name in ("From", "Date", "Subject", "Message-ID", "Received"))


def _own_id(mail: Message, raw: bytes) -> str:
    """An id for a mail that brings none: the same for the same mail, whatever way it came."""
    told = [headers.value(mail, name) for name in ("Message-ID", "From", "Date", "Subject")]
    words = raw.partition(b"\r\n\r\n")[2] or raw.partition(b"\n\n")[2]
    digest = hashlib.sha256("\n".join(told).encode())
    digest.update(b"\n".join(words.splitlines()))
    return f"<{digest.hexdigest()}@without-id.invalid>"


def _references(mail: Message) -> tuple[str, ...]:
    nearest = headers.ids(headers.value(mail, "In-Reply-To"))
    chain = headers.ids(headers.value(mail, "References"))
    return tuple(dict.fromkeys([*nearest, *reversed(chain)]))[:MOST_REFERENCES]


def _body(mail: Message) -> str:
    """The plain text; where there is none, the words of the HTML."""
    if parts.is_unread(mail):
        return TOO_DEEP
    plain = parts.words(mail, "text/plain")
    if any(text.strip() for text in plain):
        return "\n".join(plain)
    return "\n".join(markup.words(text) for text in parts.words(mail, "text/html"))
