"""Secrets that must be used again (the password of a mailbox), encrypted at rest.

Whoever holds a copy of the database and not SECRET_KEY reads none of them. The standard library has no
cipher, so this is the plain construction out of HMAC-SHA256: a key stream from a random nonce and a
counter, and over the whole a mark by another key, checked before anything is opened.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from hashlib import sha256

from django.conf import settings
from django.utils.encoding import force_bytes

from prm.refusals import Refused

NONCE = 16  # bytes
MARK = 32
BLOCK = 32


class VaultRefused(Refused):
    """The secret was sealed under another SECRET_KEY, or was changed."""


def seal(secret: str) -> str:
    """The secret as text that only this installation can open."""
    nonce = secrets.token_bytes(NONCE)
    hidden = _mixed(secret.encode(), nonce, settings.SECRET_KEY)
    return base64.urlsafe_b64encode(nonce + hidden + _mark(nonce + hidden, settings.SECRET_KEY)).decode()


def unseal(sealed: str) -> str:
    """The secret again, also where SECRET_KEY was changed and the former one stands in its fallbacks."""
    try:
        raw = base64.urlsafe_b64decode(sealed.encode())
    except ValueError:
        raw = b""
    body, mark = raw[:-MARK], raw[-MARK:]
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        if len(body) >= NONCE and hmac.compare_digest(_mark(body, key), mark):
            return _mixed(body[NONCE:], body[:NONCE], key).decode()
    raise VaultRefused("This secret cannot be opened with today's SECRET_KEY. Enter it again.")


def _key(purpose: bytes, key: str | bytes) -> bytes:
    return hmac.digest(force_bytes(key), b"prm.vault." + purpose, sha256)


def _mark(body: bytes, key: str | bytes) -> bytes:
    return hmac.digest(_key(b"mark", key), body, sha256)


def _mixed(text: bytes, nonce: bytes, key: str | bytes) -> bytes:
    """The text mixed with the key stream of the nonce; mixed again, it is the text."""
    stream_key = _key(b"stream", key)
    blocks = range(0, len(text), BLOCK)
    stream = b"".join(hmac.digest(stream_key, nonce + at.to_bytes(8), sha256) for at in blocks)
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))
