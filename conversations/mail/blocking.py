"""Senders, and whole domains, that nobody wants to hear of."""

from __future__ import annotations

from datetime import datetime

from conversations.mail import reply_address, threading
from conversations.models import BlockedSender, RawMail
from partners.keys import own_domain
from prm.refusals import Refused
from team.models import User


class BlockRefused(Refused):
    """This sender cannot be blocked."""


def is_blocked(address: str) -> bool:
    """Whether mail of this address is put away unseen."""
    if "@" not in address:
        return False
    return BlockedSender.objects.filter(pattern__in=[address, f"@{address.rpartition('@')[2]}"]).exists()


def block(address: str, by: User, at: datetime, whole_domain: bool = False) -> int:
    """Put away what this address, or everybody at its domain, sent and will send; how many mails went."""
    if "@" not in address:
        raise BlockRefused("This mail names no sender that could be blocked.")
    domain = address.rpartition("@")[2]
    if reply_address.is_intake(address) or (whole_domain and address.endswith(f"@{_own_domain()}")):
        raise BlockRefused(f"{domain} is our own.")
    if whole_domain and not own_domain(address):
        raise BlockRefused(f"Many share {domain}. Block {address} alone.")
    if known := threading.contacts_at(address):
        raise BlockRefused(f"{address} belongs to {known[0]} of {known[0].partner}.")
    if whole_domain and (partners := threading.partners_at(address)):
        raise BlockRefused(f"{domain} belongs to {partners[0]}.")
    BlockedSender.objects.get_or_create(
        pattern=f"@{domain}" if whole_domain else address, defaults={"by": by, "at": at}
    )
    mails = RawMail.objects.unknown()
    mails = mails.filter(sender__endswith=f"@{domain}") if whole_domain else mails.filter(sender=address)
    return mails.update(state=RawMail.State.BLOCKED, handled_by=by, handled_at=at)


def unblock(blocked: BlockedSender) -> int:
    """Hear of this sender again; what was put away stands under Unknown senders again; how many mails."""
    mails = RawMail.objects.filter(state=RawMail.State.BLOCKED)
    domain = blocked.pattern.startswith("@")
    mails = mails.filter(sender__endswith=blocked.pattern) if domain else mails.filter(sender=blocked.pattern)
    blocked.delete()
    return mails.update(state=RawMail.State.UNKNOWN, handled_by=None, handled_at=None)


def _own_domain() -> str:
    return reply_address.own().rpartition("@")[2]
