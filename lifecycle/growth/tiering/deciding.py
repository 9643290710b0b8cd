"""A head's yes or no: whether a membership rises, and whether it keeps a tier it misses.

Both ask so that the no is what hurts: it says why, and the partner contests it before somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations.decision_kinds import DAY, Fact, Kind, Look, Starter
from conversations.decisions import DecisionRefused
from conversations.models import Conversation, Decision, Matter
from lifecycle.growth.tiering import benefits, changing, showing
from lifecycle.growth.tiering.models import TierChange
from partners import memberships
from partners.models import Membership, Tier
from team.models import Role, User

State = TierChange.State

RISES = Starter(
    name="Rises of tier",
    seconds=5 * DAY,
    yes=["You have earned it by the rules."],
    no=[
        "What the tier wants is met, but not for long enough yet.",
        "One of the numbers is not what it seems; let us look at it together.",
    ],
    lead_decides=False,
    roles=(Role.HEAD,),
    appeal_days=30,
)
KEEPS = Starter(
    name="Tiers after notice",
    seconds=5 * DAY,
    yes=["You keep your tier: we see that you are on the way."],
    no=["The notice is over, and what the tier wants is still missed."],
    lead_decides=False,
    roles=(Role.HEAD,),
    appeal_days=30,
)
RELATED = ("membership__partner", "membership__programme", "before", "to", "rules", "proposed_by")


def look(matters: Sequence[Matter]) -> Mapping[int, Look]:
    """The question, and the numbers it was found by."""
    ids = [matter.about_id for matter in matters if matter.about_id is not None]
    found = TierChange.objects.select_related(*RELATED).in_bulk(ids)
    lines = showing.of_changes(found.values())
    return {
        matter.pk: _look(matter, change, lines[change.pk])
        for matter in matters
        if (change := found.get(matter.about_id or 0)) is not None
    }


def _look(matter: Matter, change: TierChange, lines: Sequence[showing.Line]) -> Look:
    facts = [Fact(line.name, line.words, line.url) for line in lines]
    page = change.get_absolute_url()
    if change.rules is not None:
        facts.append(Fact(_("Rules"), f"{change.rules}, {date_format(change.found_on, 'j F Y')}", page))
    if change.notice_until is not None:
        facts.append(Fact(_("Notice until"), date_format(change.notice_until, "j F Y"), page))
    if matter.appeals is not None:
        facts.insert(0, Fact(_("Decided before"), matter.appeals.reason))
    title = _("{partner}: rises to {to}?") if change.is_rise else _("{partner}: keeps {before}?")
    return Look(title.format(partner=change.partner, before=change.before, to=change.to), facts)


def rise_decided(matter: Matter, decision: Decision, at: datetime) -> None:
    """A yes gives the tier and its benefits; a no leaves it as it was."""
    change = _held(matter)
    expected = State.KEPT if matter.appeals_id else State.ASKED
    _must_stand(change, change.before)
    if decision.is_yes:
        _move(change, change.to, decision.by, at)
        benefits.grant(change, decision.by, at)
    _end(change, expected, State.DONE if decision.is_yes else State.KEPT, at)


def keep_decided(matter: Matter, decision: Decision, at: datetime) -> None:
    """A yes keeps the tier, or gives it back where it was contested; a no takes it down."""
    change = _held(matter)
    is_contested = matter.appeals_id is not None
    _must_stand(change, change.to if is_contested else change.before)
    if decision.is_yes and is_contested:
        _move(change, change.before, decision.by, at)
        benefits.resume(change, at)
    elif not decision.is_yes and not is_contested:
        _move(change, change.to, decision.by, at)
    _end(
        change, State.DONE if is_contested else State.ASKED, State.KEPT if decision.is_yes else State.DONE, at
    )


def contested(decision: Decision) -> None:
    """Only where it stands as the decision left it."""
    change = TierChange.objects.select_related("membership").filter(pk=decision.about_id or 0).first()
    if change is None or change.membership.ends_on is not None:
        raise DecisionRefused(_("The membership has ended."))
    left_at = change.before_id if change.is_rise else change.to_id
    if change.membership.tier_id != left_at or change.is_open:
        raise DecisionRefused(_("The tier has changed since."))


def holds(matter: Matter) -> Iterable[Conversation]:
    """A changed tier is followed by all conversations with the partner: they are held first."""
    return Conversation.objects.filter(partner=matter.partner_id)


DECIDES_RISE = Kind(changing.RISE, RISES, look, rise_decided, holds=holds, contested=contested)
DECIDES_KEEP = Kind(changing.KEEP, KEEPS, look, keep_decided, holds=holds, contested=contested)


def _held(matter: Matter) -> TierChange:
    rows = TierChange.objects.select_for_update(of=("self",)).select_related(*RELATED)
    return rows.get(pk=matter.about_id or 0)


def _must_stand(change: TierChange, at_tier: Tier | None) -> None:
    """The membership is current, and at the tier it was asked about."""
    membership = Membership.objects.get(pk=change.membership_id)
    if membership.ends_on is not None or membership.tier_id != (at_tier.pk if at_tier else None):
        raise DecisionRefused(_("The membership has changed meanwhile; there is nothing left to decide."))


def _move(change: TierChange, to: Tier | None, by: User, at: datetime) -> None:
    """Write the tier; what the one before gave again and again ends."""
    membership = change.membership
    memberships.change(membership, by, at, to, membership.starts_on, decided=True)
    benefits.end_of_others(membership, to, at)


def _end(change: TierChange, expected: str, state: str, at: datetime) -> None:
    ended = {"state": state, "ended_at": at, "next_check_at": None, "ended_told_at": None}
    if not TierChange.objects.filter(pk=change.pk, state=expected).update(**ended):
        raise DecisionRefused(_("This was decided or lifted meanwhile."))
