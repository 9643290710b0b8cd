"""The formula as it is kept: edited as a draft, published with a reason, never changed after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from partners.models import Event
from prm.refusals import Refused
from reviews.health import reckoning
from reviews.health.models import HealthFormula
from team.models import User

State = HealthFormula.State
FIELDS = ("healthy_from", "watch_from", "half_life_days", "answers_months", "certified_wanted")
FIRST = "What every company begins with."


class FormulaRefused(Refused):
    """The formula cannot be kept or published so."""


def current(at: datetime) -> HealthFormula:
    """The version that holds; a company begins with a first one."""
    found = HealthFormula.objects.filter(state=State.PUBLISHED).first()
    if found is not None:
        return found
    first = {"weights": reckoning.STARTING, "why": FIRST, "begun_at": at, "published_at": at}
    number = _last() + 1
    try:
        with transaction.atomic():
            return HealthFormula.objects.create(number=number, state=State.PUBLISHED, **first)
    except IntegrityError:  # somebody else has just begun it
        return HealthFormula.objects.get(state=State.PUBLISHED)


def draft() -> HealthFormula | None:
    return HealthFormula.objects.filter(state=State.DRAFT).first()


@transaction.atomic
def change(
    weights: Mapping[str, int], by: User, at: datetime, seen: int | None = None, **numbers: int
) -> HealthFormula:
    """Let the draft weigh so and use these numbers (`FIELDS`); where there is none, one begins. With `seen`,
    the draft that is meant, none does."""
    unknown = set(weights) - set(reckoning.MEASURES)
    if unknown or not any(weights.values()):
        raise FormulaRefused(_("Weights: let at least one measure weigh something."))
    if any(not 0 <= weight <= 1000 for weight in weights.values()):
        raise FormulaRefused(_("Weights: between 0 and 1000."))
    held = _meant(seen) if seen is not None else _locked() or _begun(by, at)
    held.weights = {key: weights.get(key, 0) for key in reckoning.MEASURES}
    for name in FIELDS:
        setattr(held, name, numbers.get(name, getattr(held, name)))
    if not 0 < held.watch_from < held.healthy_from <= 100:
        raise FormulaRefused(_("Watch from: above 0 and below where healthy begins, which is 100 at most."))
    if min(held.half_life_days, held.answers_months, held.certified_wanted) < 1:
        raise FormulaRefused(_("Half-life, months and certified people: at least 1."))
    held.save(update_fields=["weights", *FIELDS])
    return held


@transaction.atomic
def publish(why: str, by: User, at: datetime, seen: int | None = None) -> HealthFormula:
    """Let the draft hold from the next reading on; what was read stays as it is. `seen` is the draft whose
    effect was shown."""
    held = _meant(seen)
    if not why.strip():
        raise FormulaRefused(_("Why: say what the formula is changed for; colleagues read it."))
    HealthFormula.objects.filter(state=State.PUBLISHED).update(state=State.RETIRED, retired_at=at)
    held.state, held.published_at, held.why, held.by = State.PUBLISHED, at, why.strip(), by
    held.save(update_fields=["state", "published_at", "why", "by"])
    _record(held, _("published"), by, at, held.why)
    return held


@transaction.atomic
def discard(by: User, at: datetime, seen: int | None = None) -> None:
    """Throw the draft away (with `seen`: that one); what is published stands."""
    held = _meant(seen)
    _record(held, _("thrown away"), by, at)
    held.delete()


def _meant(seen: int | None) -> HealthFormula:
    """The draft, held; where one is said that was seen, no other."""
    held = _locked()
    if held is None or (seen is not None and seen != held.pk):
        raise FormulaRefused(_("There is no such draft any more. Look at the formula again."))
    return held


def _locked() -> HealthFormula | None:
    return HealthFormula.objects.select_for_update(of=("self",)).filter(state=State.DRAFT).first()


def _last() -> int:
    return HealthFormula.objects.aggregate(last=Max("number"))["last"] or 0


def _begun(by: User, at: datetime) -> HealthFormula:
    former = current(at)
    copied = {name: getattr(former, name) for name in ("weights", *FIELDS)}
    try:
        with transaction.atomic():
            return HealthFormula.objects.create(number=_last() + 1, by=by, begun_at=at, **copied)
    except IntegrityError as error:
        raise FormulaRefused(_("Somebody has just begun a draft. Look at it, then go on.")) from error


def _record(formula: HealthFormula, what: str, by: User, at: datetime, why: str = "") -> None:
    note = f"{formula}: {what}" + (f". {why}" if why else "")
    Event.record("health_formula_changed", at, by, note=note)
