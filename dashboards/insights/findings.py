"""What stands out, in sentences. That something changed is said only where it clears its interval."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards.insights.answering import Answering
from dashboards.insights.promises import Promises
from dashboards.insights.road import Line
from prm.figures import Share
from prm.stats import change


@dataclass(frozen=True)
class Finding:
    """A sentence, whether things got better (1), worse (-1) or no more than by chance (0), None where nothing
    is compared, and the figure whose rows stand behind it, in a stage or in all; so many of them `before`."""

    title: str
    words: str
    way: int | None
    figure: str
    before: int
    stage: str = ""

    @property
    def tone(self) -> str:
        return {1: "ok", -1: "bad"}.get(self.way or 0, "muted")

    @property
    def icon(self) -> str:
        return {1: "trending-up", -1: "trending-down"}.get(self.way or 0, "minus")


def way_of(now: Share, then: Share | None) -> int | None:
    """Which way a share went: 1 up, -1 down, 0 where it cannot be told from chance; None where it is not
    compared, or of too few rows."""
    if then is None or now.is_too_few or then.is_too_few:
        return None
    interval = change(now.k, now.n, then.k, then.n)
    if interval is None:
        return None
    return 1 if interval[0] > 0 else -1 if interval[1] < 0 else 0


def beside(now: Share, then: Share | None) -> str:
    """The share with what it was: "95 % of 60, was 80 % of 54"."""
    if now.percent is None:
        return _("{k} of {n}, too few for a share.").format(k=now.k, n=now.n)
    words = _("{percent} % of {n}").format(percent=now.percent, n=now.n)
    if then is None:
        return f"{words}."
    if then.percent is None:
        return _("{now}; before it were too few to compare.").format(now=words)
    was = _("{percent} % of {n}").format(percent=then.percent, n=then.n)
    if way_of(now, then):
        return _("{now}, was {was}.").format(now=words, was=was)
    return _("{now}, was {was}: no more than chance.").format(now=words, was=was)


def of(answering: Answering, kept: Promises, kept_before: Promises | None, road: list[Line]) -> list[Finding]:
    """Three: how we answer, what we keep, and the stage whose share of going on changed most surely; those
    that may be shown."""
    answers, then = answering.whole.in_time, answering.before.in_time if answering.before else None
    promises = kept.share("promises_kept")
    before = kept_before.share("promises_kept") if kept_before else None
    told = [
        None if answering.is_withheld else _of_share(_("Answers"), answers, then, "in_time"),
        None if kept.is_withheld else _of_share(_("Promises"), promises, before, "promises_kept"),
        _of_the_road(road),
    ]
    return [each for each in told if each]


def _of_share(what: str, now: Share, then: Share | None, figure: str) -> Finding:
    way = way_of(now, then)
    return Finding(_titled(what, way), beside(now, then), way, figure, _rows(then))


def _rows(before: Share | None) -> int:
    return before.n if before else 0


def _titled(what: str, way: int | None) -> str:
    words = {
        1: _("{what} got better"),
        -1: _("{what} got worse"),
        0: _("{what}: no change to speak of"),
        None: "{what}",
    }
    return words[way].format(what=what)


def _of_the_road(road: list[Line]) -> Finding | None:
    """None where no stage may be shown."""
    told = [
        (line, line.moves.went_on, line.before.went_on if line.before else None)
        for line in road
        if line.moves
    ]
    if not told:
        return None
    moved = [each for each in told if way_of(*each[1:])]
    line, now, then = max(moved or told, key=lambda each: each[1].n)
    way = way_of(now, then)
    title = {
        1: _("More go on from {stage}"),
        -1: _("Fewer go on from {stage}"),
    }.get(way or 0, _("The road from {stage}"))
    words = beside(now, then)
    return Finding(title.format(stage=line.name), words, way, "went_on", _rows(then), line.stage.value)
