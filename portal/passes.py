"""Passes: a signed address opens the page of a contact's firm. Ended, run out, or with a contact that
has left, it opens nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from partners.models import Contact, Event, Partner, Status
from portal import digests
from portal.models import Pass
from prm import outbox
from prm.models import OutboxItem
from prm.outbox import Mail
from prm.references import Reference
from prm.refusals import Refused
from team.models import Company, User

MAIL = "pass"
LONGEST = 365  # days
SEEN_EVERY = timedelta(minutes=10)
_signer = signing.Signer(salt="portal.passes")


class PassRefused(Refused):
    """The pass cannot be given, mailed or ended like this."""


@transaction.atomic
def give(contact: Contact, days: int, by: User, at: datetime, mailed: bool = False) -> Pass:
    """Give a contact a pass for so many days; `mailed` sends it the address."""
    if not 1 <= days <= LONGEST:
        raise PassRefused(f"A pass lasts between a day and {LONGEST} days.")
    if not _is_there(contact):
        raise PassRefused(f"{contact} is not there any more. Give the pass to somebody who is.")
    if mailed and not contact.email:
        raise PassRefused(f"{contact} has no e-mail address. Add one, or hand the address over yourself.")
    given = Pass.objects.create(
        contact=contact, given_by=by, given_at=at, expires_at=at + timedelta(days=days)
    )
    if mailed:
        outbox.put(MAIL, f"{MAIL}:{given.pk}", at, {"pass": given.pk})
    digests.begin(contact, at)
    until = f"{contact}, until {given.expires_at:%-d %B %Y}"
    Event.record("pass_given", at, by, contact.partner, reference(given), note=until)
    return given


@transaction.atomic
def end(given: Pass, by: User, at: datetime) -> None:
    """Let it open nothing from now on."""
    if not Pass.objects.filter(pk=given.pk, ended_at=None).update(ended_at=at, ended_by=by):
        raise PassRefused("This pass was ended already.")
    contact = given.contact
    Event.record("pass_ended", at, by, contact.partner, reference(given), note=str(contact))


def open_ones(partner: Partner) -> QuerySet[Pass]:
    """The passes of a partner's people that were not ended."""
    return Pass.objects.filter(contact__partner=partner, ended_at=None).select_related("contact__partner")


def end_all(partner: Partner, by: User, at: datetime) -> None:
    """The partnership has ended, and access with it."""
    for given in open_ones(partner).order_by("pk"):
        end(given, by, at)


def reference(given: Pass) -> Reference:
    return Reference("pass", given.pk)


def token(given: Pass) -> str:
    return _signer.sign(given.key.hex)


def address(given: Pass) -> str:
    """The whole address that opens it."""
    return settings.BASE_URL + reverse("portal:home", args=[token(given)])


def behind(signed: str) -> Pass | None:
    """The pass of an address, whether it opens or not; None where the address is not one of ours."""
    try:
        key = UUID(hex=_signer.unsign(signed))
    except (signing.BadSignature, ValueError):
        return None
    related = ("contact__partner", "given_by")
    return Pass.objects.select_related(*related).filter(key=key).first()


def why_closed(given: Pass, at: datetime) -> str:
    """Why it opens nothing, for whoever holds it; "" while it does."""
    if given.ended_at is not None or not _is_there(given.contact):
        return "This address was closed."
    if at >= given.expires_at:
        return f"This address was open until {given.expires_at:%-d %B %Y}."
    return ""


def seen(given: Pass, at: datetime) -> None:
    """Remember that it was used, to some minutes."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - SEEN_EVERY)
    if given.last_used_at is None or given.last_used_at < at - SEEN_EVERY:
        Pass.objects.filter(stale, pk=given.pk).update(last_used_at=at)


def _is_there(contact: Contact) -> bool:
    gone = contact.left_on or contact.withdrawn_at or contact.merged_into_id or contact.partner.merged_into_id
    return not gone and contact.partner.status != Status.ENDED


def still_stands(item: OutboxItem) -> bool:
    """Whether the pass was not ended meanwhile."""
    return Pass.objects.filter(pk=item.about["pass"], ended_at=None, contact__left_on=None).exists()


def compose(item: OutboxItem) -> Mail:
    given = Pass.objects.select_related("contact__partner", "given_by").get(pk=item.about["pass"])
    context = {"given": given, "company": Company.objects.first(), "address": address(given)}
    return Mail(
        to=[given.contact.email],
        subject=render_to_string("emails/pass.subject.txt", context).strip(),
        body=render_to_string("emails/pass.txt", context).strip() + "\n",
        reply_to=[given.given_by.email],
        headers={outbox.GENERATOR: MAIL, "Auto-Submitted": "auto-generated"},
    )
