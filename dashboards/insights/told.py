"""All figures of one address: as the page shows them, and as records that a file and other programs take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from conversations.figures import IN_TIME, LATE_NOW, LATE_OUTSIDE, PROMISES_MADE
from dashboards.insights import answering, drawn, findings, loads, promises, road, withholding
from dashboards.insights.answering import Answering, Week
from dashboards.insights.asking import Asking
from dashboards.insights.road import Line
from dashboards.insights.withholding import Part
from dashboards.load import LOAD
from lifecycle.figures import CAME_IN, ON_THE_ROAD, STALLED, STAYED_FOR, WENT_ON_SHARE
from prm.figures import Figure, Middle, Share
from team import persons


def page(asked: Asking, on_paper: bool = False) -> dict[str, Any]:
    """The figures of the page; where something cannot be shown, none of them. On paper all owners."""
    if asked.faults:
        return {"asked": asked}
    stages, steps, owned = road.standing(asked)
    told, before = withholding.of(asked)
    lines = road.lines(asked, told[Part.MOVES], before.get(Part.MOVES), stages, steps)
    answers = answering.read(asked, told[Part.ANSWERS], before.get(Part.ANSWERS))
    kept, kept_before = promises.read(asked, told[Part.PROMISES], before.get(Part.PROMISES))
    late, late_count = answering.late_now(asked)
    is_all_told = all(line.moves for line in lines) and not answers.withholds and not kept.is_withheld
    return {
        "asked": asked,
        "findings": findings.of(answers, kept, kept_before, lines),
        "road": lines,
        "road_heading": road.heading(lines),
        "of_shown_url": "" if is_all_told else asked.of_shown_url(),
        "road_withholds": not all(line.moves for line in lines),
        "on_the_road": sum(stages.values()),
        "road_filter": road.FILTER,
        "loads": loads.read(asked, owned, shows_all=on_paper),
        "answering": answers,
        "weeks": drawn.weeks(answers),
        "late": late,
        "late_count": late_count,
        "promises": kept,
        "shares": promises.shares(kept, kept_before),
        "all_loads": asked.url(loads="all"),
        "figures_seen_by": persons.rule_words(asked.user),
        "first_promises": promises.first(asked) if kept.n and kept.is_too_few else [],
    }


@dataclass(frozen=True)
class Record:
    """One figure of a stage or step, a week (its Monday), an owner (its id) or of all: what it comes to, of
    how many rows (`n`), how many of them it counts (`k`), between what it lies with 95 %, what it was before,
    what it should be."""

    figure: Figure[Any]
    of: str
    value: float | None
    n: int | None = None
    k: int | None = None
    interval: tuple[int, int] | None = None
    before: float | None = None
    n_before: int | None = None
    target: int | None = None
    stage: str = ""
    step: str = ""
    week: date | None = None
    owner: int | None = None
    is_withheld: bool = False

    @property
    def unit(self) -> str:
        return self.figure.unit


def records(told: dict[str, Any]) -> Iterator[Record]:
    """What `page` found, a record for each figure. Those that would tell of one person are withheld."""
    for line in told["road"]:
        yield from _of_stage(line)
    yield from _answered(told["answering"])
    yield Record(LATE_NOW, _("now"), told["late_count"])
    kept = told["promises"]
    for figure, share, before in told["shares"]:
        yield _share(figure, _("all"), None if kept.is_withheld else share, before)
    made = None if kept.is_withheld else kept.made
    yield Record(PROMISES_MADE, _("all"), made, is_withheld=kept.is_withheld)
    for each in told["loads"].seen:
        yield Record(LOAD, str(each.owner), float(each.load.weight), n=each.load.count, owner=each.owner.pk)


def _of_stage(line: Line) -> Iterator[Record]:
    where: Any = {"stage": line.stage.value}
    yield Record(ON_THE_ROAD, line.name, line.n, **where)
    yield from (Record(ON_THE_ROAD, part.name, part.n, step=part.step, **where) for part in line.parts)
    now, then = line.moves, line.before
    if now is None:
        yield from (Record(each, line.name, None, is_withheld=True, **where) for each in MOVED)
    else:
        yield Record(CAME_IN, line.name, now.came_in, before=then.came_in if then else None, **where)
        yield _share(WENT_ON_SHARE, line.name, now.went_on, then.went_on if then else None, **where)
        was = then.median if then else None
        yield Record(
            STAYED_FOR,
            line.name,
            _days(now.median),
            now.median.n,
            before=_days(was) if was else None,
            n_before=was.n if was else None,
            target=line.target,
            **where,
        )
    yield Record(STALLED, line.name, line.stalled, **where)


MOVED: tuple[Figure[Any], ...] = (CAME_IN, WENT_ON_SHARE, STAYED_FOR)


def _days(median: Middle) -> float | None:
    return None if median.value is None else round(median.value, 1)


def _answered(answers: Answering) -> Iterator[Record]:
    whole, before = answers.whole, answers.before
    is_told = not answers.is_withheld
    then = before.in_time if before else None
    yield _share(IN_TIME, _("all"), whole.in_time if is_told else None, then)
    yield _share(LATE_OUTSIDE, _("all"), whole.of_late if is_told else None)
    for week in answers.weeks:
        yield from _of_week(week)


def _of_week(week: Week) -> Iterator[Record]:
    of, counts = _("from {day}").format(day=week.period.since), week.counts
    for figure, share in ((IN_TIME, counts.in_time), (LATE_OUTSIDE, counts.of_late)):
        yield _share(figure, of, None if week.is_withheld else share, week=week.monday)


def _share(
    figure: Figure[Any], of: str, share: Share | None, then: Share | None = None, **where: Any
) -> Record:
    """None is withheld."""
    if share is None:
        return Record(figure, of, None, is_withheld=True, **where)
    return Record(
        figure,
        of,
        share.percent,
        share.n,
        share.k,
        share.interval,
        before=then.percent if then else None,
        n_before=then.n if then else None,
        **where,
    )
