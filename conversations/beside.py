"""The partner beside a conversation: who waits besides, what is promised, who is there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from conversations import countdown
from conversations.models import Commitment, Conversation, Wait
from partners import calling
from partners.models import Contact
from prm.questions import Asked, Question, key
from team.models import User
from team.readers import Reader, reader

PROMISES, WAITS, PEOPLE = 6, 4, 5


def _promised(who: Reader) -> QuerySet[Commitment]:
    open_ones = Commitment.objects.visible_to(who).open().filter(partner=key("partner"))
    return open_ones.select_related("owner", "contact").order_by("promised_for", "pk")[:PROMISES]


def _waiting(who: Reader) -> QuerySet[Wait]:
    waits = Wait.objects.open().visible_to(who).filter(partner=key("partner"))
    others = waits.exclude(conversation=key("conversation")).select_related("conversation")
    columns = ("opened_at", "warn_at", "due_at", "paused_until", "conversation__subject")
    return others.only(*columns).order_by("due_at", "pk")[:WAITS]


PROMISED = Question(_promised)
WAITING = Question(_waiting)
THERE = Question(lambda: Contact.objects.current().filter(partner=key("partner"))[:PEOPLE])


def asked(conversation: Conversation, user: User) -> list[Asked[Any]]:
    """What `partner_of` asks."""
    given = {"reader": user.pk, "partner": conversation.partner_id, "conversation": conversation.pk}
    there = THERE.of(partner=conversation.partner_id)
    return [*(question.of(reader(user), **given) for question in (PROMISED, WAITING)), there]


def partner_of(conversation: Conversation, user: User, at: datetime) -> dict[str, Any]:
    """What the card of the partner shows."""
    partner = conversation.partner
    promised, waiting, there = (each.ask() for each in asked(conversation, user))
    return {
        "local_time": timezone.localtime(at, ZoneInfo(partner.zone)) if partner.zone else None,
        "open_promises": promised,
        "also_waiting": [{"wait": wait, "clock": countdown.read(wait, at)} for wait in waiting],
        "people_there": [(contact, calling.first_ways(contact.phones, contact.email)) for contact in there],
    }
