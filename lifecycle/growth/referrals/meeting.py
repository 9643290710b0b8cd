"""What came of a referral that was taken: the partner met the customer, which is evidence."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lifecycle import evidence
from lifecycle.growth.referrals.models import Offer, Referral
from lifecycle.growth.referrals.passing import By, ReferralRefused
from lifecycle.models import Evidence
from partners.models import Event
from partners.organisations import local_day
from prm import references
from team.companies import zone_of
from team.models import User


@transaction.atomic
def met(referral: Referral, on: date, by: By, at: datetime) -> Evidence:
    """The partner that took it met the customer on a day; said once, unless that evidence was withdrawn."""
    Referral.objects.select_for_update().get(pk=referral.pk)
    held = Referral.objects.select_related("fact", "customer").get(pk=referral.pk)
    offer = held.offers.filter(state=Offer.State.ACCEPTED).select_related("partner__owner").first()
    if offer is None or offer.answered_at is None:
        raise ReferralRefused(_("Nobody has taken it yet."))
    if held.met_on is not None:
        raise ReferralRefused(_("They met on {day} already.").format(day=date_format(held.met_on)))
    if on < local_day(offer.answered_at, zone_of(offer.partner.owner)):
        raise ReferralRefused(_("Day: it lies before they took the referral."))
    who = by if isinstance(by, User) else str(by)[:40]
    kind, note = Evidence.Kind.REFERRAL_MET, str(held)
    fact = evidence.record(offer.partner, kind, on=on, by=who, at=at, note=note)
    Referral.objects.filter(pk=held.pk).update(fact=fact)
    Event.record("referral_met", at, by, offer.partner, references.to(held), note=note)
    referral.fact = fact
    return fact
