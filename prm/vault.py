"""Secrets that must be used again (the password of a mailbox), encrypted at rest.

Whoever holds a copy of the database and not SECRET_KEY reads none of them.
"""

from __future__ import annotations

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

from prm.refusals import Refused


class VaultRefused(Refused):
    """The secret was sealed under another SECRET_KEY, or was changed."""


def seal(secret: str) -> str:
    """The secret as text that only this installation can open."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again, also where SECRET_KEY was changed and the former one stands in its fallbacks."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise VaultRefused("This secret cannot be opened with today's SECRET_KEY. Enter it again.")


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key(key)) for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _key(secret_key: str | bytes) -> bytes:
    """A key of its own for this purpose, so that no other use of SECRET_KEY shares it."""
    return base64.urlsafe_b64encode(hmac.digest(force_bytes(secret_key), b"prm.vault", "sha256"))
