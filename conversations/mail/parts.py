"""The parts of a raw mail: its own words, plain and HTML, and what is attached. Nothing here raises."""

from __future__ import annotations

import codecs
import mimetypes
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from typing import cast

from prm import uploads

MOST_PARTS = 200  # that a mail may announce; one with more is read by its headers alone
MOST_WORK = 500_000_000  # bytes of a mail × parts it announces: each line is compared with each boundary
DEEPEST = 50
LONGEST_HEADER = 20_000  # letters

# what senders write, and what they mean by it
_MEANT = {
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
_GAP = re.compile(rb"\r?\n\r?\n")  # between headers and words
_BCC = re.compile(rb"^(?:resent-)?bcc:.*\n(?:[ \t].*\n)*", re.IGNORECASE | re.MULTILINE)
_NO_CHARSETS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}


@dataclass(frozen=True)
class Attached:
    """A file in a mail: a name that is safe to show, and its bytes."""

    name: str
    data: bytes


class _Cut(Compat32):
    """Python's plain reading of headers, each cut: what its parameters take grows with their square."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


def parse(raw: bytes) -> Message:
    """The raw mail as a tree of parts; one nested too deep, or of too many parts, as its headers only."""
    lower = raw.lower()
    announced = lower.count(b"boundary=") + lower.count(b"message/rfc822")
    if announced <= MOST_PARTS and announced * len(raw) <= MOST_WORK:
        with suppress(Exception):  # the parser descends by calling itself and runs out on hostile input
            return message_from_bytes(raw, policy=_Cut())
    return BytesHeaderParser(policy=_Cut()).parsebytes(raw)


def is_unread(mail: Message) -> bool:
    """Whether it says that it has parts, and they could not be told apart."""
    return mail.get_content_maintype() == "multipart" and not mail.is_multipart()


def words(mail: Message, kind: str) -> list[str]:
    """The texts of a kind ("text/plain", "text/html") that are the mail's own words."""
    return [text(part) for part in leaves(mail) if part.get_content_type() == kind and not _is_file(part)]


def calendars(mail: Message) -> Iterator[bytes]:
    """The calendar files in it (invitations to meetings), as a part of the mail or attached, in UTF-8."""
    for part in leaves(mail):
        if part.get_content_type() in {"text/calendar", "application/ics"}:
            yield text(part).encode("utf-8", "replace")


def attached(mail: Message) -> Iterator[Attached]:
    """The files in it, pictures within the text and mails passed on among them."""
    for part in leaves(mail):
        if part is not mail and (_is_file(part) or part.get_content_maintype() not in {"text", "multipart"}):
            yield Attached(_name(part), _data(part))


def mails(mail: Message) -> Iterator[bytes]:
    """The mails that were attached to it."""
    for part in leaves(mail):
        if part is not mail and part.get_content_type() == "message/rfc822":
            yield _data(part)


def without_bcc(raw: bytes) -> bytes:
    """A raw mail without the header that only its writer's own copy has."""
    gap = _GAP.search(raw)
    end = gap.end() if gap else len(raw)
    return _BCC.sub(b"", raw[:end]) + raw[end:]


def leaves(mail: Message) -> Iterator[Message]:
    """The parts that hold something, in order; a mail inside is one part and is not entered."""
    waiting = [(mail, 0)]
    while waiting:
        part, depth = waiting.pop()
        if not part.is_multipart() or part.get_content_maintype() == "message":
            yield part
        elif depth < DEEPEST:
            inner = cast(list[Message], part.get_payload())
            waiting += [(each, depth + 1) for each in reversed(inner) if isinstance(each, Message)]


def every(mail: Message) -> list[Message]:
    """All parts, those of mails inside among them: what a delivery report is read from."""
    found: list[Message] = []
    waiting = [mail]
    while waiting and len(found) < MOST_PARTS:
        part = waiting.pop()
        found.append(part)
        inner = part.get_payload()
        if isinstance(inner, list):
            waiting += [each for each in reversed(inner) if isinstance(each, Message)]
    return found


def text(part: Message) -> str:
    """A part's text in whatever charset it claims; what does not fit is replaced."""
    data = _data(part)
    if not data:
        kept = part.get_payload()
        return kept if isinstance(kept, str) else ""
    return decoded(data, str(part.get_param("charset", "") or ""))


def decoded(data: bytes, charset: str) -> str:
    """Bytes as text. Without a charset that is known it is UTF-8, else Western European."""
    name = _known(charset)
    if name in {"", "utf-8", "ascii"}:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            name = "cp1252"
    try:
        return data.decode(name, "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _known(charset: str) -> str:
    """The codec for a charset, or "" for none that turns bytes into text in a time that is known."""
    try:
        found = codecs.lookup(charset.strip(" \"'").lower())
    except (LookupError, ValueError):
        return ""
    is_text = getattr(found, "_is_text_encoding", True) and found.name not in _NO_CHARSETS
    return _MEANT.get(found.name, found.name) if is_text else ""


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_given_name(part))


def _given_name(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except Exception:  # a broken parameter
        return ""


def _name(part: Message) -> str:
    kind = part.get_content_type()
    suffix = ".eml" if kind == "message/rfc822" else mimetypes.guess_extension(kind) or ""
    return uploads.shown_name(_given_name(part) or f"attachment{suffix}")


def _data(part: Message) -> bytes:
    """A part's bytes; those of a mail inside are that mail."""
    try:
        if part.get_content_maintype() == "message" and part.is_multipart():
            return cast(list[Message], part.get_payload())[0].as_bytes()
        data = part.get_payload(decode=True)
    except Exception:  # a broken transfer encoding
        return b""
    return data if isinstance(data, bytes) else b""
