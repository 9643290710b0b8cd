"""The rows behind a figure, as a page and as a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboards.insights import asking, behind, withholding
from dashboards.insights.asking import Asking
from dashboards.insights.behind import Behind
from dashboards.insights.periods import Period
from dashboards.insights.withholding import Part
from lifecycle.figures import ROAD
from partners.models import Stage
from prm import clock, pages, paging, spreadsheets
from prm.figures import Figure
from prm.listing import MARKS
from team import choosing
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

SCREEN = "dashboards/insights/behind.html"
NARROWS = ("stage", "week", "all")  # to what an address narrows the rows of one figure


@login_required
@require_safe
@choosing.called_by_id("owner", several=True)
def rows(request: PersonRequest, figure: str) -> HttpResponse:
    asked, narrowed = _asked(request, figure)
    if asked.faults:
        return pages.shown(request, SCREEN, {"asked": asked, "figure": _figure(figure), "back": ""})
    found = _found(asked, figure, narrowed)
    after, before = (request.GET.get(mark, "") for mark in MARKS)
    page = paging.page(found.shown, found.sort.order, after=after, before=before)
    context = {
        "asked": asked,
        "figure": found.figure,
        "behind": found,
        "rows": behind.cells(found, page.rows),
        "period": narrowed.period,
        "stage": narrowed.stage,
        "back": asked.url(**dict.fromkeys((*NARROWS, *MARKS), "")),
        "may_export": may(request.user, "export partners"),
        "of_all": bool(request.GET.get("all")),
        "previous_url": asked.url(after="", before=page.previous) if page.previous else "",
        "next_url": asked.url(after=page.next, before="") if page.next else "",
    }
    return pages.shown(request, SCREEN, context)


@login_required
@require_safe
@choosing.called_by_id("owner", several=True)
def rows_csv(request: PersonRequest, figure: str) -> HttpResponse | StreamingHttpResponse:
    """The rows one may read, all of them."""
    permitted_or_403(request.user, "export partners")
    asked, narrowed = _asked(request, figure)
    if asked.faults:
        return pages.again(request, SCREEN, {"asked": asked, "figure": _figure(figure), "back": ""})
    found = _found(asked, figure, narrowed)
    zone = timezone.get_current_timezone()  # the rows are written after the request's zone is gone
    name = f"{figure.replace('_', '-')}-{timezone.localdate(asked.at):%Y-%m-%d}.csv"
    return spreadsheets.download(name, [str(head) for head in found.sort.heads], behind.lines(found, zone))


def _figure(name: str) -> Figure[Any]:
    try:
        return behind.SORTS[name][0]
    except KeyError:
        raise Http404


@dataclass(frozen=True)
class Narrowed:
    """To which time, and to which week (its Monday) or stage of the figure where the address names one."""

    period: Period
    stage: Stage | None = None
    week: date | None = None


def _asked(request: PersonRequest, name: str) -> tuple[Asking, Narrowed]:
    """What the address asks; refused where the figure, as narrowed, would tell of one person."""
    _figure(name)
    asked = asking.read(request.GET, request.user, clock.now(), also=(*NARROWS, *MARKS))
    narrowed, wrong = _narrowed(asked, name)
    part = behind.OF_TIME.get(name)
    if part and not (asked.faults or wrong):
        told = withholding.of_part(asked, part).tells(narrowed.week or narrowed.stage or "")
        wrong = [] if told else [asked.withheld_words]
    return replace(asked, faults=[*asked.faults, *wrong]), narrowed


def _narrowed(asked: Asking, name: str) -> tuple[Narrowed, list[str]]:
    """The week or stage that the address names, and what of it cannot be read."""
    said_stage, said_week = asked.address.get("stage"), asked.address.get("week")
    stages = ROAD if name in behind.OF_THE_ROAD else ()
    stage = next((each for each in stages if each == said_stage), None)
    week = _monday(said_week) if said_week and behind.OF_TIME.get(name) == Part.ANSWERS else None
    period = asked.period.week(week) if week else None
    wrong = []
    if (said_all := asked.address.get("all")) and said_all != "1":
        wrong.append(_("all: “{said}” is not 1. Write all=1, or take it out.").format(said=said_all))
    if said_stage and not stage:
        wrong.append(_("Stage: “{said}” is none that this figure tells apart.").format(said=said_stage))
    if said_week and not period:
        wrong.append(_("Week: “{said}” is none that this figure tells apart.").format(said=said_week))
    return Narrowed(period or asked.period, stage, week), wrong


def _monday(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.weekday() == 0 else None


def _found(asked: Asking, name: str, narrowed: Narrowed) -> Behind:
    rows = asked.asked(narrowed.period, narrowed.stage or "")
    return behind.of(name, rows, asked.user, bool(asked.address.get("all")))
