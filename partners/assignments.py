"""Who of us looks after a partner. At most one current assignment is the owner's."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from partners.models import Assignment, Event, Partner
from team.models import Role, User


def _role_of(user: User) -> str:
    """The role an owner looks after a partner in: the first of those that manage one."""
    managing = [role for role in Role.values if role in user.roles and role not in {Role.HEAD, Role.ADMIN}]
    return managing[0] if managing else Role.FULL_LIFECYCLE


@transaction.atomic
def set_owner(partner: Partner, to: User | None, by: User | str, at: datetime) -> Event | None:
    """Make `to` the owner (None: nobody, it stands in Unassigned). The former owner's assignment ends.

    None is returned where nothing changes.
    """
    held = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    if held.owner_id == (to.pk if to else None):
        return None
    former = held.owner
    Assignment.objects.filter(partner=partner, is_owner=True, ends_on=None).update(ends_on=at.date())
    if to is not None:
        role = _role_of(to)
        kept, made = Assignment.objects.get_or_create(
            partner=partner,
            user=to,
            role=role,
            ends_on=None,
            defaults={"is_owner": True, "starts_on": at.date()},
        )
        if not made:
            Assignment.objects.filter(pk=kept.pk).update(is_owner=True)
    Partner.objects.filter(pk=partner.pk).update(owner=to)
    partner.owner = to
    return Event.record(
        "owner_changed",
        at,
        by,
        partner,
        changes={"owner": [former.pk if former else None, to.pk if to else None]},
        note=f"{former or 'nobody'} → {to or 'nobody'}",
    )
