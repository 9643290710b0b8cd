"""Insights: the figures on one page, on paper, as a file, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboards.coverage import standing
from dashboards.insights import answering, asking, behind, drawn, findings, loads, promises, road, withholding
from dashboards.insights.answering import Answering, Week
from dashboards.insights.asking import Asking
from dashboards.insights.road import Line
from dashboards.insights.withholding import Part
from partners.filters import Lists
from prm import clock, pages, spreadsheets
from prm.figures import Middle, Share
from team import choosing, persons
from team.models import User
from team.requests import PersonRequest

FILE = ("Figure", "Of", "Value", "Unit", "n", "Counted", "From 95 %", "To 95 %", "Before", "n before")


@login_required
@require_safe
def insights(request: PersonRequest) -> HttpResponse:
    if by_id := choosing.by_id(request, request.user, "owner", several=True):
        return by_id
    asked = asking.read(request.GET, request.user, clock.now())
    return pages.shown(request, "dashboards/insights/page.html", context(asked))


@login_required
@require_safe
def on_paper(request: PersonRequest) -> HttpResponse:
    asked = asking.read(request.GET, request.user, clock.now())
    shown = {
        **context(asked),
        "coverage": standing.headline(request.user, asked.at, asked.period.zone),
        "figures": [figure for figure, _sort in behind.SORTS.values()],
    }
    return pages.shown(request, "dashboards/insights/print.html", shown)


@login_required
@require_safe
def coverage_card(request: PersonRequest) -> HttpResponse:
    """How coverage stands: the page fetches it once it is there."""
    found = standing.headline(request.user, clock.now())
    return pages.shown(request, "dashboards/insights/coverage.html", {"coverage": found})


@login_required
@require_safe
def narrow(request: PersonRequest) -> HttpResponse:
    """Of which partners: a page of its own. Of owners it offers those whose figures this person may see."""
    shown = User.objects.filter(persons.shown_to(request.user))
    asked = asking.read(request.GET, request.user, clock.now(), Lists.fetch(request.GET, shown))
    groups = asked.segment.groups
    return pages.shown(request, "dashboards/insights/narrow.html", {"asked": asked, "groups": groups})


@login_required
@require_safe
def definitions(request: PersonRequest) -> HttpResponse:
    """How each figure is counted."""
    asked = asking.read(request.GET, request.user, clock.now())
    figures = [figure for figure, _sort in behind.SORTS.values()]
    shown = {"asked": asked, "figures": figures, "figures_seen_by": persons.rule_words(asked.user)}
    return pages.shown(request, "dashboards/insights/definitions.html", shown)


@login_required
@require_safe
def as_file(request: PersonRequest) -> HttpResponse | StreamingHttpResponse:
    """Every figure of the page, a line each, and below them what they are of."""
    asked = asking.read(request.GET, request.user, clock.now())
    if asked.faults:
        return pages.again(request, "dashboards/insights/page.html", context(asked))
    day = timezone.localdate(asked.at)
    return spreadsheets.download(f"insights-{day:%Y-%m-%d}.csv", FILE, _lines(context(asked)))


def context(asked: Asking) -> dict[str, Any]:
    """The figures of the page; where something cannot be shown, none of them."""
    if asked.faults:
        return {"asked": asked}
    stages, steps, owned = road.standing(asked)
    told, before = withholding.of(asked)
    lines = road.lines(asked, told[Part.MOVES], before.get(Part.MOVES), stages, steps)
    answers = answering.read(asked, told[Part.ANSWERS], before.get(Part.ANSWERS))
    kept, kept_before = promises.read(asked, told[Part.PROMISES], before.get(Part.PROMISES))
    late, late_count = answering.late_now(asked)
    return {
        "asked": asked,
        "findings": findings.of(answers, kept, kept_before, lines),
        "road": lines,
        "road_heading": road.heading(lines),
        "road_withholds": not all(line.moves for line in lines),
        "on_the_road": sum(stages.values()),
        "road_filter": road.FILTER,
        "loads": loads.read(asked, owned),
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


def _said(asked: Asking) -> Iterator[list[str]]:
    """What the figures of a file are of."""
    yield [_("Time"), str(asked.period)]
    yield [_("Compared with"), str(asked.before or _("nothing"))]
    yield from ([chip.name, chip.value] for chip in asked.chips)
    yield [_("Data as of"), timezone.localtime(asked.at).isoformat(timespec="minutes")]


def _lines(shown: dict[str, Any]) -> Iterator[list[Any]]:
    road, answers, kept = shown["road"], shown["answering"], shown["promises"]
    for line in road:
        yield [_("Partners"), line.name, line.n, "", "", "", "", "", "", ""]
        yield from _moved(line)
        yield [_("Stalled"), line.name, line.stalled, "", "", "", "", "", "", ""]
    yield from [] if answers.is_withheld else _answered(answers)
    yield [_("Waiting, late"), _("now"), shown["late_count"], "", "", "", "", "", "", ""]
    if not kept.is_withheld:
        for figure, share, share_before in shown["shares"]:
            yield _share(str(figure.title), _("all"), share, share_before)
        yield [_("Promises made"), _("all"), kept.made, "", "", "", "", "", "", ""]
    for carried in shown["loads"].shown:
        yield [_("Partners owned"), carried.owner, carried.load.count, "", "", "", "", "", "", ""]
        yield [_("Load"), carried.owner, carried.load.weight, "", "", "", "", "", "", ""]
    withheld = [line.name for line in road if not line.moves]
    withheld += [part.heading for part in (answers, kept) if part.is_withheld]
    withheld += [_from(week) for week in answers.weeks if week.is_withheld]
    yield from ([of, shown["asked"].withheld_words] for of in withheld)
    yield from _said(shown["asked"])


def _moved(line: Line) -> Iterator[list[Any]]:
    if not (now := line.moves):
        return
    then = line.before
    yield [_("Came in"), line.name, now.came_in, "", "", "", "", "", then.came_in if then else "", ""]
    yield _share(_("Went on"), line.name, now.went_on, then.went_on if then else None)
    was = [_days(then.median), then.median.n] if then else ["", ""]
    yield [_("Median days"), line.name, _days(now.median), _("days"), now.median.n, "", "", "", *was]


def _days(median: Middle) -> str:
    return "" if median.value is None else f"{median.value:.1f}"


def _answered(answers: Answering) -> Iterator[list[Any]]:
    whole, before = answers.whole, answers.before
    yield _share(_("Answered in time"), _("all"), whole.in_time, before.in_time if before else None)
    told = [week for week in answers.weeks if not week.is_withheld]
    yield from (_share(_("Answered in time"), _from(week), week.counts.in_time) for week in told)
    outside = [whole.outside, "", whole.late, whole.outside, "", "", "", ""]
    yield [_("Late outside working time"), _("all"), *outside]


def _from(week: Week) -> str:
    return _("from {day}").format(day=week.period.since)


def _share(name: str, of: str, share: Share, before: Share | None = None) -> list[Any]:
    low, high = share.interval or ("", "")
    then = (before.percent, before.n) if before else ("", "")
    return [name, of, share.percent, "%", share.n, share.k, low, high, *then]
