"""The addresses a person has with us, each for one use: `partners+calendar-7-<mark>@acme.example`.

Who knows such an address can use it, so only that person is shown it; a key that somebody made up, or
that was made for another use, names nobody.
"""

from __future__ import annotations

from collections.abc import Iterable

from conversations.mail import reply_address
from team.models import User

CALENDAR, MAIL = "calendar", "mail"


def of(person: User, use: str) -> str:
    """The address of a person for this use; "" where our address has no place for a key."""
    address = reply_address.of(person.pk, use)
    return address if reply_address.named_in([address.lower()], use) else ""


def named_in(addresses: Iterable[str], use: str) -> User | None:
    """The person whose address for this use is among these, if it is still one of us."""
    pk = reply_address.named_in(addresses, use)
    return User.objects.current().filter(pk=pk).first() if pk is not None else None
