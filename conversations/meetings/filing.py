"""A mail to the calendar address of one of us: invitations in it plan meetings, and no message is made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from conversations.mail import authentication, person_address
from conversations.mail.reading import Incoming
from conversations.meetings import invitations, planning, whom
from conversations.meetings.invitations import Invitation
from team.models import User


def file(read: Incoming, at: datetime) -> str | None:
    """Plan what a mail invites to; in words, what became of it. None where it is no such mail.

    It must come from the person whose address it is, or name one of the person's own addresses.
    """
    if not read.calendars:
        return None
    person = person_address.named_in(read.delivered, person_address.CALENDAR)
    if person is None:
        return None
    if read.dmarc == authentication.FAIL:
        return "may be forged, so that it plans no meeting"
    found = [each for each in _invitations(read, person, at) if _concerns(person, read, each)]
    changed = sum(planning.plan(each, person, at) for each in found)
    return f"plans or changes {changed} meeting{'' if changed == 1 else 's'} of {person}"


def _invitations(read: Incoming, person: User, at: datetime) -> Iterator[Invitation]:
    """Each once, although mails bring the same file as a part and attached."""
    seen = set()
    for raw in dict.fromkeys(read.calendars):
        try:
            found = invitations.read(raw, at, person.zone)
        except invitations.Unreadable:
            continue
        for invitation in found:
            if invitation not in seen:
                seen.add(invitation)
                yield invitation


def _concerns(person: User, read: Incoming, invitation: Invitation) -> bool:
    named = {read.sender, *read.to, *read.cc} | invitation.people
    return not whom.addresses_of(person).isdisjoint(address.lower() for address in named)
