"""Tiers of the sample company: rules for two programmes, one rise to decide, one tier under notice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from lifecycle.ending.models import Ending
from lifecycle.growth.tiering import benefits, changing, editing, evaluating, recording, telling
from lifecycle.growth.tiering.models import Benefit, OwnMeasure, Standing, TierChange, TierRules
from partners.models import Contact, Membership, Partner, Programme, Tier
from partners.organisations import local_day
from prm.samples import Sample
from team.companies import zone_of
from team.models import User

BATCH = 1000
WANTS: dict[str, dict[str, list[tuple[str, int]]]] = {
    "Reseller programme": {
        "Gold": [("revenue", 12_000_000), ("certified", 2)],
        "Silver": [("revenue", 4_000_000), ("certified", 1)],
    },
    "System integrator programme": {
        "Gold": [("revenue", 15_000_000), ("certified", 2), ("own", 2)],
        "Silver": [("revenue", 5_000_000)],
    },
}
GIVES = (
    ("Gold", "A joint event with us", 60, Benefit.Repeats.YEAR),
    ("Gold", "A talk with the heads of product", 30, Benefit.Repeats.QUARTER),
    ("Silver", "Your name on our page of partners", 14, Benefit.Repeats.ONCE),
)
WHY = "Tiers follow what a partner sells with us and whom it trains."
RELATED = ("partner__owner", "programme", "tier")


def make(sample: Sample) -> None:
    admin: User = sample.made["users"]["ravi"]
    at = sample.at - timedelta(days=25)
    staff = OwnMeasure.objects.create(name="Dedicated staff")
    for name, wants in WANTS.items():
        programme = Programme.objects.get(name=name)
        rules = _rules(programme, wants, staff, admin, at)
        _as_earned(rules, local_day(at, zone_of()))
        _stories(rules, staff, sample, at)


def _rules(
    programme: Programme,
    wants: dict[str, list[tuple[str, int]]],
    staff: OwnMeasure,
    admin: User,
    at: datetime,
) -> TierRules:
    tiers = {tier.name: tier for tier in programme.tiers.all()}
    for tier, needs in wants.items():
        for criterion, wanted in needs:
            key = f"own:{staff.pk}" if criterion == "own" else criterion
            money = {"currency": "EUR", "months": 12} if criterion == "revenue" else {}
            editing.want(programme, tiers[tier], key, wanted, by=admin, at=at, **money)  # type: ignore[arg-type]
    for tier, text, days, repeats in GIVES:
        benefits.add(tiers[tier], text, days, repeats, by=admin, at=at)
    return editing.publish(programme, WHY, by=admin, at=at)


def _as_earned(rules: TierRules, day: date) -> None:
    """Everybody stands where the rules put it, so that little is to be decided."""
    lowest = rules.programme.tiers.order_by("-rank")[0]
    earned = {each.membership: each.outcome.earned or lowest.pk for each in evaluating.outcomes(rules, day)}
    rows = list(Membership.objects.filter(pk__in=earned).select_related("partner"))
    for row in rows:
        row.tier_id = row.partner.tier_id = earned[row.pk]
    Membership.objects.bulk_update(rows, ["tier"], BATCH)
    Partner.objects.bulk_update([row.partner for row in rows if row.is_main], ["tier"], BATCH)


def _stories(rules: TierRules, staff: OwnMeasure, sample: Sample, at: datetime) -> None:
    """Two who stand elsewhere than they have earned: one above, told some weeks ago, and one below."""
    members = evaluating.measured(rules.programme).filter(partner__owner__isnull=False)
    going = Ending.objects.planned().values("partner")
    rows = list(members.exclude(partner__in=going).select_related(*RELATED).order_by("pk"))
    rows.sort(key=lambda row: row.partner.owner != sample.made["users"]["maya"])
    highest, *_middle, lowest = rules.programme.tiers.order_by("rank")
    above = next((row for row in rows if row.tier == lowest and _people(row.partner)), None)
    below = next((row for row in rows if row.tier != lowest), None)
    if above is not None:
        on = at.date() - timedelta(days=5)
        recording.record(above.partner, staff, 1, on, by=_owner(above), at=at, note="As they told us")
        _stand_at(highest, above, rules, at)
        _tell(rules, at + timedelta(days=2))
    if below is not None:
        _stand_at(lowest, below, rules, sample.at - timedelta(hours=20))
    evaluating.keep(rules, local_day(sample.at, zone_of()), sample.at)
    Standing.objects.filter(rules=rules).update(next_check_at=None)


def _stand_at(tier: Tier, membership: Membership, rules: TierRules, at: datetime) -> None:
    """It has this tier, and the night finds that it has earned another."""
    Membership.objects.filter(pk=membership.pk).update(tier=tier)
    Partner.objects.filter(pk=membership.partner_id).update(tier=tier)
    evaluating.keep(rules, local_day(at, zone_of()), at)
    standings = Standing.objects.filter(rules=rules)
    standings.exclude(membership=membership).update(next_check_at=None)
    changing.sweep(at)


def _owner(membership: Membership) -> User:
    assert membership.partner.owner is not None  # they are chosen so
    return membership.partner.owner


def _tell(rules: TierRules, at: datetime) -> None:
    related: Any = ("membership__partner__owner", "membership__programme", "before", "to", "rules")
    to_tell = TierChange.objects.open().filter(membership__programme=rules.programme, told_at=None)
    for change in to_tell.filter(state=TierChange.State.NOTICE).select_related(*related):
        until, owner = changing.earliest(change, at), change.partner.owner
        if owner is not None:
            words = telling.draft(change, until)
            to = _people(change.partner)
            telling.send(change, to, words.subject, words.body, until, by=owner, at=at)


def _people(partner: Partner) -> Contact | None:
    there = Contact.objects.current().filter(partner=partner).exclude(email="")
    return there.order_by("-is_primary", "pk").first()
