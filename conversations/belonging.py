"""Which of a partner's memberships a conversation is about, where it has several. Whose it is follows."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from conversations import responsibility, waits
from conversations.models import Conversation
from conversations.threads import reference
from partners.models import Event, Membership, Partner
from prm.refusals import Refused
from team.models import User


class BelongingRefused(Refused):
    """The conversation cannot be about this."""


def choices(partner: Partner) -> QuerySet[Membership]:
    """The current memberships, the main one first; with one there is nothing to choose."""
    current = Membership.objects.filter(partner=partner, ends_on=None)
    return current.select_related("programme").order_by("-is_main", "programme__name")


def several(partner: str) -> Exists:
    """Whether the partner of a row (the path to its id) has more than the main one."""
    return Exists(Membership.objects.filter(partner=OuterRef(partner), ends_on=None, is_main=False))


@transaction.atomic
def belong(
    conversation: Conversation, to: Membership | None, by: User, at: datetime, undoes: Event | None = None
) -> Event | None:
    """It is about this membership, or about the whole partnership. No due time moves."""
    (held,) = waits.locked(conversation)
    if to is not None and to.partner_id != held.partner_id:
        raise BelongingRefused(f"{to.programme} is no programme of {held.partner}.")
    former, latter = held.membership_id, to.pk if to else None
    if former == latter:
        raise BelongingRefused("It is about that already.")
    Conversation.objects.filter(pk=held.pk).update(membership=to)
    conversation.membership = to
    responsibility.settle_one(conversation)
    return Event.record(
        "conversation_belongs",
        at,
        by,
        held.partner,
        reference(held),
        changes={"membership": [former, latter]},
        note=str(to.programme) if to else "the whole partnership",
        undoes=undoes,
    )


def belong_again(event: Event, by: User, at: datetime) -> Event | None:
    """The Undo: it is about what it was about before."""
    conversation = Conversation.objects.get(pk=event.about_id or 0)
    former, latter = event.changes["membership"]
    if conversation.membership_id != latter:
        raise BelongingRefused("It was changed again since.")
    to = Membership.objects.filter(pk=former).select_related("programme").first()
    return belong(conversation, to, by, at, undoes=event)
