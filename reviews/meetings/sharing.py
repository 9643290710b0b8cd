"""What the partner's people read under a signed address of their own, without an account: the pre-read, the
minutes, and where they sign. Looking records nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import Contact, Status
from prm import clock, outbox
from prm.models import OutboxItem
from prm.outbox import Mail
from reviews.meetings import actions, sent, steps
from reviews.meetings.packet.shown import fingerprint
from reviews.models import Minutes, Packet, Review
from team.models import Company, User

MAIL = "review"
PRE_READ, MINUTES = "pre_read", "minutes"
VALID = timedelta(days=120)
State = Review.State
_signer = signing.Signer(salt="reviews.shared")


# --- the address ------------------------------------------------------------------------------------------


def token(review: Review, contact: Contact, at: datetime) -> str:
    """The address of one person for `VALID` from now; its page in the portal always gives a fresh one."""
    return _signer.sign(f"{review.pk:x}-{contact.pk:x}-{at.date().toordinal():x}")


def behind(signed: str) -> tuple[Review, Contact, date] | None:
    """Which review of whom an address opens, and the day it was made; None where it is not one of ours."""
    try:
        ids = [int(part, 16) for part in _signer.unsign(signed).split("-")]
    except (signing.BadSignature, ValueError):
        return None
    review = Review.objects.select_related("partner__owner", "definitions_by").filter(pk=ids[0]).first()
    contact = Contact.objects.filter(pk=ids[1]).first()
    if review is None or contact is None:
        return None
    return review, contact, date.fromordinal(ids[2])


def why_expired(made_on: date, at: datetime) -> str:
    """Why an address is too old, for whoever holds it; "" while it is not."""
    if at.date() <= made_on + VALID:
        return ""
    return _(
        "This address has expired. Your page in our portal leads to the review, or ask us for a new one."
    )


def why_closed(review: Review, contact: Contact) -> str:
    """Why it opens nothing, for whoever holds it; "" while it does."""
    gone = contact.left_on or contact.withdrawn_at or contact.merged_into_id
    elsewhere = contact.partner_id != review.partner_id or review.partner.merged_into_id
    if gone or elsewhere or review.partner.status == Status.ENDED:
        return _("This address was closed.")
    if review.state == State.CANCELLED:
        return _("This review does not take place. The next one is planned.")
    return ""


def is_told(review: Review) -> bool:
    """Whether the partner reads the packet: from the pre-read on."""
    return review.state not in {State.PLANNED, State.PREPARING, State.CANCELLED}


# --- sent -------------------------------------------------------------------------------------------------


@transaction.atomic
def send_pre_read(review: Review, to: Iterable[Contact], by: User, at: datetime) -> Review:
    """Mail these people of theirs the address of the packet."""
    held = steps.locked(review, State.PREPARING)
    people = _reachable(held, to)
    held.readers.set(people)
    steps.pre_read_sent(held, by, at)
    _mail(held, PRE_READ, people, str(held.pk), by, at)
    return held


@transaction.atomic
def send_minutes(review: Review, by: User, at: datetime) -> Minutes:
    """Send what was written as a version to be signed. What was sent before stays readable, and the names
    under it do not count for this one."""
    held = steps.locked(review, State.HELD, State.MINUTES, State.SIGNED)
    if not held.minutes.strip():
        raise steps.StepRefused(_("Minutes: write them first."))
    people = _reachable(held, [*held.readers.all(), *held.came.all()])
    actions.settle(held, by, at)
    version = _version(held, by, at)
    former = held.versions.order_by("-number").first()
    if former is not None and former.fingerprint == version.fingerprint:
        raise steps.StepRefused(_("Nothing differs from version {n}.").format(n=former.number))
    version.number = former.number + 1 if former else 1
    version.save()
    steps.minutes_sent(held, by, at)
    actions.share(held)
    _mail(held, MINUTES, people, str(version.pk), by, at)
    return version


def _version(review: Review, by: User, at: datetime) -> Minutes:
    text, promises = review.minutes.strip(), sent.promises(review)
    packet = Packet.objects.filter(review=review).first()
    stamp = fingerprint([text, promises, packet.fingerprint if packet else ""])
    return Minutes(review=review, text=text, promises=promises, fingerprint=stamp, sent_by=by, sent_at=at)


def _reachable(review: Review, to: Iterable[Contact]) -> list[Contact]:
    """Those of them who can be mailed and want mail; refused where that is nobody."""
    asked = {contact.pk for contact in to}
    there = Contact.objects.current().filter(partner=review.partner_id, pk__in=asked, do_not_contact=False)
    people = list(there.exclude(email="").order_by("pk"))
    if not people:
        raise steps.StepRefused(_("Choose somebody there who has an e-mail address and wants mail."))
    return people


# --- mailed -----------------------------------------------------------------------------------------------


def _mail(review: Review, what: str, to: Iterable[Contact], key: str, by: User, at: datetime) -> None:
    for contact in to:
        about = {"review": review.pk, "contact": contact.pk, "what": what, "by": by.pk}
        outbox.put(MAIL, f"{MAIL}:{what}:{key}:{contact.pk}", at, about)


def still_stands(item: OutboxItem) -> bool:
    """Whether it is still read and that person is still there."""
    review = Review.objects.select_related("partner").filter(pk=item.about["review"]).first()
    contact = Contact.objects.filter(pk=item.about["contact"]).first()
    return review is not None and contact is not None and not why_closed(review, contact)


def compose(item: OutboxItem) -> Mail:
    review = Review.objects.select_related("partner").get(pk=item.about["review"])
    contact, by = Contact.objects.get(pk=item.about["contact"]), User.objects.get(pk=item.about["by"])
    address = settings.BASE_URL + reverse("reviews:shared", args=[token(review, contact, clock.now())])
    context: dict[str, Any] = {
        "review": review,
        "contact": contact,
        "by": by,
        "company": Company.objects.first(),
        "address": address,
        "is_pre_read": item.about["what"] == PRE_READ,
    }
    return Mail(
        to=[contact.email],
        subject=render_to_string("emails/review.subject.txt", context).strip(),
        body=render_to_string("emails/review.txt", context).strip() + "\n",
        reply_to=[by.email],
        headers={outbox.GENERATOR: MAIL, "Auto-Submitted": "auto-generated"},
    )
