"""Changes of tier: begun by the nightly measuring or by hand, announced where they go down, put to a head.

The tier of a membership changes by a decision alone. A rise is asked for at once; a fall first gives notice,
and is asked for when its day is past and the rules are still missed. Whoever comes up before keeps its tier.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations import decisions, responsibility
from conversations.commitments import end_of
from conversations.models import Matter, Message
from lifecycle.growth.tiering import editing
from lifecycle.growth.tiering.models import Standing, TierChange
from lifecycle.growth.tiering.models.rulesets import NOTICE_DAYS
from partners.models import Event, Membership, Partner, Programme, Status, Tier
from partners.organisations import local_day
from prm import references, sweeper
from prm.refusals import Refused
from team import notices
from team.companies import zone_of
from team.models import Notice, User

RISE, KEEP = "tier rise", "tier kept"  # what is decided: whether it rises, whether it keeps its tier
EARNED, MISSED, LIFTED = "tier_earned", "tier_missed", "tier_notice_lifted"
SYSTEM, KIND = "tiers", "tier change"
State, Direction = TierChange.State, Standing.Direction


class ChangeRefused(Refused):
    """The tier cannot be changed, proposed or announced so."""


def kind_of(change: TierChange) -> str:
    return RISE if change.is_rise else KEEP


def why_not_by_hand(programme: Programme) -> str:
    """Why a tier there is not simply written down; "" where it is."""
    if editing.published(programme) is None:
        return ""
    return _("Tiers of {programme} change by a decision. Propose the change on the page of its tier.").format(
        programme=programme
    )


# --- found at night -------------------------------------------------------------------------------------


def sweep(at: datetime) -> int:
    """Look at every standing with news, and at every notice whose day is past."""
    related = ("membership__partner__owner", "membership__programme", "membership__tier", "rules", "to")
    standings = sweeper.in_batches(Standing.objects.select_related(*related), at, look)
    over = TierChange.objects.select_related(*related[:3], "rules", "before", "to")
    return standings + sweeper.in_batches(over, at, check)


def look(standing: Standing, at: datetime) -> None:
    """Begin, follow or lift the change that a standing comes to."""
    membership = _held(standing.membership_id)
    change = _open(membership)
    again_at = None
    if change is not None and not change.proposed_by_id and not _is_due(change, standing, membership):
        lift(change, at)
        change = None
    if change is None:
        again_at = _begin(standing, membership, at)
    elif not change.proposed_by_id and change.to_id != standing.to_id:
        _redirect(change, standing)
    Standing.objects.filter(pk=standing.pk).update(next_check_at=again_at)


def _is_due(change: TierChange, standing: Standing, membership: Membership) -> bool:
    """Whether what was found is so still."""
    way = Direction.RISE if change.is_rise else Direction.FALL
    return standing.direction == way and change.before_id == membership.tier_id


def _begin(standing: Standing, membership: Membership, at: datetime) -> datetime | None:
    """Begin what a standing comes to. After a head decided otherwise it is looked at again once the days of
    a notice have passed: when that is."""
    if standing.direction == Direction.STAY or standing.to_id in {None, membership.tier_id}:
        return None
    is_rise = standing.direction == Direction.RISE
    if (quiet := _decided_otherwise(standing, is_rise, at)) is not None:
        return quiet
    change = TierChange.objects.create(
        membership=membership,
        rules=standing.rules,
        before=membership.tier,
        to_id=standing.to_id,
        is_rise=is_rise,
        state=State.ASKED if is_rise else State.NOTICE,
        values=standing.values,
        found_at=at,
        found_on=standing.day,
    )
    _record("tier_earned" if is_rise else "tier_missed", change, SYSTEM, at)
    if is_rise:
        _ask(change, SYSTEM, at)
    told = EARNED if is_rise else MISSED
    words = (
        _("{partner} has earned {to}") if is_rise else _("{partner} misses what {before} wants: tell them")
    )
    _tell(change, told, words, at)
    return None


def _decided_otherwise(standing: Standing, is_rise: bool, at: datetime) -> datetime | None:
    days = timedelta(days=standing.rules.notice_days)
    kept = TierChange.objects.filter(
        membership=standing.membership_id,
        rules=standing.rules_id,
        is_rise=is_rise,
        state=State.KEPT,
        ended_at__gt=at - days,
    )
    last = kept.order_by("-ended_at").values_list("ended_at", flat=True).first()
    return last + days if last else None


def _redirect(change: TierChange, standing: Standing) -> None:
    """It leads elsewhere than it did; who decides looks at it again."""
    TierChange.objects.filter(pk=change.pk).update(to=standing.to_id, values=standing.values)
    matter = decisions.open_about(kind_of(change), references.to(change))
    if matter is not None:
        decisions.renew(matter)


def check(change: TierChange, at: datetime) -> None:
    """The day of a notice is past: put it to a head where the rules are still missed, else lift it."""
    membership = _held(change.membership_id)
    held = _open(membership)
    TierChange.objects.filter(pk=change.pk).update(next_check_at=None)
    if held is None or held.pk != change.pk or held.state != State.NOTICE:
        return
    standing = Standing.objects.filter(membership=membership).first()
    if not held.proposed_by_id and (standing is None or not _is_due(held, standing, membership)):
        lift(held, at)
        return
    TierChange.objects.filter(pk=held.pk).update(state=State.ASKED)
    _ask(held, held.proposed_by or SYSTEM, at)


@transaction.atomic
def lift(change: TierChange, at: datetime, by: User | str = SYSTEM, reason: str = "") -> None:
    """It is not due any more: nobody decides on it, and who was told of it is told of this."""
    matter = decisions.open_about(kind_of(change), references.to(change))
    if matter is not None:
        decisions.withdraw(matter, reason or _("It is not due any more by the rules."), by, at)
    ended = {"state": State.LIFTED, "ended_at": at, "next_check_at": None}
    if TierChange.objects.open().filter(pk=change.pk).update(**ended):
        _record("tier_lifted", change, by, at, reason)
        if not change.is_rise and isinstance(by, str):
            told = _("{partner} meets what {before} wants again: tell them")
            quiet = _("{partner} meets what {before} wants again")
            _tell(change, LIFTED, told if change.told_at else quiet, at)


# --- by hand --------------------------------------------------------------------------------------------


@transaction.atomic
def propose(membership: Membership, to: Tier, reason: str, by: User, at: datetime) -> TierChange:
    """Propose another tier for a reason. Up it goes to a head at once; down it first gives notice."""
    held = _held(membership.pk)
    _must_be_open_to_change(held, to, reason)
    standing = Standing.objects.filter(membership=held).first()
    is_rise = held.tier is None or to.rank < held.tier.rank
    change = TierChange.objects.create(
        membership=held,
        rules=editing.published(held.programme),
        before=held.tier,
        to=to,
        is_rise=is_rise,
        state=State.ASKED if is_rise else State.NOTICE,
        values=standing.values if standing else {},
        reason=reason.strip(),
        proposed_by=by,
        found_at=at,
        found_on=local_day(at, zone_of()),
    )
    _record("tier_proposed", change, by, at, change.reason)
    if is_rise:
        _ask(change, by, at)
    return change


def _must_be_open_to_change(held: Membership, to: Tier, reason: str) -> None:
    if held.ends_on is not None or held.partner.status != Status.LIVE:
        raise ChangeRefused(_("Only current memberships of live partners change their tier."))
    if to.programme_id != held.programme_id or to.retired_at is not None:
        raise ChangeRefused(_("Tier: choose one that {programme} offers.").format(programme=held.programme))
    if to.pk == held.tier_id:
        raise ChangeRefused(_("Tier: {partner} is {tier} already.").format(partner=held.partner, tier=to))
    if not reason.strip():
        raise ChangeRefused(_("Reason: say why; a head decides by it."))
    if _open(held) is not None:
        raise ChangeRefused(_("A change of this tier is under way already. It ends first."))


@transaction.atomic
def withdraw(change: TierChange, reason: str, by: User, at: datetime) -> None:
    """Who proposed it by hand, or a colleague, does so no more."""
    _held(change.membership_id)
    change.refresh_from_db()
    if not change.is_open or change.proposed_by_id is None:
        raise ChangeRefused(_("Only what a person proposed and nobody decided is taken back."))
    if not reason.strip():
        raise ChangeRefused(_("Reason: say why it is taken back."))
    lift(change, at, by, reason.strip())


# --- announced ------------------------------------------------------------------------------------------


def earliest(change: TierChange, at: datetime) -> date:
    """The first day a notice that is given now may end on."""
    days = change.rules.notice_days if change.rules else NOTICE_DAYS
    return local_day(at, zone_of(change.partner.owner)) + timedelta(days=days)


@transaction.atomic
def told(change: TierChange, until: date, message: Message, at: datetime) -> None:
    """The partner was told in a message that its tier holds until a day: from then on it can go down."""
    _held(change.membership_id)
    if until < (first := earliest(change, at)):
        raise ChangeRefused(_("Until: at the earliest {day}.").format(day=date_format(first, "j F Y")))
    notice = {
        "told_at": at,
        "told_in": message,
        "notice_until": until,
        "next_check_at": end_of(until, zone_of(change.partner.owner)),
    }
    waiting = TierChange.objects.filter(pk=change.pk, state=State.NOTICE, told_at=None)
    if not waiting.update(**notice):
        raise ChangeRefused(_("They were told already, or it is not due any more."))
    change.refresh_from_db()
    by = message.author or SYSTEM
    _record("tier_notice_given", change, by, at, _("until {day}").format(day=date_format(until, "j F Y")))


def told_the_end(change: TierChange, at: datetime) -> None:
    """The partner was told what became of it."""
    waiting = TierChange.objects.filter(pk=change.pk, ended_at__isnull=False, ended_told_at=None)
    if not waiting.update(ended_told_at=at):
        raise ChangeRefused(_("They were told already."))


# --- inside ---------------------------------------------------------------------------------------------


def _held(pk: int) -> Membership:
    """The membership, held until this transaction ends, so that one change begins or ends at a time. What is
    asked about it is held first, as whoever decides does."""
    changes = TierChange.objects.open().filter(membership=pk).values("pk")
    asked = Matter.objects.open().filter(about_kind=KIND, about_id__in=changes)
    list(asked.select_for_update(of=("self",)).values_list("pk"))
    rows = Membership.objects.select_for_update(of=("self",))
    return rows.select_related("partner__owner", "programme", "tier").get(pk=pk)


def _open(membership: Membership) -> TierChange | None:
    rows = TierChange.objects.open().filter(membership=membership).select_related("before", "to", "rules")
    found = rows.select_related("proposed_by").first()
    if found is not None:
        found.membership = membership
    return found


def _ask(change: TierChange, by: User | str, at: datetime) -> None:
    if change.is_rise:
        words = _("{partner} rises to {to}.")
    else:
        words = _("{partner} keeps {before}. No: it goes down to {to}.")
    said = words.format(partner=change.partner, before=change.before, to=change.to)
    asked = f"{said}\n{change.reason}".strip()
    decisions.ask(kind_of(change), change.partner, by, at, words=asked, about=references.to(change))


def _tell(change: TierChange, kind: str, words: str, at: datetime) -> None:
    text = words.format(partner=change.partner, before=change.before, to=change.to)
    for person in responsibility.person_or_heads(change.partner.owner):
        notices.give(person, kind, references.to(change), at, at, text, change.get_absolute_url())


def still_missed(notice: Notice) -> bool:
    """Whether they are to be told still: asked when the mail is composed."""
    return TierChange.objects.filter(pk=notice.cause_id, state=State.NOTICE, told_at=None).exists()


def still_earned(notice: Notice) -> bool:
    """Whether nobody decided on it meanwhile: asked when the mail is composed."""
    return TierChange.objects.filter(pk=notice.cause_id, state=State.ASKED).exists()


def _record(kind: str, change: TierChange, by: User | str, at: datetime, more: str = "") -> None:
    partner: Partner = change.partner
    note = f"{change.before or _('no tier')} → {change.to}" + (f": {more}" if more else "")
    Event.record(kind, at, by, partner, references.to(change), note=note)
