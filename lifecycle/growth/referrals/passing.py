"""Referrals are passed, answered, pulled back, and lapse; one that is taken becomes a deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from conversations import responsibility
from conversations.commitments import end_of
from lifecycle.growth import deals
from lifecycle.growth.models import Credit, Customer, Deal
from lifecycle.growth.referrals import rules
from lifecycle.growth.referrals.models import Offer, Referral
from lifecycle.onboarding import offsets
from partners.models import Contact, Event, Partner, Status
from partners.organisations import local_day
from prm import references, sweeper
from prm.refusals import Refused
from team import companies, notices
from team.companies import zone_of
from team.models import Region, User, Vertical

YEAR = timedelta(days=365)
ANSWERED, NEAR, LAPSED = "referral_answered", "referral_near", "referral_lapsed"
REMIND = timedelta(days=1)  # before the answer is due
SYSTEM = "sweep"
By = User | Contact
State, OfferState = Referral.State, Offer.State


class ReferralRefused(Refused):
    """The referral cannot be passed, answered or pulled back so."""


@dataclass(frozen=True)
class Opportunity:
    """What is passed on."""

    name: str
    customer: Customer
    words: str = ""
    amount: int | None = None
    currency: str = "EUR"
    region: Region | None = None
    vertical: Vertical | None = None


def candidates(
    region: Region | None, vertical: Vertical | None, rule: str, user: User, at: datetime
) -> list[rules.Candidate]:
    """The live partners there, in the order of the rule; one query."""
    rows = Partner.objects.visible_to(user).live()
    if region is not None:
        rows = rows.filter(Q(region=region) | Q(memberships__regions=region, memberships__ends_on=None))
    if vertical is not None:
        rows = rows.filter(verticals=vertical)
    lately = Count("offers", filter=Q(offers__offered_at__gt=at - YEAR), distinct=True)
    counted = rows.annotate(last=Max("offers__offered_at"), n=lately)
    found = counted.order_by().values_list("pk", "name", "tier__rank", "last", "n")
    return rules.in_order((rules.Candidate(*row) for row in found), rule)


@transaction.atomic
def pass_on(
    what: Opportunity, to: Sequence[Partner], rule: str, days: int, by: User, at: datetime
) -> Referral:
    """Offer it to these partners; the first that accepts has it."""
    if not to:
        raise ReferralRefused(_("Choose a partner to offer it to."))
    where = (str(what.region or ""), str(what.vertical or ""))
    referral = Referral.objects.create(
        customer=what.customer,
        name=what.name,
        words=what.words,
        amount=what.amount,
        currency=what.currency,
        region=what.region,
        vertical=what.vertical,
        rule=rule,
        rule_words=rules.in_words(rule, *where)[:300],
        days=days,
        made_by=by,
        made_at=at,
    )
    for partner in to:
        _offer(referral, partner, by, at)
    return referral


@transaction.atomic
def offer(referral: Referral, partner: Partner, by: User, at: datetime) -> Offer:
    """Offer it to one more."""
    held = _held(referral.pk)
    if held.state not in {State.OPEN, State.NOBODY}:
        raise ReferralRefused(_("It is offered no more."))
    if held.offers.filter(partner=partner).exists():
        raise ReferralRefused(_("{partner} was offered it already.").format(partner=partner))
    Referral.objects.filter(pk=held.pk).update(state=State.OPEN)
    return _offer(held, partner, by, at)


def _offer(referral: Referral, partner: Partner, by: User, at: datetime) -> Offer:
    if partner.status != Status.LIVE:
        raise ReferralRefused(_("{partner} is no live partner.").format(partner=partner))
    zone = zone_of(partner.owner)
    day = offsets.day_after(companies.working_days(), local_day(at, zone), referral.days)
    until = end_of(day, zone)
    made = Offer.objects.create(
        referral=referral, partner=partner, offered_at=at, answer_by=until, next_check_at=until - REMIND
    )
    _record("referral_offered", made, by, at, f"{referral}, to be answered by {day:%-d %B %Y}")
    return made


@transaction.atomic
def accept(offer: Offer, by: By, at: datetime) -> Deal:
    """It is theirs: a deal begins, and whoever else was offered it is told no more."""
    held = _answerable(offer)
    referral = held.referral
    author = by if isinstance(by, User) else referral.made_by
    deal = deals.start(
        held.partner,
        referral.name,
        referral.customer,
        by=author,
        at=at,
        role=Credit.Role.FULFILLED,
        amount=referral.amount,
        currency=referral.currency,
    )
    _answer(held, OfferState.ACCEPTED, at)
    Referral.objects.filter(pk=referral.pk).update(state=State.TAKEN, deal=deal)
    referral.offers.filter(state=OfferState.OFFERED).update(
        state=OfferState.BACK, reason=_("Another partner took it."), next_check_at=None
    )
    _record("referral_accepted", held, by, at, str(referral))
    _tell(held, _("{partner} took “{referral}”"), at)
    return deal


@transaction.atomic
def decline(offer: Offer, reason: str, by: By, at: datetime) -> None:
    """They do not want it, for a reason; where nobody is left it stands with us again."""
    held = _answerable(offer)
    if not reason.strip():
        raise ReferralRefused(_("Say why not."))
    _answer(held, OfferState.DECLINED, at, reason)
    _record("referral_declined", held, by, at, f"{held.referral}: {reason.strip()[:200]}")
    _left(held.referral)
    _tell(held, _("{partner} declined “{referral}”"), at)


@transaction.atomic
def pull_back(referral: Referral, reason: str, by: User, at: datetime) -> None:
    """It is offered no more; one that was taken is lost or won as its deal is."""
    held = _held(referral.pk)
    if held.state not in {State.OPEN, State.NOBODY}:
        raise ReferralRefused(_("It is taken or pulled back already."))
    Referral.objects.filter(pk=held.pk).update(state=State.BACK)
    for each in held.offers.filter(state=OfferState.OFFERED).select_related("partner", "referral"):
        _answer(each, OfferState.BACK, at, reason)
        _record("referral_pulled_back", each, by, at, f"{held}: {reason.strip()[:200]}")
    referral.refresh_from_db()


def sweep(at: datetime) -> int:
    """Let offers lapse that were not answered in time."""
    due = Offer.objects.filter(state=OfferState.OFFERED).select_related(
        "partner__owner", "referral__customer"
    )
    return sweeper.in_batches(due, at, check)


def check(offer: Offer, at: datetime) -> None:
    """A day before, whoever passed it on is told; when the day is over it lapses."""
    if at >= offer.answer_by:
        _lapse(offer, at)
    elif Offer.objects.filter(pk=offer.pk, state=OfferState.OFFERED).update(next_check_at=offer.answer_by):
        _tell(offer, _("{partner} has not answered on “{referral}” yet"), at, NEAR)


def _lapse(offer: Offer, at: datetime) -> None:
    open_ones = Offer.objects.filter(pk=offer.pk, state=OfferState.OFFERED)
    if open_ones.update(state=OfferState.LAPSED, next_check_at=None):
        _record("referral_lapsed", offer, SYSTEM, at, str(offer.referral))
        _left(offer.referral)
        _tell(offer, _("{partner} did not answer on “{referral}”"), at, LAPSED)


def _left(referral: Referral) -> None:
    if not referral.offers.filter(state=OfferState.OFFERED).exists():
        Referral.objects.filter(pk=referral.pk, state=State.OPEN).update(state=State.NOBODY)


def _answer(offer: Offer, state: str, at: datetime, reason: str = "") -> None:
    answered = {"state": state, "answered_at": at, "reason": reason.strip()[:300], "next_check_at": None}
    Offer.objects.filter(pk=offer.pk).update(**answered)


def _answerable(offer: Offer) -> Offer:
    """The offer, held together with its referral."""
    _held(offer.referral_id)
    rows = Offer.objects.select_for_update(of=("self",))
    held = rows.select_related("partner__owner", "referral__customer", "referral__made_by").get(pk=offer.pk)
    if not held.is_open:
        raise ReferralRefused(_("This offer does not stand any more."))
    return held


def _held(pk: int) -> Referral:
    return Referral.objects.select_for_update(of=("self",)).select_related("customer").get(pk=pk)


def _tell(offer: Offer, words: str, at: datetime, kind: str = ANSWERED) -> None:
    referral = offer.referral
    text = words.format(partner=offer.partner, referral=referral.name)
    for person in responsibility.person_or_heads(referral.made_by):
        notices.give(person, kind, references.to(offer), at, at, text, referral.get_absolute_url())


def _record(kind: str, offer: Offer, by: By | str, at: datetime, note: str) -> None:
    Event.record(kind, at, by, offer.partner, references.to(offer.referral), note=note)
