"""What a tier gives becomes promises of ours: once for each period, while the membership has the tier."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import commitments
from conversations.commitments import Promise
from conversations.models import Commitment
from lifecycle.growth.tiering.models import Benefit, BenefitPromise, GivenBenefit, TierChange
from partners.models import Event, Membership, Status, Tier
from partners.organisations import local_day
from prm import once, sweeper
from prm.days import plus_months
from prm.refusals import Refused
from team.companies import zone_of
from team.models import User

MOST = 30  # of a tier


class BenefitRefused(Refused):
    """The benefit cannot be kept so."""


# --- kept -----------------------------------------------------------------------------------------------


@transaction.atomic
def add(tier: Tier, text: str, within_days: int, repeats: str, by: User, at: datetime) -> Benefit:
    """Let a tier give something from now on; who has the tier already gets it with its next rise."""
    words = " ".join(text.split())
    if not words:
        raise BenefitRefused(_("Benefit: say what they get."))
    if tier.benefits.filter(retired_at=None).count() >= MOST:
        raise BenefitRefused(_("A tier gives {n} benefits at most.").format(n=MOST))
    made = Benefit.objects.create(tier=tier, text=words[:300], within_days=within_days, repeats=repeats)
    _record(made, _("added"), by, at)
    return made


@transaction.atomic
def retire(benefit: Benefit, by: User, at: datetime) -> None:
    """Give it no more; what is promised stays promised."""
    if Benefit.objects.filter(pk=benefit.pk, retired_at=None).update(retired_at=at):
        GivenBenefit.objects.filter(benefit=benefit, ended_at=None).update(ended_at=at, next_check_at=None)
        _record(benefit, _("retired"), by, at)


def _record(benefit: Benefit, what: str, by: User, at: datetime) -> None:
    Event.record("tier_benefit_changed", at, by, note=f"{benefit.tier}, “{benefit}”: {what}")


# --- given ----------------------------------------------------------------------------------------------


def grant(change: TierChange, by: User, at: datetime) -> list[GivenBenefit]:
    """Give what the tier of a confirmed rise gives, each benefit once for the change."""
    rows = Benefit.objects.filter(tier=change.to_id, retired_at=None)
    today = local_day(at, zone_of(change.partner.owner))
    given = [
        GivenBenefit(benefit=each, membership=change.membership, change=change, by=by, began_on=today)
        for each in rows
    ]
    made = once.add_all(given, ("change", "benefit"))
    for each in made:
        _promise(each, at)
    return made


def _promise(row: GivenBenefit, at: datetime) -> None:
    """The promise of the next period; when there is one after it, it is looked at again then."""
    period, months = row.given, row.benefit.every_months
    partner = row.membership.partner
    due = plus_months(row.began_on, (months or 0) * period) + timedelta(days=row.benefit.within_days)
    following = _starts(plus_months(row.began_on, months * (period + 1)), row) if months else None
    claimed = GivenBenefit.objects.filter(pk=row.pk, given=period, ended_at=None)
    if not claimed.update(given=period + 1, next_check_at=following):
        return
    owner = partner.owner if partner.owner is not None and partner.owner.is_active else row.by
    due = max(due, local_day(at, owner.zone))
    promise = Promise(str(row.benefit), due, owner=owner)
    made = commitments.make(partner, promise, row.by, at, visible_to_partner=True)
    BenefitPromise.objects.create(given_benefit=row, period=period, commitment=made)


def _starts(day: date, row: GivenBenefit) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone_of(row.membership.partner.owner)))


def sweep(at: datetime) -> int:
    """Promise anew what is given every quarter or year."""
    related = ("benefit", "by", "membership__partner__owner")
    return sweeper.in_batches(GivenBenefit.objects.select_related(*related), at, check)


def check(row: GivenBenefit, at: datetime) -> None:
    membership = row.membership
    has_it = membership.ends_on is None and membership.tier_id == row.benefit.tier_id
    if row.ended_at is not None or not has_it or membership.partner.status != Status.LIVE:
        GivenBenefit.objects.filter(pk=row.pk).update(next_check_at=None, ended_at=row.ended_at or at)
        return
    _promise(row, at)


def end_of_others(membership: Membership, tier: Tier | None, at: datetime) -> None:
    """It has another tier now: what others gave is promised no more. What is promised already stays."""
    rows = GivenBenefit.objects.filter(membership=membership, ended_at=None)
    rows.exclude(benefit__tier=tier).update(ended_at=at, next_check_at=None)


def resume(change: TierChange, at: datetime) -> None:
    """It has its tier back: what ended with the fall goes on, from the next period."""
    ended = GivenBenefit.objects.filter(
        membership=change.membership_id, benefit__tier=change.before_id, ended_at=change.ended_at
    )
    for row in ended.select_related("benefit", "membership__partner__owner"):
        months = row.benefit.every_months
        following = _starts(plus_months(row.began_on, months * row.given), row) if months else None
        GivenBenefit.objects.filter(pk=row.pk).update(ended_at=None, next_check_at=following)


def open_of(membership: Membership) -> list[Commitment]:
    """What was promised with its tiers, and is owed still."""
    rows = Commitment.objects.open().filter(granted__given_benefit__membership=membership)
    return list(
        rows.select_related("owner", "granted__given_benefit__benefit__tier").order_by("promised_for", "pk")
    )
