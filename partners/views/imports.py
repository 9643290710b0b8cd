"""Importing a list of partners: file, columns, preview, result. All state is in the import itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.forms.imports import MappingForm, UploadForm
from partners.importing import planning
from partners.models import Partner
from prm import clock, importing, pages, spreadsheets, tables
from prm.access import found_or_404
from prm.models import Import, ImportRow
from team.models import User
from team.requests import PersonRequest
from team.roles import STEERING, permitted_or_403

SHOW = "partners/import/show.html#where"
ROWS = 25
OUTCOMES = ImportRow.Outcome


def visible_to(user: User) -> QuerySet[Import]:
    """The imports of partners this person may see: the own ones; heads, operations and admins see all."""
    imports = Import.objects.filter(noun="partners").exclude(state=Import.State.DROPPED)
    return imports.select_related("by", "job").filter(Q() if user.roles & STEERING else Q(by=user))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "import partners")
    if request.method != "POST":
        return pages.shown(request, "partners/import/upload.html", _upload_context(request, UploadForm()))
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file, at = form.cleaned_data["file"], clock.now()
        try:
            imported = importing.receive("partners", file, file.name, request.user, at)
        except tables.Unreadable as refusal:
            form.add_error("file", str(refusal))
        else:
            importing.hurry(imported, at)
            return pages.done(request, to=reverse("partners:imported", args=[imported.pk]))
    return pages.again(request, "partners/import/upload.html", _upload_context(request, form))


def _upload_context(request: PersonRequest, form: UploadForm) -> dict[str, Any]:
    return {"form": form, "imports": visible_to(request.user).defer("columns", "mapping")[:10]}


@login_required
@require_safe
def show(request: PersonRequest, pk: int) -> HttpResponse:
    """Where the import stands: at work, its preview, its result, or why it cannot be read."""
    imported = _found(request, pk)
    return pages.shown(request, SHOW, _show_context(request, imported))


def _found(request: PersonRequest, pk: int) -> Import:
    permitted_or_403(request.user, "import partners")
    rows = (
        visible_to(request.user).select_related("read_as__by").defer("read_as__columns", "read_as__mapping")
    )
    return found_or_404(rows, pk=pk)


def _show_context(request: PersonRequest, imported: Import) -> dict[str, Any]:
    context: dict[str, Any] = {
        "imported": imported,
        "stopped": imported.is_working and imported.job is not None and imported.job.is_over,
    }
    if imported.state in {Import.State.READY, Import.State.DONE} and imported.file:
        context |= _rows_context(request, imported)
    return context


def _rows_context(request: PersonRequest, imported: Import) -> dict[str, Any]:
    """One page of rows of one outcome, by keyset on the row's number."""
    counts = imported.counts
    order = [OUTCOMES.REJECTED, OUTCOMES.NEW, OUTCOMES.CHANGED, OUTCOMES.SAME]
    first = next((outcome for outcome in order if counts.get(outcome)), OUTCOMES.NEW)
    asked = request.GET.get("show", "")
    shown = asked if asked in OUTCOMES.values else str(first)
    after = request.GET.get("after", "")
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
    found = list(imported.rows.filter(outcome=shown, number__gt=number).order_by("number")[: ROWS + 1])
    rows = found[:ROWS]
    partners = Partner.objects.visible_to(request.user).in_bulk({row.target for row in rows if row.target})
    return {
        "show": shown,
        "tabs": [(str(outcome), outcome.label, counts.get(str(outcome), 0)) for outcome in order],
        "rows": [(row, partners.get(row.target or 0), _words(row)) for row in rows],
        "next_url": f"?show={shown}&after={rows[-1].number}" if len(found) > ROWS else "",
        "previous_url": f"?show={shown}" if number else "",
    }


def _words(row: ImportRow) -> str:
    """What a row brings where it is new, else what it changes."""
    if row.outcome == OUTCOMES.NEW:
        return planning.facts_in_words(row.facts)
    return planning.changes_in_words(row.changes)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: PersonRequest, pk: int) -> HttpResponse:
    """What the columns and values mean; the rows are checked again by what is chosen."""
    imported = _found(request, pk)
    if imported.state != Import.State.READY:
        return pages.done(request, to=reverse("partners:imported", args=[imported.pk]))
    form = MappingForm(imported, request.user, request.POST or None)
    if request.method != "POST":
        return pages.shown(request, "partners/import/columns.html", {"imported": imported, "form": form})
    if form.is_valid():
        try:
            importing.remap(imported, form.mapping(), at=clock.now())
            return pages.done(request, to=reverse("partners:imported", args=[imported.pk]))
        except importing.ImportRefused as refusal:
            form.add_error(None, str(refusal))
    return pages.again(request, "partners/import/columns.html", {"imported": imported, "form": form})


def step(take: Callable[[PersonRequest, Import], HttpResponse]) -> Callable[..., HttpResponse]:
    """A press that takes an import a step on; why it cannot be taken is said on its page."""

    @login_required
    @require_POST
    @wraps(take)
    def view(request: PersonRequest, pk: int) -> HttpResponse:
        imported = _found(request, pk)
        try:
            return take(request, imported)
        except importing.ImportRefused as refusal:
            context = _show_context(request, imported) | {"refusal": str(refusal)}
            return pages.again(request, SHOW, context)

    return view


@step
def let_in(request: PersonRequest, imported: Import) -> HttpResponse:
    importing.let_in(imported, at=clock.now(), skip_rejected="skip_rejected" in request.POST)
    return pages.done(request, to=reverse("partners:imported", args=[imported.pk]))


@step
def again(request: PersonRequest, imported: Import) -> HttpResponse:
    """Check an import once more whose job stopped."""
    importing.recheck(imported, at=clock.now())
    return pages.done(request, to=reverse("partners:imported", args=[imported.pk]))


@step
def drop(request: PersonRequest, imported: Import) -> HttpResponse:
    importing.drop(imported, at=clock.now())
    says = _("%(file)s was dropped. Nothing went in.") % {"file": imported.file_name}
    return pages.done(request, to=reverse("partners:import"), says=says)


@login_required
@require_safe
def rejected(request: PersonRequest, pk: int) -> StreamingHttpResponse:
    """The rejected rows as a file: their own cells, then why; mended, it can be imported as it is."""
    imported = _found(request, pk)
    rows = imported.rows.filter(outcome=OUTCOMES.REJECTED).order_by("number")
    header = [column["name"] for column in imported.columns]
    return spreadsheets.download(
        "rejected-rows.csv",
        [*header, _("Row"), _("Why it was rejected")],
        ([*row.cells[: len(header)], row.number, row.reason] for row in rows.iterator(chunk_size=1000)),
    )
