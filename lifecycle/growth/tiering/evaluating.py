"""Every night: where each membership of a programme stands, found for all of them in a few questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from conversations.commitments import end_of
from lifecycle.growth.tiering import criteria, rules
from lifecycle.growth.tiering.criteria import Asked, Criterion
from lifecycle.growth.tiering.models import Requirement, Standing, TierChange, TierCheck, TierRules
from lifecycle.growth.tiering.rules import Need, Outcome, Step
from partners.models import Membership, Programme, Status, Tier
from partners.organisations import local_day
from prm import sweeper
from team.companies import zone_of

BATCH = 2000
A_DAY = 50  # new changes of one programme that are looked at in one night
KEPT = ("rules", "day", "earned", "to", "direction", "since", "values", "next_check_at")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Found:
    """A membership, its values by requirement, and what they come to."""

    membership: int
    partner: int
    tier: int | None
    values: dict[int, int | None]
    outcome: Outcome


# --- found ----------------------------------------------------------------------------------------------


def measured(programme: Programme) -> QuerySet[Membership]:
    """The memberships that tiers are reckoned for: current ones of live partners."""
    return Membership.objects.filter(
        programme=programme,
        ends_on=None,
        partner__status=Status.LIVE,
        partner__merged_into=None,
    )


def ladder(
    tiers: Iterable[Tier], requirements: Iterable[Requirement], known: Mapping[str, Criterion]
) -> list[Step]:
    """The tiers of a programme with what each wants that decides, the highest first."""
    needs: dict[int, list[Need]] = {}
    for each in requirements:
        if each.criterion in known and known[each.criterion].decides:
            needs.setdefault(each.tier_id, []).append(Need(each.pk, each.wanted))
    ordered = sorted(tiers, key=lambda tier: (tier.rank, tier.name))
    return [Step(tier.pk, tuple(needs.get(tier.pk, ())), tier.retired_at is not None) for tier in ordered]


def outcomes(version: TierRules, day: date) -> list[Found]:
    """Where every membership stands by a version, on a day; as many questions for many as for few."""
    known = criteria.known()
    requirements = list(version.requirements.all())
    steps = ladder(version.programme.tiers.all(), requirements, known)
    rows = list(measured(version.programme).order_by("pk").values_list("pk", "partner_id", "tier_id"))
    counted = _counted(version.programme, requirements, known, day)
    found = []
    for pk, partner, tier in rows:
        values = {each.pk: counts.get(partner, absent) for each, counts, absent in counted}
        found.append(Found(pk, partner, tier, values, rules.outcome(steps, tier, values)))
    return found


Counted = tuple[Requirement, Mapping[int, int], int | None]


def _counted(
    programme: Programme, requirements: Sequence[Requirement], known: Mapping[str, Criterion], day: date
) -> list[Counted]:
    """Each requirement with the number of every partner; the same count for several tiers is asked once."""
    partners = measured(programme).values("partner")
    asked: dict[Asked, Mapping[int, int]] = {}
    answers: list[Counted] = []
    for each in requirements:
        criterion = known.get(each.criterion) or criteria.missing(each.criterion)
        of_whom = Asked(None, day, each.months, each.currency, each.criterion)
        if of_whom not in asked:
            asked[of_whom] = criterion.measure(
                Asked(partners, day, each.months, each.currency, each.criterion)
            )
        answers.append((each, asked[of_whom], criterion.absent))
    return answers


# --- kept -----------------------------------------------------------------------------------------------


def sweep(at: datetime) -> int:
    """Measure every programme whose night has come, each in a transaction of its own."""
    return sweeper.in_batches(TierCheck.objects.select_related("programme"), at, check, most=1)


def check(row: TierCheck, at: datetime) -> None:
    zone = zone_of()
    day = local_day(at, zone)
    version = TierRules.objects.filter(programme=row.programme, state=TierRules.State.PUBLISHED)
    current = version.select_related("programme").first()
    if current is not None:
        keep(current, day, at)
    following = end_of(day, zone) if current is not None else None
    TierCheck.objects.filter(pk=row.pk).update(next_check_at=following, day=day)


@transaction.atomic
def keep(version: TierRules, day: date, at: datetime) -> int:
    """Write where the memberships stand; only what differs is written. How many would rise or fall anew."""
    found = outcomes(version, day)
    before = {
        row.membership_id: row for row in Standing.objects.filter(membership__programme=version.programme)
    }
    rows = [_standing(each, before.get(each.membership), version, day) for each in found]
    differing = {row.membership_id for row in rows if _differs(row, before.get(row.membership_id))}
    held = set(_open_changes(version.programme).values_list("membership", flat=True))
    news = [row for row in rows if _is_news(row, differing, held)]
    for n, row in enumerate(news):
        row.next_check_at = at + (n // A_DAY) * DAY
        differing.add(row.membership_id)
    changed = [row for row in rows if row.membership_id in differing]
    Standing.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["membership"],
        update_fields=KEPT,
    )
    _end_of_others(version.programme, found, before, at)
    mine = Standing.objects.filter(membership__programme=version.programme)
    mine.exclude(day=day).update(day=day)
    return len(news)


def _standing(found: Found, before: Standing | None, version: TierRules, day: date) -> Standing:
    outcome = found.outcome
    row = Standing(
        membership_id=found.membership,
        rules=version,
        day=day,
        earned_id=outcome.earned,
        to_id=outcome.to,
        direction=outcome.direction.value,
        since=day,
        values={str(key): value for key, value in found.values.items()},
    )
    if before is not None and _way(row) == _way(before):
        row.since, row.next_check_at = before.since, before.next_check_at
    return row


def _is_news(row: Standing, differing: set[int], held: set[int]) -> bool:
    """Whether a person has to hear of it: nothing is under way for one that would move, or what is under way
    may have to follow."""
    if row.membership_id in held:
        return row.membership_id in differing
    return row.direction != Standing.Direction.STAY and row.next_check_at is None


def _way(row: Standing) -> tuple[Any, ...]:
    return row.rules_id, row.direction, row.to_id


def _differs(row: Standing, before: Standing | None) -> bool:
    return before is None or (*_way(row), row.earned_id, row.values) != (
        *_way(before),
        before.earned_id,
        before.values,
    )


def _open_changes(programme: Programme) -> QuerySet[TierChange]:
    return TierChange.objects.open().filter(membership__programme=programme)


def _end_of_others(
    programme: Programme, found: Sequence[Found], before: Mapping[int, Standing], at: datetime
) -> None:
    """Whoever left, or is live no more, stands nowhere; first a change that is open for it is looked at."""
    gone = set(before) - {each.membership for each in found}
    if not gone:
        return
    held = set(_open_changes(programme).values_list("membership", flat=True)) & gone
    Standing.objects.filter(membership__in=gone - held).delete()
    staying = {"direction": Standing.Direction.STAY, "next_check_at": at}
    Standing.objects.filter(membership__in=held).update(**staying)
