"""Mail no person wrote, told from people's; and what a delivery report says."""

from __future__ import annotations

import re
from email.message import Message

from conversations.mail import headers, parts
from prm.outbox import BY_A_PERSON, GENERATOR

_BULK = {"auto_reply", "auto-reply", "bulk", "junk", "list"}
_REPORTERS = {"mailer-daemon", "mail-daemon", "postmaster"}
_FAILED = re.compile(r"^Action:\s*failed", re.IGNORECASE | re.MULTILINE)
_RECEIVER = re.compile(
    r"^(?:Original|Final)-Recipient:[^;\n]{0,40};\s*<?([^\s<>;]{1,320}@[^\s<>;]{1,320})",
    re.IGNORECASE | re.MULTILINE,
)
_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Apple-Action")


def is_automatic(mail: Message) -> bool:
    """Whether no person wrote it: RFC 3834 ("no" is a person), its forerunners, lists and reports.

    What another installation like ours sends says by its generator header whether a person wrote it.
    """
    submitted = headers.value(mail, "Auto-Submitted").split(";")[0].split("(")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if any(headers.value(mail, name) for name in _HEADERS):
        return True
    if headers.value(mail, GENERATOR) not in {"", BY_A_PERSON}:
        return True
    if headers.value(mail, "Precedence").lower() in _BULK:
        return True
    if mail.get("Return-Path") is not None and headers.value(mail, "Return-Path") in {"", "<>"}:
        return True
    return is_report(mail)


def is_report(mail: Message) -> bool:
    """Whether a mail server wrote it to say what became of another mail."""
    if mail.get_content_type() in {"multipart/report", "message/delivery-status"}:
        return True
    name, address = headers.sender(mail)
    if not address:  # "From: MAILER-DAEMON" and the like
        name = headers.value(mail, "From").split("<")[0].split("(")[0]
    return bool({name.strip(' "').lower(), address.split("@")[0]} & _REPORTERS)


def undelivered(mail: Message) -> tuple[str, ...]:
    """The Message-IDs of the mails that a delivery report says failed."""
    if not is_report(mail):
        return ()
    found = parts.every(mail)
    status = "\n".join(_statuses(found))
    if status and not _FAILED.search(status):
        return ()
    returned: list[str] = []
    for part in found:
        if part is not mail and part.get("Message-ID"):
            returned += headers.ids(headers.value(part, "Message-ID"))
        if part.get_content_type() in {"text/rfc822-headers", "text/plain"}:
            returned += headers.ids(_line(parts.text(part), "Message-ID"))
    return tuple(dict.fromkeys(returned))


def undelivered_to(mail: Message) -> tuple[str, ...]:
    """The addresses that a delivery report says a mail did not reach, in lower case."""
    if not is_report(mail):
        return ()
    failed = [each for each in _statuses(parts.every(mail)) if _FAILED.search(each)]
    told = [address.lower() for each in failed for address in _RECEIVER.findall(each)]
    return tuple(dict.fromkeys([*told, *headers.addresses(mail, "X-Failed-Recipients")]))


def _statuses(found: list[Message]) -> list[str]:
    """What a report says, receiver by receiver."""
    payloads = [part.get_payload() for part in found if "status" in part.get_content_type()]
    return [str(block) for each in payloads for block in (each if isinstance(each, list) else [each])]


def _line(text: str, name: str) -> str:
    found = re.search(rf"^{name}:\s*(\S.*)$", text, re.IGNORECASE | re.MULTILINE)
    return found.group(1) if found else ""
