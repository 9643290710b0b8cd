"""The rows behind a figure, as a page and as a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboards.insights import asking, behind
from dashboards.insights.asking import Asking
from dashboards.insights.behind import Behind
from dashboards.insights.periods import Period
from lifecycle.figures import ROAD
from partners.models import Stage
from prm import clock, pages, paging, spreadsheets
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

SCREEN = "dashboards/insights/behind.html"
MARKS = ("after", "before")


@login_required
@require_safe
def rows(request: PersonRequest, figure: str) -> HttpResponse:
    asked = _told(asking.read(request.GET, request.user, clock.now()), figure)
    if asked.faults:
        return pages.shown(request, SCREEN, {"asked": asked, "figure": _figure(figure)[0], "back": ""})
    found, period, stage = _found(asked, figure)
    after, before = (request.GET.get(mark, "") for mark in MARKS)
    page = paging.page(found.shown, found.sort.order, after=after, before=before)
    context = {
        "asked": asked,
        "figure": found.figure,
        "behind": found,
        "rows": behind.cells(found, page.rows),
        "period": period,
        "stage": stage,
        "back": asked.url(stage="", week="", all="", after="", before=""),
        "may_export": may(request.user, "export partners"),
        "of_all": bool(request.GET.get("all")),
        "previous_url": asked.url(after="", before=page.previous) if page.previous else "",
        "next_url": asked.url(after=page.next, before="") if page.next else "",
    }
    return pages.shown(request, SCREEN, context)


@login_required
@require_safe
def rows_csv(request: PersonRequest, figure: str) -> HttpResponse | StreamingHttpResponse:
    """The rows one may read, all of them."""
    permitted_or_403(request.user, "export partners")
    asked = _told(asking.read(request.GET, request.user, clock.now()), figure)
    if asked.faults:
        return pages.again(request, SCREEN, {"asked": asked, "figure": _figure(figure)[0], "back": ""})
    found = _found(asked, figure)[0]
    zone = timezone.get_current_timezone()  # the rows are written after the request's zone is gone
    name = f"{figure.replace('_', '-')}-{timezone.localdate(asked.at):%Y-%m-%d}.csv"
    return spreadsheets.download(name, [str(head) for head in found.sort.heads], behind.lines(found, zone))


def _figure(name: str) -> Any:
    try:
        return behind.SORTS[name]
    except KeyError:
        raise Http404


def _told(asked: Asking, name: str) -> Asking:
    """Refused where the figure is of so few owners, in the time asked for, that it would tell of one."""
    figure, _sort = _figure(name)
    if asked.faults or name in behind.OF_NOW or asked.tells(figure.rows(asked.asked())):
        return asked
    return replace(asked, faults=[asked.withheld_words])


def _found(asked: Asking, name: str) -> tuple[Behind, Period, Stage | None]:
    """The rows, of which time, and of which stage where the address says one."""
    stage = next((each for each in ROAD if each == asked.address.get("stage")), None)
    period = _week(asked) or asked.period
    narrowed = asked.asked(period, stage or "" if name in behind.OF_THE_ROAD else "")
    return behind.of(name, narrowed, asked.user, bool(asked.address.get("all"))), period, stage


def _week(asked: Asking) -> Period | None:
    """The week that the address says, as far as the period holds it."""
    try:
        monday = date.fromisoformat(asked.address.get("week", ""))
    except ValueError:
        return None
    return asked.period.week(monday)
