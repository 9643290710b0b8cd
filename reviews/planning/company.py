"""Objectives of the company, by fiscal year. Objectives of joint plans name the one they serve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import Event
from partners.organisations import local_day
from prm import quarters
from reviews.planning.goals import PlanRefused, words_of
from reviews.planning.models import CompanyObjective
from team.companies import fiscal_month, zone_of
from team.models import User

CHANGED = "company_objective_changed"
AHEAD = 3  # years


@dataclass(frozen=True)
class Wanted:
    """Words, a fiscal year, and who answers for it."""

    text: str
    year: int
    owner: User


def years(at: datetime) -> list[tuple[int, str]]:
    """The fiscal years to choose from, with their names."""
    begins = fiscal_month()
    first = quarters.year_of(local_day(at, zone_of()), begins)
    return [(first + n, quarters.name_of_year(first + n, begins)) for n in range(-1, AHEAD)]


@transaction.atomic
def add(wanted: Wanted, by: User, at: datetime) -> CompanyObjective:
    """Say what the company wants to reach."""
    return _write(CompanyObjective(created_by=by, created_at=at), wanted, by, at)


@transaction.atomic
def change(objective: CompanyObjective, wanted: Wanted, by: User, at: datetime) -> CompanyObjective:
    held = CompanyObjective.objects.select_for_update().get(pk=objective.pk)
    return _write(held, wanted, by, at)


@transaction.atomic
def drop(objective: CompanyObjective, by: User, at: datetime) -> None:
    """It is not pursued any more; what served it keeps its name."""
    if CompanyObjective.objects.filter(pk=objective.pk, dropped_at=None).update(dropped_at=at):
        Event.record(CHANGED, at, by, note=_("dropped: {it}").format(it=objective))


def _write(objective: CompanyObjective, wanted: Wanted, by: User, at: datetime) -> CompanyObjective:
    known = {year for year, _name in years(at)} | {objective.year}
    if wanted.year not in known:
        raise PlanRefused(_("Year: choose one of the list."))
    objective.text, objective.year, objective.owner = words_of(wanted.text), wanted.year, wanted.owner
    objective.save()
    Event.record(CHANGED, at, by, note=f"{objective}, {objective.year}")
    return objective
