"""A partner's places in programmes. One is main; the partner's type and tier are the main one's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from partners import changes, fits, followers, history
from partners.history import UndoRefused
from partners.models import Event, Membership, Partner, Programme, Tier
from prm.references import Reference
from prm.refusals import Refused
from team.models import Region, User

WhyNot = Callable[[Programme], str]
_by_decision: list[WhyNot] = []


class MembershipRefused(Refused):
    """The membership cannot be changed in this way."""


def by_decision(why_not: WhyNot) -> None:
    """Register where tiers change by a decision alone: why a tier of a programme cannot simply be written
    down, "" where it can."""
    _by_decision.append(why_not)


def why_decided(programme: Programme) -> str:
    """Why a tier of it is not simply written down; "" where it is."""
    return next((why for each in _by_decision if (why := each(programme))), "")


@transaction.atomic
def join(
    partner: Partner,
    programme: Programme,
    by: User | str,
    at: datetime,
    tier: Tier | None = None,
    starts_on: date | None = None,
    regions: Iterable[Region] = (),
    is_main: bool = False,
) -> Membership:
    """The partner joins a programme. Its first membership is the main one. An unknown start stays unknown."""
    _lock(partner)
    _of_programme(tier, programme)
    current = Membership.objects.filter(partner=partner, ends_on=None)
    if current.filter(programme=programme).exists():
        raise MembershipRefused(f"{partner} is in {programme} already.")
    main = is_main or not current.filter(is_main=True).exists()
    membership = Membership.objects.create(
        partner=partner, programme=programme, tier=tier, starts_on=starts_on
    )
    membership.regions.set(regions)
    if main:
        _make_main(membership)
    _record("membership_joined", membership, by, at)
    return membership


@transaction.atomic
def change(
    membership: Membership,
    by: User | str,
    at: datetime,
    tier: Tier | None,
    starts_on: date | None,
    regions: Iterable[Region] | None = None,
    undoes: Event | None = None,
    decided: bool = False,
) -> Event | None:
    """Change tier, first day or regions (None leaves them); None is returned where nothing differs. A tier
    that changes by a decision alone changes where it was `decided`."""
    followers.hold([membership.partner_id])
    _lock(membership.partner)
    held = Membership.objects.select_related("partner", "programme", "tier").get(pk=membership.pk)
    _of_programme(tier, held.programme)
    if starts_on and held.ends_on and starts_on > held.ends_on:
        raise MembershipRefused(f"It ended on {held.ends_on:%-d %B %Y}; it cannot begin after that.")
    if not decided and tier != held.tier and (why := why_decided(held.programme)):
        raise MembershipRefused(why)
    made = changes.made(held, {"tier": tier, "starts_on": starts_on})
    held.save(update_fields=["tier", "starts_on"])
    if regions is not None:
        before = sorted(region.name for region in held.regions.all())
        held.regions.set(regions)
        if (after := sorted(region.name for region in held.regions.all())) != before:
            made["regions"] = [before, after]
    if not made:
        return None
    push(held.partner)
    followers.follow([held.partner_id])
    note = f"{held.programme}: {changes.in_words(Membership, made)}"
    return _record("membership_changed", held, by, at, made, note, undoes)


@transaction.atomic
def make_main(
    membership: Membership, by: User | str, at: datetime, undoes: Event | None = None
) -> Event | None:
    """Make this the main membership: its type and tier are the partner's. None where it is already."""
    _lock(membership.partner)
    held = Membership.objects.select_related("partner", "programme").get(pk=membership.pk)
    if held.is_main and held.ends_on is None:
        return None
    former = _make_main(held)
    membership.is_main = True
    changed = {"main": [former.pk if former else None, held.pk]}
    note = f"{former.programme if former else 'nothing'} → {held.programme}"
    return _record("membership_made_main", held, by, at, changed, note, undoes)


@transaction.atomic
def end(membership: Membership, on: date, by: User | str, at: datetime, undoes: Event | None = None) -> Event:
    """End a membership on a day. Where it was the main one, the oldest of the others takes its place."""
    _lock(membership.partner)
    held = Membership.objects.select_related("partner", "programme").get(pk=membership.pk)
    if held.starts_on and on < held.starts_on:
        raise MembershipRefused(f"It began on {held.starts_on:%-d %B %Y}; it cannot end before that.")
    if not Membership.objects.filter(pk=held.pk, ends_on=None).update(ends_on=on):
        raise MembershipRefused("This membership ended already.")
    membership.ends_on = on
    if held.is_main:
        following = Membership.objects.filter(partner=held.partner_id, ends_on=None)
        if other := following.order_by("starts_on", "pk").first():
            _make_main(other)
    push(held.partner)
    changed = {"ends_on": [None, on.isoformat()], "was_main": held.is_main}
    return _record("membership_ended", held, by, at, changed, f"{held.programme} on {on:%-d %B %Y}", undoes)


def take_back_joining(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `join`: the membership ends on the day it was entered, or later its first day."""
    membership = _of(event)
    return end(membership, max(at.date(), membership.starts_on or at.date()), by, at, undoes=event)


def take_back_change(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `change`."""
    membership = _of(event)
    columns = {field: pair for field, pair in event.changes.items() if field != "regions"}
    facts = {"tier": membership.tier, "starts_on": membership.starts_on} | changes.back(membership, columns)
    regions = None
    if "regions" in event.changes:
        regions = Region.objects.filter(name__in=event.changes["regions"][0])
    written = change(membership, by, at, regions=regions, undoes=event, **facts)
    if written is None:
        raise UndoRefused("It is as it was before already.")
    return written


def take_back_main(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `make_main`."""
    former = Membership.objects.select_related("partner").filter(pk=event.changes["main"][0]).first()
    if former is None or former.ends_on is not None or not _of(event).is_main:
        raise UndoRefused("The main membership was changed again since, or there was none before.")
    written = make_main(former, by, at, undoes=event)
    if written is None:
        raise UndoRefused("It is the main membership already.")
    return written


@transaction.atomic
def take_back_ending(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `end`: the membership goes on, as the main one if it was that."""
    membership = _of(event)
    _lock(membership.partner)
    others = Membership.objects.filter(partner=membership.partner_id, ends_on=None)
    if others.filter(programme=membership.programme_id).exists():
        raise UndoRefused(f"{membership.partner} joined {membership.programme} again since.")
    Membership.objects.filter(pk=membership.pk).update(ends_on=None, is_main=False)
    membership.refresh_from_db()
    if event.changes["was_main"]:
        _make_main(membership)
    return _record("membership_resumed", membership, by, at, undoes=event)


def _of(event: Event) -> Membership:
    return Membership.objects.select_related("partner", "programme", "tier").get(pk=history.subject(event))


def _lock(partner: Partner) -> None:
    """Whoever changes the main membership of a partner does so one at a time."""
    Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)


def _of_programme(tier: Tier | None, programme: Programme) -> None:
    if tier is not None and tier.programme_id != programme.pk:
        raise MembershipRefused(f"{tier} is no tier of {programme}.")


def _make_main(membership: Membership) -> Membership | None:
    """Move the mark and push type and tier; the former main membership is returned."""
    if membership.ends_on is not None:
        raise MembershipRefused("A membership that ended cannot be the main one.")
    current = Membership.objects.filter(partner=membership.partner_id, ends_on=None, is_main=True)
    former = current.select_related("programme").first()
    current.update(is_main=False)
    Membership.objects.filter(pk=membership.pk).update(is_main=True)
    membership.is_main = True
    push(membership.partner)
    return former


def push(partner: Partner) -> None:
    """Write type and tier of the main membership on the partner; without one it has neither."""
    main = Membership.objects.filter(partner=partner, ends_on=None, is_main=True).select_related(
        "programme__kind", "tier"
    )
    found = main.first()
    partner.kind = found.programme.kind if found else None
    partner.tier = found.tier if found else None
    Partner.objects.filter(pk=partner.pk).update(kind=partner.kind, tier=partner.tier)


def _record(
    kind: str,
    membership: Membership,
    by: User | str,
    at: datetime,
    changed: dict[str, Any] | None = None,
    note: str = "",
    undoes: Event | None = None,
) -> Event:
    """Write it down, and score the partner anew: type, tier and regions are facts of its fit."""
    fits.refresh(membership.partner, at)
    about = Reference("membership", membership.pk)
    said = note or " · ".join(str(part) for part in (membership.programme, membership.tier) if part)
    event = Event.record(kind, at, by, membership.partner, about, changed, said, undoes=undoes)
    assert event is not None
    return event
