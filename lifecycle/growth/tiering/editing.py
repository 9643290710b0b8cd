"""The rules of tiers as they are kept: edited as a draft, published with a reason, never changed after."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from lifecycle.growth.tiering import criteria
from lifecycle.growth.tiering.models import Requirement, TierCheck, TierRules
from partners.models import Event, Programme, Tier
from prm.refusals import Refused
from team.models import User

MOST = 60  # requirements
LARGEST = 10**15
State = TierRules.State


class RulesRefused(Refused):
    """The rules cannot be kept or published so."""


def published(programme: Programme) -> TierRules | None:
    """The version that holds."""
    return TierRules.objects.filter(programme=programme, state=State.PUBLISHED).first()


def draft_of(programme: Programme) -> TierRules | None:
    return TierRules.objects.filter(programme=programme, state=State.DRAFT).first()


@transaction.atomic
def want(
    programme: Programme,
    tier: Tier,
    criterion: str,
    wanted: int,
    by: User,
    at: datetime,
    months: int | None = None,
    currency: str = "",
) -> Requirement:
    """Let a tier want at least so much of a criterion, in the draft; what it wanted of it before is
    replaced."""
    known = criteria.offered().get(criterion)
    if known is None:
        raise RulesRefused(_("Criterion: choose one of those offered."))
    if tier.programme_id != programme.pk:
        raise RulesRefused(_("{tier} is no tier of {programme}.").format(tier=tier, programme=programme))
    if not 1 <= wanted <= LARGEST:
        raise RulesRefused(_("Wanted: at least 1."))
    if known.is_money != bool(currency):
        raise RulesRefused(_("Currency: money needs one, and nothing else has any."))
    if known.has_window and not months:
        raise RulesRefused(_("Months: say over how many it is counted."))
    draft = _draft(programme, by, at)
    if draft.requirements.count() >= MOST:
        raise RulesRefused(_("A version holds {n} requirements at most.").format(n=MOST))
    facts = {"wanted": wanted, "currency": currency, "months": months if known.has_window else None}
    kept, _new = Requirement.objects.update_or_create(
        rules=draft, tier=tier, criterion=criterion, defaults=facts
    )
    return kept


@transaction.atomic
def drop(programme: Programme, tier: Tier, criterion: str, by: User, at: datetime) -> None:
    """Let a tier want this no more, in the draft."""
    _draft(programme, by, at).requirements.filter(tier=tier, criterion=criterion).delete()


@transaction.atomic
def give_notice(programme: Programme, days: int, by: User, at: datetime) -> None:
    """How many days a partner has from being told until it can go down, in the draft."""
    if not 1 <= days <= 730:
        raise RulesRefused(_("Notice: between 1 and 730 days."))
    TierRules.objects.filter(pk=_draft(programme, by, at).pk).update(notice_days=days)


@transaction.atomic
def publish(programme: Programme, why: str, by: User, at: datetime, seen: int | None = None) -> TierRules:
    """Let the draft hold; memberships are measured at once. `seen` is the draft whose effect was shown."""
    draft = _locked_draft(programme)
    if draft is None or (seen is not None and seen != draft.pk):
        raise RulesRefused(_("There is no such draft any more. Look at the rules again."))
    if not draft.requirements.exists():
        raise RulesRefused(_("The draft wants nothing yet. Add a requirement first."))
    if not why.strip():
        raise RulesRefused(_("Why: say what the rules are changed for; partners’ managers read it."))
    TierRules.objects.filter(programme=programme, state=State.PUBLISHED).update(
        state=State.RETIRED, retired_at=at
    )
    draft.state, draft.published_at, draft.why, draft.by = State.PUBLISHED, at, why.strip(), by
    draft.save(update_fields=["state", "published_at", "why", "by"])
    TierCheck.objects.update_or_create(programme=programme, defaults={"next_check_at": at})
    _record(draft, _("published"), by, at, draft.why)
    return draft


@transaction.atomic
def discard(programme: Programme, by: User, at: datetime) -> None:
    """Throw the draft away; what is published stands."""
    draft = _locked_draft(programme)
    if draft is None:
        raise RulesRefused(_("There is no draft."))
    _record(draft, _("thrown away"), by, at)
    draft.delete()


def _locked_draft(programme: Programme) -> TierRules | None:
    rows = TierRules.objects.select_for_update(of=("self",))
    return rows.select_related("programme").filter(programme=programme, state=State.DRAFT).first()


def _draft(programme: Programme, by: User, at: datetime) -> TierRules:
    """The draft; where there is none, a copy of what is published."""
    found = _locked_draft(programme)
    return found or _begun(programme, by, at)


def _begun(programme: Programme, by: User, at: datetime) -> TierRules:
    former = published(programme)
    last = TierRules.objects.filter(programme=programme).aggregate(last=Max("number"))["last"] or 0
    begun = TierRules(programme=programme, number=last + 1, by=by, begun_at=at)
    if former is not None:
        begun.notice_days = former.notice_days
    try:
        with transaction.atomic():
            begun.save()
    except IntegrityError as error:
        raise RulesRefused(_("Somebody has just begun a draft. Look at it, then go on.")) from error
    if former is not None:
        Requirement.objects.bulk_create(
            Requirement(
                rules=begun,
                tier_id=each.tier_id,
                criterion=each.criterion,
                wanted=each.wanted,
                currency=each.currency,
                months=each.months,
            )
            for each in former.requirements.all()
        )
    return begun


def _record(rules: TierRules, what: str, by: User, at: datetime, why: str = "") -> None:
    note = f"{rules}: {what}" + (f". {why}" if why else "")
    Event.record("tier_rules_changed", at, by, note=note)
