"""Reading a raw mail: whatever arrives, it is read as far as it can be; nothing of it is trusted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser

from prm.outbox import GENERATOR

_ID = re.compile(r"<[!-;=?-~]{1,990}>")  # printable ASCII without white space and angle brackets
_BULK = {"auto_reply", "auto-reply", "bulk", "junk", "list"}
_REPORTERS = {"mailer-daemon", "mail-daemon", "postmaster"}
_AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Apple-Action", GENERATOR)


@dataclass(frozen=True)
class Incoming:
    """A mail as we understood it. `message_id` and `references` with their angle brackets."""

    message_id: str
    references: tuple[str, ...]
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    body: str
    dated: datetime | None
    is_automatic: bool
    undelivered: tuple[str, ...]


def read(raw: bytes) -> Incoming:
    """Read one raw mail. Never raises: what cannot be read is left empty."""
    mail = message_from_bytes(raw, policy=policy.default)
    ids = _ids(_header(mail, "Message-ID"))
    sender = (_addresses(mail, "From") or _addresses(mail, "Sender") or ("",))[0]
    return Incoming(
        message_id=ids[0] if ids else _own_id(mail),
        references=_references(mail),
        sender=sender,
        to=_addresses(mail, "To"),
        cc=_addresses(mail, "Cc"),
        subject=_clean(" ".join(_header(mail, "Subject").split())),
        body=_clean(_body(mail)),
        dated=_dated(mail),
        is_automatic=is_automatic(mail),
        undelivered=_undelivered(mail),
    )


def _own_id(mail: Message) -> str:
    """An id for a mail that brings none: the same for the same mail, whatever way it came."""
    told = [_header(mail, name) for name in ("Message-ID", "From", "Date", "Subject")]
    digest = hashlib.sha256("\n".join([*told, _body(mail)]).encode()).hexdigest()
    return f"<{digest}@without-id.invalid>"


def is_automatic(mail: Message) -> bool:
    """Whether no person wrote it: RFC 3834 ("no" is a person), its forerunners, lists and reports."""
    submitted = _header(mail, "Auto-Submitted").split(";")[0].split("(")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if any(_header(mail, name) for name in _AUTOMATIC_HEADERS):
        return True
    if _header(mail, "Precedence").strip().lower() in _BULK:
        return True
    if mail.get("Return-Path") is not None and _header(mail, "Return-Path").strip() in {"", "<>"}:
        return True
    return _is_report(mail) or _from_a_reporter(mail)


def _is_report(mail: Message) -> bool:
    return mail.get_content_type() in {"multipart/report", "message/delivery-status"}


def _from_a_reporter(mail: Message) -> bool:
    local = _header(mail, "From").lower()
    addresses = _addresses(mail, "From")
    names = {address.split("@")[0] for address in addresses} | {local.split("<")[0].strip(' "')}
    return bool(names & _REPORTERS)


def _header(mail: Message, name: str) -> str:
    """A header as text; a broken one as far as it can be read."""
    try:
        value = str(mail.get(name, "") or "")
    except Exception:  # the parser of structured headers fails on some hostile input
        value = next((str(raw) for key, raw in mail.raw_items() if key.lower() == name.lower()), "")
    return _clean(value)


def _ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_ID.findall(text)))


def _references(mail: Message) -> tuple[str, ...]:
    """What it answers, nearest first."""
    nearest = _ids(_header(mail, "In-Reply-To"))
    chain = _ids(_header(mail, "References"))
    return tuple(dict.fromkeys([*nearest, *reversed(chain)]))[:100]


def _addresses(mail: Message, name: str) -> tuple[str, ...]:
    found = getaddresses([_header(mail, name)])
    return tuple(address.strip().lower() for _, address in found if "@" in address and len(address) <= 320)


def _dated(mail: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(_header(mail, "Date"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _body(mail: Message) -> str:
    """The plain text; where there is none, the text of the HTML."""
    plain = [_text(part) for part in _readable(mail, "text/plain")]
    if any(text.strip() for text in plain):
        return "\n".join(plain)
    return "\n".join(without_tags(_text(part)) for part in _readable(mail, "text/html"))


def _readable(mail: Message, kind: str) -> Iterator[Message]:
    """The parts of a kind that are the mail's own words: no attachments, no mails inside."""
    for part in _own_parts(mail):
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            yield part


def _own_parts(mail: Message, depth: int = 0) -> Iterator[Message]:
    if depth > 20 or mail.get_content_maintype() == "message":
        return
    if not mail.is_multipart():
        yield mail
        return
    for part in mail.get_payload():
        if isinstance(part, Message):
            yield from _own_parts(part, depth + 1)


def _text(part: Message) -> str:
    """A part's text in whatever charset it claims; what does not fit is replaced."""
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # a broken transfer encoding
        payload = None
    if not isinstance(payload, bytes):
        kept = part.get_payload()
        return kept if isinstance(kept, str) else ""
    charset = part.get_param("charset", "utf-8")
    try:
        return payload.decode(str(charset), "replace")
    except (LookupError, ValueError):
        return payload.decode("utf-8", "replace")


def _undelivered(mail: Message) -> tuple[str, ...]:
    """The Message-IDs of the mails that a delivery report says failed."""
    if not (_is_report(mail) or _from_a_reporter(mail)):
        return ()
    parts = list(_all_parts(mail))
    status = "\n".join(_text_of_status(part) for part in parts if "status" in part.get_content_type())
    if status and not re.search(r"^Action:\s*failed", status, re.IGNORECASE | re.MULTILINE):
        return ()
    returned: list[str] = []
    for part in parts:
        if part is not mail and part.get("Message-ID"):
            returned += _ids(_header(part, "Message-ID"))
        if part.get_content_type() == "text/rfc822-headers":
            returned += _ids(_line_of(_text(part), "Message-ID"))
    return tuple(dict.fromkeys(returned))


def _all_parts(mail: Message) -> list[Message]:
    return list(mail.walk())[:200]


def _text_of_status(part: Message) -> str:
    payload = part.get_payload()
    return "\n".join(str(block) for block in payload) if isinstance(payload, list) else str(payload)


def _line_of(text: str, name: str) -> str:
    found = re.search(rf"^{name}:\s*(.+)$", text, re.IGNORECASE | re.MULTILINE)
    return found.group(1) if found else ""


def _clean(text: str) -> str:
    """No NUL and no half characters: what every database can keep."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class _Reader(HTMLParser):
    """The words of HTML: no markup, no scripts or styles, a line for each block."""

    SILENT = {"script", "style", "head", "title", "template"}
    BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "hr"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self._silent += 1
        elif tag in self.BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in self.BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def without_tags(html: str) -> str:
    """The words of an HTML text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
