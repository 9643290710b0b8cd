"""Whose a mail is and which conversation it continues: by the key in the address it came to, then by
what it answers, then none. The subject alone never decides.

A mail that comes in is its sender's: it stands with the sender's partner only, whoever else it names. One
of ours stands with each partner whose people it went to (`conversations.sent`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from conversations.mail import reply_address
from conversations.mail.reading import Incoming
from conversations.models import Conversation, Message
from partners.keys import own_domain
from partners.models import Contact, Partner


@dataclass(frozen=True)
class Place:
    """Where a mail belongs: with a partner, perhaps one of its people, perhaps in a thread. `address` is the
    partner's of those a mail of ours went to."""

    partner: Partner
    contact: Contact | None
    conversation: Conversation | None
    address: str = ""


@dataclass(frozen=True)
class Unplaced:
    """Nobody here can tell whose it is. `claims` is the thread it says it answers."""

    claims: Conversation | None = None


def place(read: Incoming) -> Place | Unplaced:
    """Where the mail belongs. It enters a thread only if its sender belongs to that partner."""
    people = contacts_at(read.sender)
    theirs = partners_of(read.sender, people)
    threads = named(read)
    for conversation in threads:
        if conversation.partner in theirs:
            return placed(conversation.partner, people, conversation)
    if threads or not theirs:
        return Unplaced(threads[0] if threads else None)
    return placed(theirs[0], people, None)


def contacts_at(address: str) -> list[Contact]:
    """The contacts who write from this address, those still there first."""
    if not address:
        return []
    found = (
        Contact.objects.filter(
            Q(email__iexact=address) | Q(addresses__email__iexact=address),
            merged_into=None,
            withdrawn_at=None,
        )
        .select_related("partner")
        .distinct()
    )
    standing = [contact for contact in found if contact.partner.merged_into_id is None]
    return sorted(standing, key=lambda each: (each.left_on is not None, not each.is_primary, each.pk))


def partners_of(address: str, people: Sequence[Contact]) -> list[Partner]:
    """Whose address it is: those whose people write from it, where there are none whose domain it has."""
    return [contact.partner for contact in people] or partners_at(address)


def partners_at(address: str) -> list[Partner]:
    """The partner whose domain the address has, where it is that partner's alone."""
    domain = own_domain(address) if "@" in address else ""
    if not domain:
        return []
    partners = Partner.objects.filter(merged_into=None).filter(Q(domain=domain) | Q(domains__domain=domain))
    found = list(partners.distinct()[:2])
    return found if len(found) == 1 else []


def placed(partner: Partner, people: Sequence[Contact], conversation: Conversation | None) -> Place:
    contact = next((contact for contact in people if contact.partner_id == partner.pk), None)
    return Place(partner, contact, conversation)


def named(read: Incoming) -> list[Conversation]:
    """The conversations it names: by the key first, then what it answers, the nearest first. What it answers
    may be one mail of ours in conversations with several partners."""
    threads = Conversation.objects.select_related("partner", "merged_into__partner")
    found: list[Conversation] = []
    if keyed := reply_address.named_in(read.delivered):
        found += threads.filter(pk=keyed)
    if read.references:
        answered = Message.objects.filter(external_id__in=read.references).select_related(
            "conversation__partner", "conversation__merged_into__partner"
        )
        nearest = sorted(answered, key=lambda each: (read.references.index(each.external_id), each.pk))
        found += [message.conversation for message in nearest]
    return [conversation.merged_into or conversation for conversation in found]
