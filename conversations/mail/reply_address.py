"""The address a partner answers to: it names the conversation by a key that only we can have made.

`partners+12-<mark>@acme.example`, or what REPLY_ADDRESS says. Mail servers keep what stands behind the
plus; a key that somebody made up, or that was damaged under way, names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "conversations.reply_address"
MARK = 20  # hexadecimal digits: 80 bits
_KEY = re.compile(rf"(\d{{1,15}})-([0-9a-f]{{{MARK}}})")


def of(pk: int, use: str = "") -> str:
    """The address that answers to the conversation with this id go to; of another thing, for a `use`."""
    named = f"{use}-{pk}" if use else str(pk)
    return pattern().replace("{key}", f"{named}-{_mark(pk, settings.SECRET_KEY, use)}")


def named_in(addresses: Iterable[str], use: str = "") -> int | None:
    """The id of the conversation (or the thing, for a `use`) that the first valid key among these names."""
    before, _, after = pattern().lower().partition("{key}")
    for address in addresses:
        if address.startswith(before) and address.endswith(after):
            key = address[len(before) : len(address) - len(after)]
            found = _KEY.fullmatch(key.removeprefix(f"{use}-") if use and key.startswith(use) else key)
            if found and _is_ours(int(found[1]), found[2], use):
                return int(found[1])
    return None


def is_intake(address: str) -> bool:
    """Whether mail to this address comes to us: the sender's address of our mails, or one with a key."""
    before, keyed, after = pattern().lower().partition("{key}")
    if address == own() or address == before + after:
        return True
    return bool(keyed) and address.startswith(before) and address.endswith(after)


def own() -> str:
    """The bare address that our mails come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()


def pattern() -> str:
    """What the address is made from; "{key}" stands where the key goes."""
    if settings.REPLY_ADDRESS:
        return settings.REPLY_ADDRESS
    mailbox, _, host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")
    return f"{mailbox}+{{key}}@{host}"


def _mark(pk: int, secret: str | bytes, use: str) -> str:
    salt = f"{SALT}.{use}" if use else SALT  # a key for one use is none for another
    return salted_hmac(salt, str(pk), secret=secret, algorithm="sha256").hexdigest()[:MARK]


def _is_ours(pk: int, mark: str, use: str) -> bool:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(_mark(pk, secret, use), mark) for secret in secrets)
