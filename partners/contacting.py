"""Who asked not to be contacted: outreach, surveys and digests leave them alone; pages on which one writes
warn."""

from __future__ import annotations

from partners.models import Contact, Partner


def forbidden(partner: Partner, contact: Contact | None = None) -> str:
    """Who asked not to be contacted, as a sentence; "" where nobody did."""
    if partner.do_not_contact:
        return f"{partner} asked not to be contacted."
    if contact is not None and contact.do_not_contact:
        return f"{contact} asked not to be contacted."
    return ""
