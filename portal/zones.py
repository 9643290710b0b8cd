"""In whose zone a partner's person reads."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from partners.models import Contact
from team.models import Company


def zone_of(contact: Contact) -> ZoneInfo:
    """The person's own, else its partner's, else ours."""
    company = Company.objects.first()
    return ZoneInfo(contact.zone or contact.partner.zone or (company.zone if company else "UTC"))
