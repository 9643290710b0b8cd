"""What was answered: the rows behind a score, the file, the comments, and all of one partner's."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partners.models import Partner
from prm import clock, pages, spreadsheets
from prm.access import found_or_404
from prm.paging import Order, page
from reviews.surveying import comments, results
from reviews.surveying.models import Answer, Survey
from reviews.surveying.results import CUTS, Line
from team.requests import PersonRequest

ANSWERS, COMMENTS, OF_PARTNER = (
    f"reviews/surveying/{name}.html" for name in ("answers", "comments", "partner")
)
NEWEST = Order("at", descending=True, nullable=False)
HEADER = ["Question", "Part", "Answers", "Score", "From", "To", "Asked", "Answered", "Remark"]


@login_required
@require_safe
def answers(request: PersonRequest, pk: int) -> HttpResponse:
    """The answers a score is made of; of a confidential survey there are none to see."""
    found = found_or_404(Survey.objects.visible_to(request.user), pk=pk)
    by, cell = request.GET.get("by", ""), request.GET.get("cell", "")
    by = by if by in CUTS else ""
    rows = results.rows(found, request.user, by, cell)
    shown = page(rows, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    mark = f"?by={by}&cell={cell if by else ''}"
    context = {
        "survey": found,
        "rows": shown.rows,
        "narrowed": bool(by and cell),
        "next_url": f"{mark}&after={shown.next}" if shown.next else "",
        "previous_url": f"{mark}&before={shown.previous}" if shown.previous else "",
    }
    return pages.shown(request, ANSWERS, context)


@login_required
@require_safe
def file(request: PersonRequest, pk: int) -> StreamingHttpResponse:
    """The scores as a file: the same lines as on the page, held back where they are held back there."""
    found = found_or_404(Survey.objects.visible_to(request.user), pk=pk)
    lines = results.lines(found, request.user, request.GET.get("by", ""))
    rows = [_cells(line) for line in lines]
    if why := results.why_not(found):
        rows.append(["", "", "", "", "", "", "", "", why])
    return spreadsheets.download(f"survey-{found.pk}.csv", HEADER, rows)


def _cells(line: Line) -> list[str]:
    said = line.score if line.tells else None
    read = [f"{figure:.1f}" for figure in (said.value, *said.interval)] if said else ["", "", ""]
    counts = [str(n or "") for n in (line.response.n, line.response.k)]
    return [line.question.words, line.name, str(line.n or ""), *read, *counts, line.remark]


@login_required
@require_safe
def comments_page(request: PersonRequest) -> HttpResponse:
    """What was written beside the marks: first what waits for our reply."""
    show = "all" if request.GET.get("show") == "all" else "waiting"
    rows = comments.waiting(request.user) if show == "waiting" else comments.attributed(request.user)
    shown = page(rows, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    views = [(_("Waiting for us"), "waiting"), (_("All"), "all")]
    context = {
        "rows": comments.with_clocks(shown.rows, clock.now()),
        "views": [(name, f"?show={value}", value == show) for name, value in views],
        "unanswered": comments.rounds_unanswered(request.user),
        "next_url": f"?show={show}&after={shown.next}" if shown.next else "",
        "previous_url": f"?show={show}&before={shown.previous}" if shown.previous else "",
    }
    return pages.shown(request, COMMENTS, context)


@login_required
@require_safe
def of_partner(request: PersonRequest, pk: int) -> HttpResponse:
    """All a partner's people answered, where they knew that we read it."""
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    told = Answer.objects.filter(
        invitation__partner=partner, invitation__survey__is_confidential=False
    ).select_related("invitation__survey", "invitation__contact", "conversation")
    rows = told.prefetch_related("marks__question")
    shown = page(rows, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "partner": partner,
        "scores": results.of_partner(partner, request.user, clock.now()),
        "rows": shown.rows,
        "next_url": f"?after={shown.next}" if shown.next else "",
        "previous_url": f"?before={shown.previous}" if shown.previous else "",
    }
    return pages.shown(request, OF_PARTNER, context)
