"""The joint plan as it is shown: the partner's goals first, then objectives, then targets by quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from partners.models import Partner
from prm import quarters
from prm.days import plus_months
from prm.quarters import Quarter
from prm.questions import Asked, Question, key
from prm.together import answers
from reviews.planning import standing
from reviews.planning.models import Goal, Objective, Target, YearMark
from reviews.planning.standing import Standing
from team.companies import fiscal_month

BACK = 12  # months of targets that are shown without asking
MOST = 60  # objectives
GOALS = Question(lambda: Goal.objects.filter(partner=key("partner")).standing().order_by("pk"))
TARGETS = Question(lambda: Target.objects.filter(partner=key("partner")))
OBJECTIVES = Question(
    lambda: (
        Objective.objects.filter(partner=key("partner"))
        .select_related("serves", "goal")
        .order_by("until_on", "pk")[:MOST]
    )
)
MARKS = Question(lambda: YearMark.objects.filter(objective__partner=key("partner")).order_by("on", "pk"))


def asked(partner: Partner) -> list[Asked[Any]]:
    """The goals, targets, objectives and marks of a partner."""
    return [question.of(partner=partner.pk) for question in (GOALS, TARGETS, OBJECTIVES, MARKS)]


@dataclass(frozen=True)
class Course:
    """An objective, with where it should be today: the marks whose day has come."""

    objective: Objective
    marks: Sequence[YearMark]
    today: date

    def for_partner(self) -> Course:
        """As the partner reads it: without what is for us alone."""
        told = copy(self.objective)
        told.note, told.serves = "", None
        return replace(self, objective=told)

    @property
    def met(self) -> int:
        return sum(each.is_met is True for each in self.marks)

    @property
    def should(self) -> int:
        """How many marks should be met by today."""
        return sum(each.on <= self.today for each in self.marks)

    @property
    def words(self) -> str:
        if not self.marks:
            return ""
        return _("{met} of {all} marks met; by today it should be {should}").format(
            met=self.met, all=len(self.marks), should=self.should
        )

    @property
    def gone(self) -> int:
        """How much of its time is over, of 100."""
        it = self.objective
        days = (it.until_on - it.from_on).days
        return max(0, min(100, 100 * (self.today - it.from_on).days // days))

    @property
    def tone(self) -> str:
        if self.objective.is_overdue(self.today) or any(each.is_overdue(self.today) for each in self.marks):
            return "warn"
        return "ok" if self.met >= self.should else "muted"

    @property
    def overdue(self) -> list[YearMark]:
        """Marks of which nobody has said whether they were met."""
        return [each for each in self.marks if each.is_overdue(self.today)]


@dataclass(frozen=True)
class Page:
    """All of it. `older` says that there are targets of earlier quarters."""

    goals: Sequence[Goal]
    running: Sequence[Course]
    ended: Sequence[Course]
    quarters: Sequence[tuple[Quarter, Sequence[Standing]]]
    older: bool

    def for_partner(self) -> Page:
        """As the partner reads it."""
        running, ended = ([each.for_partner() for each in some] for some in (self.running, self.ended))
        return replace(self, running=running, ended=ended)


def page(partner: Partner, today: date, everything: bool = False) -> Page:
    """The plan of one partner, in a handful of questions."""
    goals, targets, objectives, marked = answers(*asked(partner))
    marks = defaultdict[int, list[YearMark]](list)
    for mark in marked:
        marks[mark.objective_id].append(mark)
    courses = [Course(each, marks[each.pk], today) for each in objectives]
    begins = fiscal_month()
    since = quarters.of(plus_months(today, -BACK), begins).first
    shown = [each for each in targets if everything or each.first_on >= since]
    return Page(
        goals=sorted(goals, key=lambda goal: not goal.is_open),
        running=[each for each in courses if each.objective.is_running],
        ended=[each for each in courses if not each.objective.is_running],
        quarters=by_quarter(standing.of_targets(partner, shown, today, begins)),
        older=len(shown) < len(targets),
    )


def by_quarter(standings: Sequence[Standing]) -> list[tuple[Quarter, list[Standing]]]:
    """The running quarter and those to come in their order, then those that are over, the newest first."""
    groups = [(quarter, list(rows)) for quarter, rows in groupby(standings, key=lambda each: each.quarter)]
    past = [each for each in groups if each[1][0].when == standing.PAST]
    return [each for each in groups if each[1][0].when != standing.PAST] + past[::-1]
