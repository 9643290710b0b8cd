"""Objectives of a joint plan, experiments among them, and their yearly marks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import Event, Partner
from partners.organisations import local_day
from prm import quarters, references
from prm.days import plus_months
from reviews.planning import moments
from reviews.planning.goals import CHANGED, PlanRefused, told, words_of
from reviews.planning.models import CompanyObjective, Goal, Objective, YearMark
from team.companies import fiscal_month, zone_of
from team.models import User

MOST = 30  # running objectives of a partner
LONGEST = 36  # months
State = Objective.State


@dataclass(frozen=True)
class Wanted:
    """What is typed of an objective; an experiment says what is tried and how we will know."""

    text: str
    from_on: date
    until_on: date
    goal: Goal | None = None
    serves: CompanyObjective | None = None
    is_experiment: bool = False
    trying: str = ""
    how_we_know: str = ""
    note: str = ""
    copied_from: Objective | None = None


@transaction.atomic
def add(partner: Partner, wanted: Wanted, by: User, at: datetime) -> Objective:
    """Take up an objective or an experiment."""
    held = Partner.objects.select_for_update(of=("self",)).select_related("owner").get(pk=partner.pk)
    if held.objectives.running().count() >= MOST:
        raise PlanRefused(_("{n} objectives are running already. End one first.").format(n=MOST))
    objective = Objective(partner=held, created_by=by, created_at=at, copied_from=wanted.copied_from)
    return _write(objective, wanted, by, at)


@transaction.atomic
def change(objective: Objective, wanted: Wanted, by: User, at: datetime) -> Objective:
    """Put a running one in other words, or give it other days."""
    return _write(_running(objective), wanted, by, at)


def _write(objective: Objective, wanted: Wanted, by: User, at: datetime) -> Objective:
    _check(objective.partner, wanted)
    objective.text, objective.note = words_of(wanted.text), told(wanted.note)
    objective.from_on, objective.until_on = wanted.from_on, wanted.until_on
    objective.goal, objective.serves = wanted.goal, wanted.serves
    objective.is_experiment = wanted.is_experiment
    objective.trying = told(wanted.trying) if wanted.is_experiment else ""
    objective.how_we_know = told(wanted.how_we_know) if wanted.is_experiment else ""
    _look(objective, at)
    objective.save()
    _note(objective, _("an objective: {it}"), by, at)
    return objective


def _check(partner: Partner, wanted: Wanted) -> None:
    if wanted.until_on <= wanted.from_on:
        raise PlanRefused(_("Until: choose a day after the one it begins on."))
    if wanted.until_on > plus_months(wanted.from_on, LONGEST):
        raise PlanRefused(_("Until: three years at most; what lies beyond is a guess."))
    if wanted.is_experiment and not (told(wanted.trying) and told(wanted.how_we_know)):
        raise PlanRefused(_("An experiment says what we try and how we will know."))
    if wanted.goal is not None and wanted.goal.partner_id != partner.pk:
        raise PlanRefused(_("Goal: choose one of this partner."))


@transaction.atomic
def end(objective: Objective, state: str, result: str, by: User, at: datetime) -> Objective:
    """Say what came of it; of an experiment others read it in the list."""
    held = _running(objective)
    if state not in {State.REACHED, State.PARTLY, State.MISSED}:
        raise PlanRefused(_("What came of it: choose one of the list."))
    if not told(result):
        raise PlanRefused(_("Result: say what came of it, and what was learnt."))
    held.state, held.result = state, told(result)
    held.ended_on, held.next_check_at = local_day(at, by.zone), None
    held.save()
    _note(held, _("an objective has ended: {it}"), by, at)
    return held


# --- marks ------------------------------------------------------------------------------------------------


@transaction.atomic
def add_mark(objective: Objective, on: date, text: str, by: User, at: datetime) -> YearMark:
    """Say what should be true by a day."""
    held = _running(objective)
    if not held.from_on < on <= held.until_on:
        raise PlanRefused(_("By: choose a day while the objective runs."))
    if held.marks.filter(on=on).exists():
        raise PlanRefused(_("By: this day has a mark already."))
    mark = YearMark.objects.create(objective=held, on=on, text=words_of(text))
    _look(held, at)
    held.save(update_fields=["next_check_at"])
    _note(held, _("a mark of: {it}"), by, at)
    return mark


def next_year_end(objective: Objective) -> date:
    """The last day of the first fiscal year in which it has no mark yet; its own last day at most."""
    begins, last = fiscal_month(), max((each.on for each in objective.marks.all()), default=objective.from_on)
    year_end = quarters.end_of_year(quarters.year_of(last + timedelta(days=1), begins), begins)
    return min(year_end, objective.until_on)


@transaction.atomic
def say(mark: YearMark, is_met: bool, by: User, at: datetime) -> YearMark:
    """Say whether it was met; what was said can be said anew."""
    held = Objective.objects.select_for_update(of=("self",)).get(pk=mark.objective_id)
    found = held.marks.get(pk=mark.pk)
    if mark.on > local_day(at, by.zone) and not is_met:
        raise PlanRefused(_("Its day is still to come."))
    found.is_met, found.said_by, found.said_at = is_met, by, at
    found.save()
    said = _("a mark was met: {mark}") if is_met else _("a mark was not met: {mark}")
    Event.record(CHANGED, at, by, held.partner, references.to(held), note=said.format(mark=found))
    return found


@transaction.atomic
def drop_mark(mark: YearMark, by: User, at: datetime) -> None:
    """Take it out while nothing was said of it."""
    held = _running(mark.objective)
    if mark.is_met is not None:
        raise PlanRefused(_("What was said of a mark stays."))
    mark.delete()
    _look(held, at)
    held.save(update_fields=["next_check_at"])
    _note(held, _("a mark was taken out of: {it}"), by, at)


# --- shared by all ----------------------------------------------------------------------------------------


def _running(objective: Objective) -> Objective:
    rows = Objective.objects.select_for_update(of=("self",)).select_related("partner__owner")
    held = rows.get(pk=objective.pk)
    if not held.is_running:
        raise PlanRefused(_("This objective has ended."))
    return held


def _look(objective: Objective, at: datetime) -> None:
    """Set when it is looked at next."""
    marks = objective.marks.all() if objective.pk else []
    zone = zone_of(objective.partner.owner)
    objective.next_check_at = moments.next_look(objective, marks, zone, at)


def _note(objective: Objective, said: str, by: User, at: datetime) -> None:
    note = said.format(it=objective)
    Event.record(CHANGED, at, by, objective.partner, references.to(objective), note=note)
