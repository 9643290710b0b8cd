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
from dashboards.insights import asking, behind, told
from dashboards.insights.asking import Asking
from dashboards.insights.told import Record
from partners.filters import Lists
from prm import clock, pages, spreadsheets
from team import choosing, persons
from team.models import User
from team.requests import PersonRequest

FILE = (
    *("Figure", "Of", "Value", "Unit", "n", "Counted", "From 95 %", "To 95 %", "Before", "n before"),
    *("Target", "Withheld"),
)


@login_required
@require_safe
@choosing.called_by_id("owner", several=True)
def insights(request: PersonRequest) -> HttpResponse:
    asked = asking.read(request.GET, request.user, clock.now())
    return pages.shown(request, "dashboards/insights/page.html", told.page(asked))


@login_required
@require_safe
@choosing.called_by_id("owner", several=True)
def on_paper(request: PersonRequest) -> HttpResponse:
    asked = asking.read(request.GET, request.user, clock.now())
    shown = {
        **told.page(asked, on_paper=True),
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
@choosing.called_by_id("owner", several=True)
def narrow(request: PersonRequest) -> HttpResponse:
    """Of which partners: a page of its own. Of owners it offers those whose figures this person may see."""
    shown = User.objects.filter(persons.shown_to(request.user))
    asked = asking.read(request.GET, request.user, clock.now(), Lists.fetch(request.GET, shown))
    groups = asked.segment.groups
    return pages.shown(request, "dashboards/insights/narrow.html", {"asked": asked, "groups": groups})


@login_required
@require_safe
@choosing.called_by_id("owner", several=True)
def definitions(request: PersonRequest) -> HttpResponse:
    """How each figure is counted."""
    asked = asking.read(request.GET, request.user, clock.now())
    figures = [figure for figure, _sort in behind.SORTS.values()]
    shown = {"asked": asked, "figures": figures, "figures_seen_by": persons.rule_words(asked.user)}
    return pages.shown(request, "dashboards/insights/definitions.html", shown)


@login_required
@require_safe
@choosing.called_by_id("owner", several=True)
def as_file(request: PersonRequest) -> HttpResponse | StreamingHttpResponse:
    """Every figure of the page, a line each, and below them what they are of."""
    asked = asking.read(request.GET, request.user, clock.now())
    if asked.faults:
        return pages.again(request, "dashboards/insights/page.html", told.page(asked))
    day = timezone.localdate(asked.at)
    lines = list(_lines(told.page(asked)))  # written while the request's zone and language hold
    return spreadsheets.download(f"insights-{day:%Y-%m-%d}.csv", FILE, lines)


def _lines(shown: dict[str, Any]) -> Iterator[list[Any]]:
    """A line for each figure, and below them what they are of."""
    asked = shown["asked"]
    for record in told.records(shown):
        yield [
            str(record.figure.title),
            record.of,
            *(_withheld(asked) if record.is_withheld else _line(record)),
        ]
    yield [_("Time"), str(asked.period)]
    yield [_("Compared with"), str(asked.before or _("nothing"))]
    yield from ([chip.name, chip.value] for chip in asked.chips)
    yield [_("Data as of"), timezone.localtime(asked.at).isoformat(timespec="minutes")]


def _withheld(asked: Asking) -> list[str]:
    return [*[""] * 9, asked.withheld_words]


def _line(record: Record) -> list[Any]:
    low, high = record.interval or (None, None)
    before = (record.before, record.n_before, record.target)
    told = (record.value, record.unit, record.n, record.k, low, high, *before)
    return ["" if each is None else each for each in told]
