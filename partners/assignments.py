"""Who of us looks after a partner. At most one current assignment is the owner's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest

from partners import followers, given, history
from partners.history import UndoRefused
from partners.models import Assignment, Event, Membership, Partner
from prm.references import Reference
from prm.refusals import Refused
from team.models import Region, Role, User
from team.roles import may

BATCH = 500
NOT_YOURS = "you do not look after it"
THEIRS_ALREADY = "it has this owner already"


class AssignmentRefused(Refused):
    """This person cannot look after the partner in this way."""


def role_of(user: User) -> str:
    """The role an owner looks after a partner in: the first of those that manage one."""
    managing = [role for role in Role.values if role in user.roles and role not in {Role.HEAD, Role.ADMIN}]
    return managing[0] if managing else Role.FULL_LIFECYCLE


def from_birth(owned: Sequence[tuple[Partner, User]], at: datetime) -> list[Assignment]:
    """The owners' assignments of partners that are being born, not written yet. Birth has the event."""
    roles = {owner.pk: role_of(owner) for owner in {owner.pk: owner for _, owner in owned}.values()}
    return [
        Assignment(partner=partner, user=owner, role=roles[owner.pk], is_owner=True, starts_on=at.date())
        for partner, owner in owned
    ]


@transaction.atomic
def set_owner(
    partner: Partner, to: User | None, by: User | str, at: datetime, undoes: Event | None = None
) -> Event | None:
    """Make `to` the owner (None: nobody, it stands in Unassigned). The former owner's assignment ends.

    None is returned where nothing changes.
    """
    followers.hold([partner.pk])
    held = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    if held.owner_id == (to.pk if to else None):
        return None
    _is_here(to)
    former = held.owner
    _hand([partner.pk], to, at.date())
    followers.follow([partner.pk])
    partner.owner = to
    given.tell(partner, to, by, at)
    return Event.record(
        "owner_changed",
        at,
        by,
        partner,
        changes={"owner": [former.pk if former else None, to.pk if to else None]},
        note=f"{former or 'nobody'} → {to or 'nobody'}",
        undoes=undoes,
    )


@transaction.atomic
def give(partners: Sequence[int], to: User, by: User | str, at: datetime) -> None:
    """`set_owner` for many partners, by their ids, in a few statements. Those whose owner it is stay."""
    _is_here(to)
    for start in range(0, len(partners), BATCH):
        held = _held(Partner.objects.filter(pk__in=partners[start : start + BATCH]))
        _give([[pk, former] for pk, former in held if former != to.pk], to, by, at)


@transaction.atomic
def set_owner_of_many(partners: QuerySet[Partner], to: User | None, by: User, at: datetime) -> Event:
    """Give all these partners one owner. The event returned is the report, by ids:
    `done` [partner, former owner] and `skipped` [partner, why]; each partner has an event of its own."""
    _is_here(to)
    held = _held(partners)
    skipped = _skipped(held, to, by)
    done = [[pk, former] for pk, former in held if pk not in skipped]
    changed = {"owner": to.pk if to else None, "done": done, "skipped": [[*s] for s in skipped.items()]}
    report = Event.objects.create(
        kind="owners_changed", at=at, by_user=by, note=str(to or "nobody"), changes=changed
    )
    _give(done, to, by, at, report)
    given.tell_of_many(report, to, by, at)
    return report


@transaction.atomic
def assign(
    partner: Partner,
    user: User,
    role: str,
    by: User | str,
    at: datetime,
    starts_on: date | None = None,
    region: Region | None = None,
    membership: Membership | None = None,
) -> Assignment:
    """Let `user` look after the partner in a role, beside its owner."""
    _is_here(user)
    followers.hold([partner.pk])
    assignment, made = Assignment.objects.get_or_create(
        partner=partner,
        user=user,
        role=role,
        ends_on=None,
        defaults={"starts_on": starts_on or at.date(), "region": region, "membership": membership},
    )
    if not made:
        raise AssignmentRefused(f"{user} looks after {partner} in this role already.")
    followers.follow([partner.pk])
    _record("assigned", assignment, by, at)
    given.tell(partner, user, by, at, role=str(assignment.get_role_display()).lower())
    return assignment


@transaction.atomic
def end(assignment: Assignment, on: date, by: User | str, at: datetime, undoes: Event | None = None) -> Event:
    """End an assignment on a day. The owner's leaves the partner in Unassigned."""
    if on < assignment.starts_on:
        raise AssignmentRefused(f"It began on {assignment.starts_on:%-d %B %Y}; it cannot end before that.")
    followers.hold([assignment.partner_id])
    ended = Assignment.objects.current().filter(pk=assignment.pk).update(ends_on=on)
    if not ended:
        raise AssignmentRefused("This assignment ended already.")
    assignment.ends_on = on
    if assignment.is_owner:
        Partner.objects.filter(pk=assignment.partner_id, owner=assignment.user_id).update(owner=None)
    followers.follow([assignment.partner_id])
    return _record("assignment_ended", assignment, by, at, undoes)


def take_back_owner(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `set_owner`: the former owner is owner again."""
    partner = history.partner_of(event)
    before, after = event.changes["owner"]
    if partner.owner_id != after:
        raise UndoRefused("The owner was changed again since.")
    written = set_owner(partner, to=User.objects.filter(pk=before).first(), by=by, at=at, undoes=event)
    if written is None:
        raise UndoRefused("It has this owner already.")
    return written


@transaction.atomic
def take_back_owners(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `set_owner_of_many`: each partner goes back to its former owner, where it may."""
    former: dict[int | None, list[int]] = {}
    for pk, owner in event.changes["done"]:
        former.setdefault(owner, []).append(pk)
    written = Event.objects.create(kind="owners_given_back", at=at, by_user=by, undoes=event)
    owners = User.objects.current().in_bulk([owner for owner in former if owner is not None])
    back = 0
    for owner, partners in former.items():
        if owner is None or owner in owners:
            still = _held(Partner.objects.filter(pk__in=partners, owner=event.changes["owner"]))
            _give([[pk, now] for pk, now in still], owners.get(owner or 0), by, at, written)
            back += len(still)
    Event.objects.filter(pk=written.pk).update(note=f"{back} of {len(event.changes['done'])} partners")
    written.refresh_from_db()
    return written


@transaction.atomic
def take_back_assignment(event: Event, by: User, at: datetime) -> Event:
    """The inverse of `assign`: the assignment ends on the day it began."""
    assignment = Assignment.objects.select_related("partner", "user").get(pk=history.subject(event))
    return end(assignment, on=max(at.date(), assignment.starts_on), by=by, at=at, undoes=event)


def _is_here(user: User | None) -> None:
    if user is not None and not user.is_active:
        raise AssignmentRefused(f"{user} has left and can look after nobody. Choose somebody else.")


def _skipped(held: Iterable[tuple[int, int | None]], to: User | None, by: User) -> dict[int, str]:
    """Which partners stay as they are, and why."""
    mine: set[int] = set()
    everything = may(by, "assign in bulk")
    if not everything:
        mine = set(Assignment.objects.current().filter(user=by).values_list("partner", flat=True))
    skipped = {}
    for pk, owner in held:
        if owner == (to.pk if to else None):
            skipped[pk] = THEIRS_ALREADY
        elif not everything and pk not in mine:
            skipped[pk] = NOT_YOURS
    return skipped


def _held(partners: QuerySet[Partner]) -> list[tuple[int, int | None]]:
    """The partners and their owners, held until the transaction ends."""
    pks = list(partners.order_by("pk").values_list("pk", flat=True))
    followers.hold(pks)
    rows = Partner.objects.select_for_update(of=("self",)).filter(pk__in=partners.order_by().values("pk"))
    return list(rows.order_by("pk").values_list("pk", "owner"))


def _give(
    pairs: list[list[Any]], to: User | None, by: User | str, at: datetime, report: Event | None = None
) -> None:
    """Hand over these [partner, former owner], each with its event, which names the report."""
    pks = [pk for pk, _ in pairs]
    _hand(pks, to, at.date())
    followers.follow(pks)
    names = {user.pk: str(user) for user in User.objects.filter(pk__in={former for _, former in pairs})}
    Event.objects.bulk_create(
        [
            Event(
                partner_id=pk,
                kind="owner_changed",
                at=at,
                by_user=by if isinstance(by, User) else None,
                by_system=by if isinstance(by, str) else "",
                changes={"owner": [former, to.pk if to else None]} | ({"with": report.pk} if report else {}),
                note=f"{names.get(former, 'nobody')} → {to or 'nobody'}",
            )
            for pk, former in pairs
        ],
        batch_size=BATCH,
    )


def _hand(partners: list[int], to: User | None, on: date) -> None:
    """End the owners' assignments of these partners and begin those of `to`, some at a time."""
    for start in range(0, len(partners), BATCH):
        _hand_some(partners[start : start + BATCH], to, on)


def _hand_some(partners: list[int], to: User | None, on: date) -> None:
    current = Assignment.objects.current().filter(partner__in=partners)
    current.filter(is_owner=True).update(ends_on=Greatest(F("starts_on"), Value(on)))
    if to is not None:
        role = role_of(to)
        kept = current.filter(user=to, role=role)
        has: set[int] = set(kept.values_list("partner", flat=True))
        kept.update(is_owner=True)
        Assignment.objects.bulk_create(
            [
                Assignment(partner_id=pk, user=to, role=role, is_owner=True, starts_on=on)
                for pk in partners
                if pk not in has
            ],
            batch_size=BATCH,
        )
    Partner.objects.filter(pk__in=partners).update(owner=to)


def push(partner: Partner) -> None:
    """Write the owner of the current owner's assignment on the partner; without one it has none."""
    current = Assignment.objects.current().filter(partner=partner, is_owner=True)
    Partner.objects.filter(pk=partner.pk).update(owner=current.values("user")[:1])


def _record(
    kind: str, assignment: Assignment, by: User | str, at: datetime, undoes: Event | None = None
) -> Event:
    facts: dict[str, Any] = {"user": assignment.user_id, "role": assignment.role}
    note = f"{assignment.user}, {assignment.get_role_display().lower()}"
    about = Reference("assignment", assignment.pk)
    event = Event.record(kind, at, by, assignment.partner, about, facts, note, undoes=undoes)
    assert event is not None
    return event
