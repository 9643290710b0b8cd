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


def of(pk: int) -> str:
    """The address that answers to the conversation with this id go to."""
    return pattern().replace("{key}", f"{pk}-{_mark(pk, settings.SECRET_KEY)}")


def named_in(addresses: Iterable[str]) -> int | None:
    """The id of the conversation that the first valid key among these addresses names."""
    before, _, after = pattern().lower().partition("{key}")
    for address in addresses:
        if address.startswith(before) and address.endswith(after):
            found = _KEY.fullmatch(address[len(before) : len(address) - len(after)])
            if found and _is_ours(int(found[1]), found[2]):
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


def _mark(pk: int, secret: str | bytes) -> str:
    return salted_hmac(SALT, str(pk), secret=secret, algorithm="sha256").hexdigest()[:MARK]


def _is_ours(pk: int, mark: str) -> bool:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(_mark(pk, secret), mark) for secret in secrets)
