"""Who is one of us: roles, leads, leave; switching an account off and on again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from prm.refusals import Refused
from team.models import Grant, Leave, Region, Role, User, Vertical


class PeopleRefused(Refused):
    """It would leave nobody to run this, or make a circle of leads."""


Follow = Callable[[User], None]
_followers: list[Follow] = []


def register(follow: Follow) -> None:
    """Call `follow(person)` when an account was switched off or on, in the same transaction."""
    _followers.append(follow)


@dataclass(frozen=True)
class Granted:
    """A role to give, narrowed to regions or verticals or to nothing."""

    role: str
    regions: Iterable[Region] = field(default_factory=tuple)
    verticals: Iterable[Vertical] = field(default_factory=tuple)


@transaction.atomic
def change(person: User, to: Iterable[Granted], lead: User | None, by: User) -> None:
    """Give `person` these roles and this lead, both or neither."""
    give_lead(person, to=lead, by=by)
    give_roles(person, to=to, by=by)


@transaction.atomic
def give_roles(person: User, to: Iterable[Granted], by: User) -> None:
    """Let `person` have exactly these roles. Refused where no admin would be left."""
    wanted = {granted.role: granted for granted in to}
    if Role.ADMIN not in wanted:
        _keep_an_admin(person, "take this role away")
    person.grants.exclude(role__in=wanted).delete()
    for role, granted in wanted.items():
        grant, _ = Grant.objects.get_or_create(user=person, role=role)
        grant.regions.set(granted.regions)
        grant.verticals.set(granted.verticals)
    for kept in ("roles", "reaches"):
        person.__dict__.pop(kept, None)


@transaction.atomic
def give_lead(person: User, to: User | None, by: User) -> None:
    """Let `person` report to `to`. Refused where that would go round in a circle."""
    leads = dict(User.objects.select_for_update().order_by("pk").values_list("pk", "lead"))
    above = to.pk if to else None
    while above is not None:
        if above == person.pk:
            raise PeopleRefused(f"{to} reports to {person}, directly or through others. Choose another lead.")
        above = leads.get(above)
    User.objects.filter(pk=person.pk).update(lead=to)
    person.lead = to


@transaction.atomic
def deactivate(person: User, by: User) -> None:
    """Switch the account off: signing in ends at once, what the person did stays."""
    if person == by:
        raise PeopleRefused("You cannot switch off your own account. Ask another admin.")
    _keep_an_admin(person, "switch this account off")
    _switch(person, on=False)


@transaction.atomic
def reactivate(person: User, by: User) -> None:
    """Switch the account on again, with the roles it had."""
    _switch(person, on=True)


def _switch(person: User, on: bool) -> None:
    User.objects.filter(pk=person.pk).update(is_active=on)
    person.is_active = on
    for follow in _followers:
        follow(person)


def _keep_an_admin(person: User, what: str) -> None:
    """Refuse where `person` is the only admin who can sign in.

    The admins are locked first and counted after: whoever waited sees what the other did.
    """
    admins = User.objects.filter(is_active=True, grants__role=Role.ADMIN).order_by("pk")
    list(admins.select_for_update(of=("self",), no_key=True))
    if list(admins.values_list("pk", flat=True)) == [person.pk]:
        raise PeopleRefused(f"{person} is the only admin. Make somebody else admin, then {what}.")


@transaction.atomic
def go_on_leave(
    person: User,
    starts_on: date,
    ends_on: date,
    delegate: User | None,
    told_at: datetime | None = None,
) -> Leave:
    """Be away on these days, `delegate` standing in. Two leaves of a person do not overlap.

    `told_at`: when it was noted that partners had been told beforehand.
    """
    if ends_on < starts_on:
        raise PeopleRefused("The last day lies before the first.")
    if delegate == person:
        raise PeopleRefused("Nobody stands in for themselves. Choose a colleague.")
    User.objects.select_for_update().get(pk=person.pk)
    met = person.leaves.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if met:
        raise PeopleRefused(f"There is leave already from {met.starts_on} to {met.ends_on}. Remove it first.")
    if delegate and _is_away(delegate, starts_on, ends_on):
        raise PeopleRefused(f"{delegate} is away in that time, too. Choose another colleague.")
    return Leave.objects.create(
        user=person, delegate=delegate, starts_on=starts_on, ends_on=ends_on, told_at=told_at
    )


def _is_away(person: User, starts_on: date, ends_on: date) -> bool:
    """Whether leave of `person` covers all of these days."""
    return person.leaves.filter(starts_on__lte=starts_on, ends_on__gte=ends_on).exists()


def delegate_of(person: User, on: date) -> User | None:
    """Who stands in for somebody on leave that day."""
    running = Leave.objects.filter(user=person, starts_on__lte=on, ends_on__gte=on)
    covered = running.filter(delegate__isnull=False, delegate__is_active=True)
    leave = covered.select_related("delegate").first()
    return leave.delegate if leave else None


def delegates_of(persons: Iterable[User], at: datetime) -> dict[int, User]:
    """Who stands in at a moment, by the id of whom it stands in for: of these who are on leave then."""
    days = {person.pk: at.astimezone(ZoneInfo(person.zone)).date() for person in persons}
    if not days:
        return {}
    near = Leave.objects.filter(
        user__in=days, starts_on__lte=max(days.values()), ends_on__gte=min(days.values())
    )
    found: dict[int, User] = {}
    for leave in near.filter(delegate__is_active=True).select_related("delegate"):
        if leave.delegate is not None and leave.runs_on(days[leave.user_id]):
            found.setdefault(leave.user_id, leave.delegate)
    return found


def covered_by(person: User) -> list[int]:
    """This person and all it stands in for in some leave, by id."""
    return [person.pk, *User.objects.filter(leaves__delegate=person).values_list("pk", flat=True)]


def wear(person: User, theme: str) -> None:
    """Show pages to `person` in this colour theme."""
    User.objects.filter(pk=person.pk).update(theme=theme)
    person.theme = theme
