"""What the packet of a review shows of the joint plan: values that JSON keeps, only what both may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm import quarters
from prm.quarters import Quarter
from prm.questions import Asked as Unasked
from reviews.meetings.packet.drawn import figure, line
from reviews.meetings.packet.sections import Asked, Section, Values
from reviews.planning import showing, standing
from reviews.planning.models import Goal, Objective, Target, YearMark
from reviews.planning.standing import Standing

MOST = 40  # lines
TONES = {"reached": "ok", "partly": "", "missed": "bad"}


@dataclass(frozen=True)
class Planned:
    """The joint plan of one partner, read once for all sections."""

    goals: Sequence[Goal]
    targets: Sequence[Target]
    objectives: Sequence[Objective]
    marks: Sequence[YearMark]
    by_pk: dict[int, Objective]


def plan(asked: Asked) -> list[Unasked[Any]]:
    """The goals, targets, objectives and marks of its joint plan."""
    return showing.asked(asked.partner)


def planned(asked: Asked) -> Planned:
    goals, targets, objectives, marks = (each.ask() for each in plan(asked))
    return Planned(goals, targets, objectives, marks, {each.pk: each for each in objectives})


def goals(asked: Asked) -> Values:
    """The partner's goals, and what we do for each."""
    lines = [_goal(each) for each in asked.once(planned).goals[:MOST]]
    return {"lines": lines} if lines else {}


def _goal(goal: Goal) -> Values:
    words = _("We: {ours}").format(ours=goal.ours) if goal.ours else _("What we do for it is not said yet.")
    return line(goal.text, words, "" if goal.is_open else _("reached"), "ok")


def against(asked: Asked) -> Values:
    """Targets of the quarters that the time touches, as they stood on its last day; what became of marks and
    experiments in it."""
    first = quarters.of(asked.since, asked.begins).first
    found = [each for each in asked.once(standings) if first <= each.target.first_on <= asked.until]
    lines = _said(asked)
    if not found and not lines:
        return {}
    return {
        "figures": [figure(f"target_{e.target.pk}", _name(e), e.words) for e in found],
        "bars": [_bar(each) for each in found],
        "lines": lines[:MOST],
    }


def standings(asked: Asked) -> list[Standing]:
    """Where the targets from the first quarter of the time up to the next one stand on its last day."""
    first, following = quarters.of(asked.since, asked.begins).first, _next(asked).first
    known = [each for each in asked.once(planned).targets if _is_known(each, asked)]
    rows = [each for each in known if first <= each.first_on <= following]
    return standing.of_targets(asked.partner, rows, asked.until, asked.begins, asked.cut_at)


def _is_known(target: Target, asked: Asked) -> bool:
    """Whether it was set when the packet was frozen; one set later corrects nothing."""
    return asked.frozen_at is None or target.created_at <= asked.frozen_at


def _next(asked: Asked) -> Quarter:
    return quarters.of(asked.until, asked.begins).after()


def _name(each: Standing) -> str:
    return f"{each.measure.name}, {each.quarter}"


def _bar(each: Standing) -> Values:
    """A target as it is drawn: shares of 100, and words that say the same."""
    return {
        "name": _name(each),
        "words": each.words,
        "should": each.should_words,
        "share": each.share,
        "should_share": each.should_share if each.when == standing.RUNNING else None,
        "pill": each.state,
        "tone": each.tone,
    }


def _said(asked: Asked) -> list[Values]:
    """Marks whose day came in the time, and objectives that ended in it."""
    plan = asked.once(planned)
    ended = [
        each for each in plan.objectives if each.ended_on and asked.since <= each.ended_on <= asked.until
    ]
    return [
        *(_mark(each, plan) for each in plan.marks if asked.since <= each.on <= asked.until),
        *(_ended(each) for each in ended),
    ]


def _mark(mark: YearMark, plan: Planned) -> Values:
    pill, tone = {True: (_("met"), "ok"), False: (_("not met"), "bad"), None: ("", "")}[mark.is_met]
    return line(mark.text, f"{plan.by_pk[mark.objective_id]} · {_day(mark.on)}", pill, tone)


def _ended(objective: Objective) -> Values:
    pill = str(objective.get_state_display()).lower()
    return line(objective.text, objective.result, pill, TONES[objective.state])


def ahead(asked: Asked) -> Values:
    """Targets of the quarter after the one that the last day lies in, with the pipeline beside each, and what
    comes due until it is over."""
    quarter = _next(asked)
    lines = [
        line(f"{each.measure.name}: {each.words}", each.pipeline.words if each.pipeline else "")
        for each in asked.once(standings)
        if each.target.first_on == quarter.first
    ]
    lines += _due(asked, quarter.last)
    return {"quarter": quarter.name, "lines": lines[:MOST]} if lines else {}


def _due(asked: Asked, last: date) -> list[Values]:
    """Marks of which nothing was said, and objectives that end, up to a day."""
    plan = asked.once(planned)
    running = {each.pk: each for each in plan.objectives if each.is_running}
    marks = [e for e in plan.marks if e.is_met is None and asked.until < e.on <= last]
    return [
        *(
            line(each.text, f"{running[each.objective_id]} · {_day(each.on)}", _("mark"))
            for each in marks
            if each.objective_id in running
        ),
        *(
            line(each.text, _day(each.until_on), _("ends"))
            for each in running.values()
            if asked.until < each.until_on <= last
        ),
    ]


def gaps(asked: Asked) -> list[str]:
    """What the plan lacks before a review, in words."""
    plan, following = asked.once(planned), _next(asked)
    ours, found = [each.ours for each in plan.goals if each.is_open], []
    if not ours:
        found.append(_("no goal of the partner’s own"))
    elif not all(ours):
        found.append(_("a goal for which we do nothing yet"))
    if not any(each.first_on == following.first for each in plan.targets):
        found.append(_("no target for {quarter}").format(quarter=following))
    if any(each.is_overdue(asked.until) for each in plan.objectives):
        found.append(_("an objective whose day is over"))
    return found


def _day(on: date) -> str:
    return date_format(on, "j M Y")


SECTIONS = [
    (
        5,
        Section(
            "goals",
            gettext_lazy("Your goals, and what we do for them"),
            gettext_lazy("Goals of the joint plan that are pursued or reached."),
            goals,
            reads=(plan,),
        ),
    ),
    (
        28,
        Section(
            "targets",
            gettext_lazy("Results against targets"),
            gettext_lazy(
                "Targets of the quarters that the time touches; what was reached is read from deals, "
                "training and satisfaction up to its last day, each part in deals and each currency for "
                "itself. Where it should be: its share of the days that are over. Marks and experiments "
                "whose day came in the time."
            ),
            against,
            restates=True,
            reads=(plan,),
        ),
    ),
    (
        65,
        Section(
            "next_quarter",
            gettext_lazy("Next quarter"),
            gettext_lazy(
                "Targets of the next quarter; beside each the open deals expected to close in it ÷ what it "
                "lacks, in its currency. Marks and experiments that come due by its end."
            ),
            ahead,
            reads=(plan,),
        ),
    ),
]
