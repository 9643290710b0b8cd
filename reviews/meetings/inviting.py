"""People are asked to a review, with a calendar file; what changes is sent to them again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations.meetings import calling
from conversations.meetings.calling import Wanted
from conversations.meetings.sending import CANCEL, REQUEST
from partners.models import Contact, Event
from partners.organisations import local_day
from prm import references
from reviews.meetings import calls, steps
from reviews.models import Review, ReviewInvitation
from reviews.models.reviews import AHEAD
from team.models import Company, User

LONGEST = timedelta(hours=12)


@transaction.atomic
def invite(review: Review, wanted: Wanted, by: User, at: datetime) -> ReviewInvitation:
    """Ask everybody, or tell them what is different; who is not asked any more reads that it is off."""
    held = steps.locked(review, *AHEAD)
    _check(held, wanted, by, at)
    invitation = ReviewInvitation.objects.filter(review=held).first()
    before, ours = set[str](), set[User]()
    if invitation is not None:
        if not invitation.is_off:
            before, ours = calling.addresses(invitation), set(calling.ours(invitation))
        invitation.sequence += 1
    else:
        title = _("Business review: {company} and {partner}")
        words = title.format(company=Company.objects.first(), partner=held.partner)[:300]
        invitation = ReviewInvitation(review=held, title=words, organiser=by, uid=calling.new_uid())
    _write(invitation, wanted)
    now = calling.addresses(invitation)
    calls.send(invitation, REQUEST, now, at)
    gone = ours - set(calling.ours(invitation))
    calls.send(invitation, CANCEL, before - now, at, to_us=gone)
    Event.record("review_invited", at, by, held.partner, references.to(held), note=str(held))
    return invitation


def _write(invitation: ReviewInvitation, wanted: Wanted) -> None:
    invitation.starts_at, invitation.ends_at = wanted.starts_at, wanted.ends_at
    invitation.place, invitation.agenda, invitation.is_off = wanted.place, wanted.agenda, False
    invitation.save()
    invitation.contacts.set(wanted.contacts)
    invitation.colleagues.set(wanted.colleagues)


def _check(review: Review, wanted: Wanted, by: User, at: datetime) -> None:
    if wanted.starts_at <= at:
        raise steps.StepRefused(_("Begins: choose a time to come."))
    if local_day(wanted.starts_at, by.zone) != review.on:
        day = date_format(review.on, "j F Y")
        raise steps.StepRefused(_("Begins: the review takes place on {day}. Move it first.").format(day=day))
    if not timedelta(0) < wanted.ends_at - wanted.starts_at <= LONGEST:
        raise steps.StepRefused(_("Minutes: it takes between one minute and twelve hours."))
    asked = {contact.pk for contact in wanted.contacts}
    there = Contact.objects.current().filter(partner=review.partner_id, do_not_contact=False, pk__in=asked)
    if not asked or there.exclude(email="").count() != len(asked):
        raise steps.StepRefused(_("Of theirs: choose who is there, has an e-mail address and wants mail."))
