"""We say by when we want the partner's answer. It reads so in the mail and in the portal."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from conversations.commitments import end_of
from conversations.models import Message, Wanted
from conversations.records import MessageRefused
from partners.models import Contact, Partner
from partners.organisations import local_day
from team.companies import zone_of
from team.models import User


def must_be_ahead(on: date | None, by: User, at: datetime) -> None:
    """Refuse a day that nobody can answer by any more."""
    if on is not None and on < local_day(at, by.zone):
        raise MessageRefused(_("Answer wanted by: that day has passed. Choose a later one."))


def want(message: Message, on: date, by: User, at: datetime) -> Wanted:
    """The answer to a message is wanted by the end of a day, where its reader is."""
    must_be_ahead(on, by, at)
    ends_at = end_of(on, _zone(message.contact, message.partner))
    return Wanted.objects.create(message=message, on=on, ends_at=ends_at)


def _zone(contact: Contact | None, partner: Partner) -> str:
    return (contact.zone if contact else "") or partner.zone or zone_of()
