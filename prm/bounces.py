"""Addresses our mail comes back from: after the third time no automatic mail goes there for 60 days.

A mail comes back in two ways: the server refuses its receiver for good, or a delivery report names
it later. Either counts once for each mail. What is older than the 60 days is forgotten. A person's
own reply is tried all the same: whoever wrote it is told when it comes back.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from email.utils import getaddresses

from django.db import transaction

from prm.models import BouncedAddress, OutboxItem

MOST = 3
FOR = timedelta(days=60)

Tell = Callable[[BouncedAddress, datetime], None]
_told: list[Tell] = []


def when_suppressed(tell: Tell) -> None:
    """Register who is told, in the same transaction, that an address gets no more automatic mail."""
    _told.append(tell)


def says_nobody_is_there(code: int, words: bytes) -> bool:
    """Whether an SMTP answer to a receiver means the address (RFC 5321, 4.2.3), not a policy of the
    server such as refused relaying, which RFC 3463 numbers 5.7."""
    return code in {550, 551, 553} and b"5.7." not in words and b"relay" not in words.lower()


def reported(message_ids: Iterable[str], at: datetime) -> int:
    """A delivery report names these mails as not delivered; how many of ours it is news about."""
    sent = OutboxItem.objects.filter(message_id__in=list(message_ids), state=OutboxItem.State.SENT)
    return sum(_came_back(item, at) for item in sent)


@transaction.atomic
def _came_back(item: OutboxItem, at: datetime) -> bool:
    """Mark a sent mail as bounced; False where another was quicker."""
    mine = OutboxItem.objects.filter(pk=item.pk, state=OutboxItem.State.SENT)
    if not mine.update(
        state=OutboxItem.State.BOUNCED, last_error="A delivery report says it did not arrive."
    ):
        return False
    count(bare(item.to.split(", ")), at)
    return True


@transaction.atomic
def count(emails: Iterable[str], at: datetime) -> None:
    """A mail to these addresses came back."""
    for email in emails:
        BouncedAddress.objects.get_or_create(email=email, defaults={"bounces": 0, "last_bounced_at": at})
        address = BouncedAddress.objects.select_for_update().get(email=email)
        recent = address.last_bounced_at > at - FOR
        address.bounces = address.bounces + 1 if recent else 1
        address.last_bounced_at = at
        dead = address.bounces >= MOST and not address.is_dead(at)
        if dead:
            address.suppressed_until = at + FOR
        address.save()
        for tell in _told if dead else ():
            tell(address, at)


def alive(receivers: Iterable[str], at: datetime) -> list[str]:
    """Those of the receivers ("name <address>" or bare) that automatic mail may go to."""
    wanted = list(receivers)
    dead = BouncedAddress.objects.filter(email__in=bare(wanted), suppressed_until__gt=at)
    gone = set(dead.values_list("email", flat=True))
    return [receiver for receiver in wanted if not gone & set(bare([receiver]))]


def lift(address: BouncedAddress) -> None:
    """Let mail go there again and forget what came back."""
    address.delete()


def bare(receivers: Iterable[str]) -> list[str]:
    """The addresses alone, in lower case."""
    return [address.lower() for _, address in getaddresses(list(receivers)) if address]
