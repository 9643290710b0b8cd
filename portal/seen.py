"""What a partner's person may see. Every page of the portal asks here, and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from conversations import decision_kinds, outgoing
from conversations.models import Commitment, Conversation, Decision, Matter, Message
from conversations.models.decisions import MatterQuerySet
from partners.models import Partner
from prm import clock


def messages(partner: Partner) -> QuerySet[Message]:
    """What was said between us and was shared: no notes, nothing withdrawn, nothing we may take back yet."""
    shared = Message.objects.filter(partner=partner, visible_to_partner=True, withdrawn_at=None)
    return shared.filter(Q(direction=Message.Direction.IN) | Q(recorded_at__lt=_settled()))


def _settled() -> datetime:
    """What we wrote before can be taken back no more."""
    return clock.now() - outgoing.UNDO_FOR


def conversations(partner: Partner) -> QuerySet[Conversation]:
    """Threads in which something was shared."""
    shared = messages(partner).filter(conversation=OuterRef("pk"))
    return Conversation.objects.filter(Exists(shared), partner=partner, merged_into=None)


def promises(partner: Partner) -> QuerySet[Commitment]:
    """What one side owes the other still, where it was shared."""
    promised = Commitment.objects.open().filter(partner=partner, visible_to_partner=True)
    return promised.filter(Q(made_in=None) | Q(created_at__lt=_settled()))


def decisions(partner: Partner) -> QuerySet[Decision]:
    """What we decided about it, and stands."""
    return Decision.objects.filter(partner=partner, visible_to_partner=True, withdrawn_at=None)


def matters(partner: Partner) -> MatterQuerySet:
    """What it waits for us to decide."""
    ours = Matter.objects.open().filter(partner=partner, kind__key__in=decision_kinds.of_partners())
    return ours.order_by("wait__opened_at", "pk")
