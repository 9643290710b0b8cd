"""How many partners and certified people are wanted where: set in a matrix of one type, or by a list."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from partners.coverage import lists, wanting
from partners.coverage.matrix import Matrix, types
from partners.forms.coverage import SegmentsForm, WhyForm
from partners.models import PartnerType
from prm import clock, pages, spreadsheets
from prm.listing import key_in
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN, LIST = "partners/coverage/wanted.html", "partners/coverage/list.html"
SET = "set coverage"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wanted(request: PersonRequest) -> HttpResponse:
    """The matrix of one type (`type` in the address; without it, of any)."""
    permitted_or_403(request.user, SET)
    kind = _kind(request.GET)
    if request.method != "POST":
        form = WhyForm(initial={"mark": wanting.mark()})
        return pages.shown(request, SCREEN, _context(kind, Matrix(kind), form))
    matrix, form = Matrix(kind, request.POST), WhyForm(request.POST)
    numbers = matrix.numbers
    if form.is_valid() and not matrix.faults:
        try:
            n = wanting.want(numbers, **form.reason, by=request.user, at=clock.now())
            return pages.done(request, request.get_full_path(), _changed(n))
        except Refused as refusal:
            form.refuse(refusal)
    return pages.again(request, SCREEN, _context(kind, matrix, form))


def _kind(address: QueryDict) -> int | None:
    """The type that the address names; 404 where there is none such."""
    asked = address.get("type", "")
    if not asked:
        return None
    if not PartnerType.objects.filter(pk=key_in(asked)).exists():
        raise Http404
    return key_in(asked)


def _context(kind: int | None, matrix: Matrix, form: WhyForm) -> dict[str, Any]:
    tabs = [("", _("Any type"), kind is None)]
    tabs += [(f"?type={each.pk}", each.name, each.pk == kind) for each in types()]
    return {
        "tabs": tabs,
        "name": next((name for _address, name, is_current in tabs if is_current), ""),
        "address": f"?type={kind}" if kind else "?",
        "verticals": [name for _pk, name in matrix.verticals],
        "rows": matrix.rows(),
        "faults": matrix.faults,
        "form": form,
        "changes": wanting.changes(),
    }


def _changed(n: int) -> str:
    if not n:
        return _("Nothing was changed.")
    return ngettext("{n} segment changed.", "{n} segments changed.", n).format(n=n)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: PersonRequest) -> HttpResponse:
    """A list of segments, pasted or as a file: all of it, or nothing."""
    permitted_or_403(request.user, SET)
    if request.method != "POST":
        return pages.shown(request, LIST, {"form": SegmentsForm(initial={"mark": wanting.mark()})})
    form = SegmentsForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            n = wanting.want(form.numbers, **form.reason, by=request.user, at=clock.now())
            return pages.done(request, "partners:wanted", _changed(n))
        except Refused as refusal:
            form.refuse(refusal)
    return pages.again(request, LIST, {"form": form})


@login_required
@require_safe
def wanted_csv(request: PersonRequest) -> StreamingHttpResponse:
    """What is wanted, as a list that can be handed in again."""
    permitted_or_403(request.user, SET)
    return spreadsheets.download("coverage-wanted.csv", lists.COLUMNS, lists.rows())
