"""Who is told of conversations at a moment: who answers, who covers, who leads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from conversations import responsibility
from conversations.models import Conversation
from partners.models import Assignment
from team.models import User
from team.people import delegates_of


class Roster:
    """Who is told of some conversations: looked up once for all of them."""

    def __init__(self, conversations: Iterable[Conversation], at: datetime) -> None:
        held = list(conversations)
        people = {each.responsible for each in held if each.responsible is not None}
        self._partners = {each.partner_id for each in held}
        self._delegates = delegates_of(people, at)

    @cached_property
    def heads(self) -> list[User]:
        return responsibility.heads()

    def answerers(self, conversation: Conversation) -> list[User]:
        """Who is told first: the person responsible, and its delegate while it is away; else the heads."""
        person = conversation.responsible
        if person is None:
            return self.heads
        delegate = self._delegates.get(person.pk)
        return [person, delegate] if delegate else [person]

    def leads(self, conversation: Conversation) -> list[User]:
        """Whom a step meant for the lead goes to: the lead, else the heads."""
        lead = responsibility.lead_of(conversation.responsible)
        return [lead] if lead is not None else self.heads

    def cover(self, conversation: Conversation) -> list[User]:
        """Who stands in, if anybody: the delegate while a leave runs, else the partner's next assignment."""
        person = conversation.responsible
        if person is not None and person.pk in self._delegates:
            return [self._delegates[person.pk]]
        others = self._assigned.get(conversation.partner_id, [])
        return [user for user in others if user != person][:1]

    @cached_property
    def _assigned(self) -> dict[int, list[User]]:
        """Who looks after each partner now, in the order of standing in."""
        current = Assignment.objects.current().filter(partner__in=self._partners, user__is_active=True)
        assigned: dict[int, list[User]] = {}
        for assignment in current.select_related("user"):
            assigned.setdefault(assignment.partner_id, []).append(assignment.user)
        return assigned


def answerers(conversation: Conversation, at: datetime) -> list[User]:
    """Who is told first of one conversation."""
    return Roster([conversation], at).answerers(conversation)
