"""The address under which one person there reads one issue, without an account. Looking records nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

from partners.models import Contact, Status
from reviews.issues.models import Issue

VALID = timedelta(days=120)
_signer = signing.Signer(salt="reviews.issues")


def token(issue: Issue, contact: Contact, at: datetime) -> str:
    """The address of one person for `VALID` from now."""
    return _signer.sign(f"{issue.pk:x}-{contact.pk:x}-{at.date().toordinal():x}")


def behind(signed: str) -> tuple[Issue, Contact, date] | None:
    """Which issue of whom an address opens, and the day it was made; None where it is not one of ours."""
    try:
        ids = [int(part, 16) for part in _signer.unsign(signed).split("-")]
    except (signing.BadSignature, ValueError):
        return None
    related = ("partner", "wait__conversation")
    issue = Issue.objects.shared().select_related(*related).filter(pk=ids[0]).first()
    contact = Contact.objects.filter(pk=ids[1]).first()
    if issue is None or contact is None:
        return None
    return issue, contact, date.fromordinal(ids[2])


def why_closed(issue: Issue, contact: Contact, made_on: date, at: datetime) -> str:
    """Why it opens nothing, for whoever holds it; "" while it does."""
    gone = contact.left_on or contact.withdrawn_at or contact.merged_into_id
    elsewhere = contact.partner_id != issue.partner_id or issue.partner.merged_into_id
    if gone or elsewhere or issue.partner.status == Status.ENDED:
        return _("This address was closed.")
    if at.date() > made_on + VALID:
        return _("This address has expired. Your page in our portal leads to the issue.")
    return ""
