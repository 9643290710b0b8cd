"""Who decides: the owner of the partner, the lead of who asks, or a role; nobody about their own request, and
an appeal not who decided first. Where nobody is left it goes to the heads, then to the admins; who is on
leave has a delegate beside. An appeal that nobody else can decide is decided by who decided first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from conversations import decision_kinds, responsibility
from conversations.models import Approval, Decider, Decision, Matter
from prm.money import Money
from team.models import Role, User
from team.people import delegates_of
from team.roles import reaches

HEADS = "You lead partnerships."
ALONE = "Decided again by the same person: there is no second one."


def roles_for(approvals: Iterable[Approval], amount: Money | None) -> tuple[frozenset[str], bool]:
    """Which roles decide, and whether because of the amount: those of the highest threshold it reaches, else
    those without one. An amount in a currency without thresholds, where others have some, is the heads'."""
    rows = list(approvals)
    plain = frozenset(row.role for row in rows if not row.currency)
    if amount is None or not any(row.currency for row in rows):
        return plain, False
    known = [row for row in rows if row.currency == amount.currency]
    if not known:
        return frozenset({Role.HEAD}), True
    reached = max((row.from_minor for row in known if row.from_minor <= amount.minor), default=None)
    if reached is None:
        return plain, False
    return frozenset(row.role for row in known if row.from_minor == reached), True


def barred(matter: Matter) -> set[int]:
    """Who must not decide, by id: who asks, and who decided what is contested."""
    first = matter.appeals.by_id if matter.appeals is not None else None
    return {pk for pk in (matter.asked_by_id, first) if pk is not None}


def of(matter: Matter, at: datetime) -> dict[User, str]:
    """Who decides, and why it is they."""
    out = barred(matter)
    named = _without(_named(matter), out) or _without(dict.fromkeys(responsibility.heads(), HEADS), out)
    named = named or _without(dict.fromkeys(_holders([Role.ADMIN]), "You are an admin."), out)
    named = named or _again(matter)
    away = delegates_of(named, at)
    beside = {away[person.pk]: f"You stand in for {person}." for person in named if person.pk in away}
    return _without(beside, out) | named


def _again(matter: Matter) -> dict[User, str]:
    first = matter.appeals.by if matter.appeals is not None else None
    return {first: ALONE} if first is not None and first.is_active else {}


def is_alone(matter: Matter, at: datetime) -> bool:
    """Whether nobody but who decided first can decide what is contested."""
    return ALONE in of(matter, at).values()


def who_decides_anew(decision: Decision, at: datetime) -> str:
    """What whoever contests it is told about who decides."""
    kind = decision_kinds.row(decision.kind, at)
    appeal = Matter(kind=kind, partner=decision.partner, appeals_id=decision.pk)
    if is_alone(appeal, at):
        return "It is decided again by the same person: there is no second one here."
    return "Somebody else than who decided reads it, and decides anew."


def _without(people: dict[User, str], out: set[int]) -> dict[User, str]:
    return {person: why for person, why in people.items() if person.pk not in out}


def _named(matter: Matter) -> dict[User, str]:
    """Whom the settings name: the lead, unless the amount asks for a role; else those who have the role."""
    kind, owner = matter.kind, matter.partner.owner
    if decision_kinds.owner_decides(kind.key) and owner is not None and owner.is_active:
        return {owner: "You look after this partner."}
    roles, by_amount = roles_for(kind.approvals.all(), _amount(matter))
    asks = matter.asked_by if matter.asked_by is not None and matter.contact is None else matter.partner.owner
    lead = asks.lead if asks is not None and kind.lead_decides and not by_amount else None
    if lead is not None and lead.is_active and lead.pk not in barred(matter):
        return {lead: f"You lead {asks}."}
    holders = [person for person in _holders(roles) if _covers(person, roles, matter)]
    return {person: _as(person, roles) for person in holders}


def _amount(matter: Matter) -> Money | None:
    return None if matter.amount_minor is None else Money(matter.amount_minor, matter.currency)


def _holders(roles: Iterable[str]) -> list[User]:
    holding = User.objects.current().filter(grants__role__in=list(roles))
    return list(holding.prefetch_related("grants").distinct().order_by("pk"))


def _covers(person: User, roles: frozenset[str], matter: Matter) -> bool:
    return any(reaches(person, role, matter.partner) for role in roles)


def _as(person: User, roles: frozenset[str]) -> str:
    held = ", ".join(str(role.label) for role in Role if role in roles & person.roles)
    return f"It is decided by: {held}."


def may(user: User, matter: Matter, at: datetime) -> bool:
    """Whether this person may decide: who is named, and a head where those named do not come to it."""
    if not user.is_active:
        return False
    return user in of(matter, at) or (user.pk not in barred(matter) and user in responsibility.heads())


# --- kept in line -------------------------------------------------------------------------------------


def stand(matter: Matter, at: datetime) -> bool:
    """Whether those who are kept as its deciders are those who decide."""
    return {row.person_id for row in matter.deciders.all()} == {person.pk for person in of(matter, at)}


def bring(matter: Matter, at: datetime) -> list[User]:
    """Bring the deciders of an open matter in line with roles, leads and leave; those who are new."""
    wanted = of(matter, at)
    rows = {row.person_id: row for row in matter.deciders.all()}
    gone = set(rows) - {person.pk for person in wanted}
    if gone:
        Decider.objects.filter(matter=matter, person__in=gone).delete()
    fresh = [person for person in wanted if person.pk not in rows]
    made = [Decider(matter=matter, person=person, why=wanted[person][:200]) for person in fresh]
    Decider.objects.bulk_create(made, ignore_conflicts=True)
    return fresh


RELATED: Sequence[str] = (
    *("kind", "partner__owner__lead", "asked_by__lead", "contact", "appeals__by", "wait__conversation"),
)
