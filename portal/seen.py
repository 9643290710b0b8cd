"""What a partner's person may see. Every page of the portal asks here, and nothing else."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from conversations.models import Commitment, Conversation, Message, hidden_from_contact
from partners.models import Contact


def messages(to: Contact) -> QuerySet[Message]:
    """What was said between us and was shared: no notes, nothing withdrawn; of what is private, where
    this person was in it."""
    shared = Message.objects.filter(partner=to.partner_id, visible_to_partner=True, withdrawn_at=None)
    return shared.filter(~hidden_from_contact(to, "conversation"))


def conversations(to: Contact) -> QuerySet[Conversation]:
    """Threads in which something was shared."""
    shared = messages(to).filter(conversation=OuterRef("pk"))
    return Conversation.objects.filter(Exists(shared), partner=to.partner_id, merged_into=None)


def promises(to: Contact) -> QuerySet[Commitment]:
    """What one side owes the other still, where it was shared."""
    shared = Commitment.objects.open().filter(partner=to.partner_id, visible_to_partner=True)
    return shared.filter(~hidden_from_contact(to, "made_in__conversation"))
