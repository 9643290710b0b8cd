"""Who answers: the person responsible, who covers for it, and who leads it."""

from __future__ import annotations

from datetime import date, datetime

from conversations.models import Conversation
from partners.models import Assignment, Partner
from partners.organisations import local_day
from team.models import Company, Role, User
from team.people import delegate_of
from team.roles import may


def cover_of(partner: Partner, responsible: User | None, on: date) -> User | None:
    """Who stands in: the delegate while a leave runs, else the partner's next assignment."""
    if responsible is not None:
        delegate = delegate_of(responsible, on)
        if delegate is not None:
            return delegate
    others = Assignment.objects.current().filter(partner=partner, user__is_active=True)
    if responsible is not None:
        others = others.exclude(user=responsible)
    second = others.select_related("user").first()
    return second.user if second else None


def heads() -> list[User]:
    """The heads; where there is none, the admins."""
    current = User.objects.filter(is_active=True).distinct()
    return list(current.filter(grants__role=Role.HEAD)) or list(current.filter(grants__role=Role.ADMIN))


def leads_of(person: User | None) -> list[User]:
    """Whom a step meant for the lead goes to: the lead, else the heads."""
    lead = person.lead if person is not None else None
    return [lead] if lead is not None and lead.is_active else heads()


def today_of(person: User | None, at: datetime) -> date:
    """The local day of a person, or of the company where nobody is responsible."""
    if person is not None:
        return local_day(at, person.zone)
    company = Company.objects.first()
    return local_day(at, company.zone if company else "UTC")


def answerers(conversation: Conversation, at: datetime) -> list[User]:
    """Who is told first: the person responsible, and its delegate while it is away; else the heads."""
    whose = conversation.whose
    if whose is None or not whose.is_active:
        return heads()
    delegate = delegate_of(whose, today_of(whose, at))
    return [whose, delegate] if delegate else [whose]


def approvers_for(person: User | None) -> list[User]:
    """Who may confirm what this person reports late: its lead where that one may, else the heads."""
    return [lead for lead in leads_of(person) if may(lead, "approve late log")] or heads()
