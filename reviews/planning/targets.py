"""Targets per quarter. What they brought is read, never typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import Event, Partner
from partners.organisations import local_day
from prm import once, quarters
from prm.quarters import Quarter
from reviews.planning.goals import CHANGED, PlanRefused
from reviews.planning.measures import MEASURES, Measure
from reviews.planning.models import Objective, Target
from team.companies import fiscal_month, zone_of
from team.models import User

AHEAD = 8  # quarters to choose from, the running one among them
MOST_SCORE = 100


@dataclass(frozen=True)
class Wanted:
    """What is typed of a target: of which measure how much, in which quarter (its first day)."""

    measure: str
    wanted: int
    first_on: date
    currency: str = ""
    objective: Objective | None = None


def offered(at: datetime, zone: str) -> list[Quarter]:
    """The quarters a target can be set for: the one before, the running one, and those to come."""
    running = quarters.of(local_day(at, zone), fiscal_month())
    return [running.after(n) for n in range(-1, AHEAD)]


@transaction.atomic
def set_one(partner: Partner, wanted: Wanted, by: User, at: datetime) -> Target:
    """Set a target."""
    measure = _measure(wanted)
    if wanted.first_on not in {each.first for each in offered(at, zone_of())}:
        raise PlanRefused(_("Quarter: choose one of the list."))
    if wanted.objective is not None and wanted.objective.partner_id != partner.pk:
        raise PlanRefused(_("Objective: choose one of this partner."))
    target = Target(
        partner=partner,
        objective=wanted.objective,
        measure=measure.key,
        currency=wanted.currency if measure.is_money else "",
        first_on=wanted.first_on,
        wanted=wanted.wanted,
        created_by=by,
        created_at=at,
    )
    if not once.add(target, ("partner", "first_on", "measure", "currency")):
        raise PlanRefused(_("Quarter: it has a target of this measure already. Change that one."))
    _note(target, _("a target: {it}"), by, at)
    return target


@transaction.atomic
def change(target: Target, wanted: int, objective: Objective | None, by: User, at: datetime) -> Target:
    """Want another amount; what was wanted before stands in the history."""
    held = Target.objects.select_for_update(of=("self",)).select_related("partner").get(pk=target.pk)
    _measure(Wanted(held.measure, wanted, held.first_on, held.currency))
    if objective is not None and objective.partner_id != held.partner_id:
        raise PlanRefused(_("Objective: choose one of this partner."))
    before, held.wanted, held.objective = held.wanted, wanted, objective
    held.save(update_fields=["wanted", "objective"])
    was = MEASURES[held.measure].said(before, held.currency)
    _note(held, _("a target: {it}, before {was}"), by, at, was=was)
    return held


@transaction.atomic
def drop(target: Target, by: User, at: datetime) -> None:
    """Take it out of the plan."""
    _note(target, _("a target was taken out: {it}"), by, at)
    target.delete()


def _measure(wanted: Wanted) -> Measure:
    measure = MEASURES.get(wanted.measure)
    if measure is None:
        raise PlanRefused(_("Measure: choose one of the list."))
    if wanted.wanted <= 0:
        raise PlanRefused(_("How much: more than nothing."))
    if measure.is_score and wanted.wanted > MOST_SCORE:
        raise PlanRefused(_("How much: 100 at most."))
    return measure


def words_of(target: Target) -> str:
    """Like "Deals brought, Q3 2026: 4 deals"."""
    measure, quarter = MEASURES[target.measure], Quarter(target.first_on, fiscal_month())
    return f"{measure.name}, {quarter}: {measure.said(target.wanted, target.currency)}"


def _note(target: Target, said: str, by: User, at: datetime, was: str = "") -> None:
    note = said.format(it=words_of(target), was=was)
    Event.record(CHANGED, at, by, target.partner, note=note)
