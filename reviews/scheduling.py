"""Every live partner has its next review: its day is counted from the partner's anchor by its cadence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from partners.models import Event, Partner, Status, Tier
from partners.organisations import local_day
from prm import once
from prm.calendars import WorkCalendar
from prm.days import plus_months
from prm.refusals import Refused
from reviews.meetings import dates, moments
from reviews.models import Cadence, Every, Review, Rhythm
from team.companies import working_days, zone_of
from team.models import User

BATCH = 500
AHEAD_MOST = timedelta(days=366)
COLUMNS = (
    *("pk", "tier_id", "tier__rank", "signed_on", "stage_since", "owner__zone"),
    *("rhythm__anchor_on", "rhythm__months", "last_slot", "last_held", "last_frozen"),
)


class CadenceRefused(Refused):
    """The cadence stays as it is."""


def ensure_upcoming(at: datetime, partners: Iterable[int] | None = None) -> int:
    """Give every live partner, or every one of these, its next review where none is ahead; how many."""
    made = 0
    while True:
        with transaction.atomic():
            rows = list(_without(partners)[:BATCH])
            new = _make(rows, at) if rows else 0
        made += new
        if len(rows) < BATCH or not new:
            return made


def _without(partners: Iterable[int] | None) -> QuerySet[Any, Any]:
    """Live partners with no review ahead, held while theirs is made."""
    ahead = Review.objects.ahead().filter(partner=OuterRef("pk"))
    rows = _reviewed(partners).filter(~Exists(ahead), status=Status.LIVE, merged_into=None)
    return rows.select_for_update(of=("self",)).order_by("pk")


def _reviewed(partners: Iterable[int] | None, besides: int = 0) -> QuerySet[Any, Any]:
    """All partners, or these, with what their next review hangs on, one of their reviews left out."""
    rows = Partner.objects.all() if partners is None else Partner.objects.filter(pk__in=list(partners))
    its = Review.objects.filter(partner=OuterRef("pk")).exclude(pk=besides)
    held = its.filter(held_on__isnull=False).order_by("-held_on")
    last_held, last_frozen = (held.values(name)[:1] for name in ("held_on", "packet__frozen_at"))
    last_slot = its.order_by("-slot_on").values("slot_on")[:1]
    found = rows.annotate(
        last_slot=Subquery(last_slot), last_held=Subquery(last_held), last_frozen=Subquery(last_frozen)
    )
    return found.values_list(*COLUMNS, named=True)


def _make(rows: list[Any], at: datetime) -> int:
    """A review each, and the day it is counted from where that was not kept yet."""
    today, months, calendar = local_day(at, zone_of()), by_tier(), working_days()
    missing = [row for row in rows if row.rhythm__anchor_on is None]
    once.add_all([Rhythm(partner_id=row.pk, anchor_on=_anchor(row)) for row in missing], ("partner",))
    zone = zone_of()
    new = [_next(row, _months(row, months), calendar, today, at, row.owner__zone or zone) for row in rows]
    return len(once.add_all(new, ("partner", "slot_on")))


def _anchor(row: Any) -> date:
    """Counted from the day of signing; where nobody knows it, from the day its stage began."""
    anchor: date = row.rhythm__anchor_on or row.signed_on or row.stage_since.date()
    return anchor


def _months(row: Any, months: dict[int, int]) -> int:
    own: int | None = row.rhythm__months
    return own or months.get(row.tier_id) or dates.months_for(row.tier__rank)


def _next(row: Any, months: int, calendar: WorkCalendar, today: date, at: datetime, zone: str) -> Review:
    """The first day after the last review's, its holding, its signing, and today."""
    last = max(day for day in (row.last_slot, row.last_held, row.signed_on, today) if day is not None)
    slot = dates.slot_after(_anchor(row), months, last)
    since = row.last_held + timedelta(days=1) if row.last_held else plus_months(slot, -months)
    frozen = row.last_frozen
    is_cut = frozen is not None and local_day(frozen, zone_of()) <= row.last_held  # earlier: held east of us
    since_at = frozen if is_cut else None
    review = Review(partner_id=row.pk, slot_on=slot, since_on=since, since_at=since_at, created_at=at)
    lay(review, dates.working_day_up_to(calendar, slot), calendar)
    review.next_check_at = moments.next_look(review, zone, at)
    return review


def lay(review: Review, on: date, calendar: WorkCalendar) -> None:
    """Set its days for being held on this one."""
    days = dates.days_for(calendar, on)
    review.on, review.prepare_on, review.pre_read_on = days.on, days.prepare_on, days.pre_read_on
    review.due_on = moments.due_day(review)


# --- how often -------------------------------------------------------------------------------------------


def by_tier() -> dict[int, int]:
    """Months by tier, where they were chosen."""
    return dict(Cadence.objects.values_list("tier", "months"))


def months_of(partner: Partner) -> int:
    """From one review of this partner to the next: its own cadence, else its tier's; two queries."""
    own = Rhythm.objects.filter(partner=partner).values_list("months", flat=True).first()
    tier = partner.tier
    if own or tier is None:
        return own or dates.months_for(None)
    return by_tier().get(tier.pk) or dates.months_for(tier.rank)


@transaction.atomic
def choose(chosen: dict[int, int], by: User, at: datetime) -> int:
    """Set the cadence of tiers; reviews that are planned already stay. How many changed."""
    now = {tier.pk: tier for tier in Tier.objects.filter(pk__in=chosen)}
    before = by_tier()
    changed = 0
    for pk, tier in now.items():
        former = before.get(pk) or dates.months_for(tier.rank)
        if former == chosen[pk]:
            continue
        Cadence.objects.update_or_create(tier=tier, defaults={"months": chosen[pk]})
        Event.record("cadence_changed", at, by, note=f"{tier}: {Every(chosen[pk]).label}")
        changed += 1
    return changed


@transaction.atomic
def set_rhythm(partner: Partner, anchor_on: date, months: int | None, by: User, at: datetime) -> Rhythm:
    """Count a partner's reviews from a day, in a cadence of its own or its tier's. A review that is planned
    and was never moved follows; one that is being prepared stays."""
    held = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    if months is not None and months not in Every.values:
        raise CadenceRefused(_("How often: choose one of the list."))
    if anchor_on > local_day(at, by.zone) + AHEAD_MOST:
        raise CadenceRefused(_("Counted from: not more than a year ahead."))
    values = {"anchor_on": anchor_on, "months": months}
    rhythm, _made = Rhythm.objects.update_or_create(partner=held, defaults=values)
    words = str(Every(months).label) if months else "as its tier"
    Event.record("rhythm_changed", at, by, held, note=f"{words}, counted from {anchor_on:%-d %B %Y}")
    unmoved = Review.objects.filter(partner=held, state=Review.State.PLANNED, our_moves=0, their_moves=0)
    for review in unmoved:
        _follow(review, at)
    return rhythm


def _follow(review: Review, at: datetime) -> None:
    """Count a planned review anew, as if it were not there yet."""
    (row,) = _reviewed([review.partner_id], besides=review.pk)
    zone, today = row.owner__zone or zone_of(), local_day(at, zone_of())
    new = _next(row, _months(row, by_tier()), working_days(), today, at, zone)
    for name in (
        "slot_on",
        "since_on",
        "since_at",
        "on",
        "prepare_on",
        "pre_read_on",
        "due_on",
        "next_check_at",
    ):
        setattr(review, name, getattr(new, name))
    review.save()
