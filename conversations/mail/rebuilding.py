"""The mail that a provider posts to us, as bytes again: as it came, or rebuilt where it came in fields."""

from __future__ import annotations

import hashlib

from anymail.inbound import AnymailInboundMessage


def raw(message: AnymailInboundMessage) -> bytes:
    """The whole mail, begun by the address it was delivered to, as a mail server begins it."""
    _bound(message)
    policy = message.policy.clone(refold_source="none", max_line_length=None)
    return _delivered(message.envelope_recipient) + message.as_bytes(policy=policy)


def _bound(message: AnymailInboundMessage) -> None:
    """Part it alike each time: by its bytes a mail without a Message-ID is known again."""
    leaves = [part for part in message.walk() if not part.is_multipart()]
    digest = hashlib.sha256()
    for leaf in leaves:
        digest.update(leaf.get_payload(decode=True) or b"")
    for number, part in enumerate(message.walk()):
        if part.get_content_maintype() == "multipart" and part.get_boundary() is None:
            part.set_boundary(f"={number}={digest.hexdigest()[:40]}")


def _delivered(address: str | None) -> bytes:
    """The header of the address in the envelope; none where it is no address in one line."""
    if not address or "@" not in address or not address.isascii() or not address.isprintable():
        return b""
    return f"Delivered-To: {address}\n".encode()
