"""The pages by which a list of things comes in: file, columns, preview, result. All state is in the import
itself; each app makes the pages of its noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.forms.imports import UploadForm
from prm import clock, importing, pages, spreadsheets, tables
from prm.access import found_or_404
from prm.models import Import, ImportRow
from team.models import User
from team.requests import PersonRequest
from team.roles import STEERING, permitted_or_403

SHOW = "partners/import/show.html#where"
UPLOAD, COLUMNS = "partners/import/upload.html", "partners/import/columns.html"
ROWS = 25
OUTCOMES = ImportRow.Outcome
STEPS = ("columns", "let_in", "again", "drop", "rejected")
either = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Words:
    """What the pages say of the noun, to be translated when it is shown."""

    title: Any
    found_by: Any  # how what stands already is found
    things: Any  # "Partners"
    thing: Any
    see: Any


@dataclass(frozen=True)
class ImportPages:
    """The pages of one noun: `/<at>/`, `/<at>/<pk>/` and its steps. URL names are "import", "imported" and
    "import_<step>", with `prefix` before them."""

    noun: str
    app: str
    at: str
    action: str
    list_name: str
    newest: str  # the address of the newest in the list
    words: Words
    form: Callable[[Import, User, Any], Any]  # what columns and values mean
    found: Callable[[User, set[int]], Mapping[int, Any]]  # the things behind rows
    said: Callable[[ImportRow], str]
    prefix: str = ""

    # --- addresses

    def urls(self) -> list[URLPattern]:
        steps = {"columns": self.columns, "let_in": self.let_in, "again": self.again, "drop": self.drop}
        found = [
            path(f"{self.at}/", self.upload(), name=f"{self.prefix}import"),
            path(f"{self.at}/<int:pk>/", self.show(), name=f"{self.prefix}imported"),
            path(f"{self.at}/<int:pk>/rejected.csv", self.rejected(), name=f"{self.prefix}import_rejected"),
        ]
        names = {"columns": "columns", "let_in": "run", "again": "again", "drop": "drop"}
        return found + [
            path(f"{self.at}/<int:pk>/{names[step]}/", view(), name=f"{self.prefix}import_{step}")
            for step, view in steps.items()
        ]

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"{self.app}:{self.prefix}{name}", args=args)

    def _urls(self, imported: Import | None = None) -> dict[str, str]:
        """The addresses that the templates lead to."""
        urls = {"list": reverse(self.list_name), "upload": self.url("import")}
        urls["newest"] = urls["list"] + self.newest
        if imported is not None:
            urls["imported"] = self.url("imported", imported.pk)
            urls |= {step: self.url(f"import_{step}", imported.pk) for step in STEPS}
        return urls

    # --- pages

    def upload(self) -> Callable[..., HttpResponse]:
        @login_required
        @either
        def upload(request: PersonRequest) -> HttpResponse:
            permitted_or_403(request.user, self.action)
            if request.method != "POST":
                return pages.shown(request, UPLOAD, self._uploading(request, UploadForm()))
            form = UploadForm(request.POST, request.FILES)
            if form.is_valid():
                file, at = form.cleaned_data["file"], clock.now()
                try:
                    imported = importing.receive(self.noun, file, file.name, request.user, at)
                except tables.Unreadable as refusal:
                    form.add_error("file", str(refusal))
                else:
                    importing.hurry(imported, at)
                    return pages.done(request, to=self.url("imported", imported.pk))
            return pages.again(request, UPLOAD, self._uploading(request, form))

        return upload

    def show(self) -> Callable[..., HttpResponse]:
        @login_required
        @require_safe
        def show(request: PersonRequest, pk: int) -> HttpResponse:
            """Where the import stands: at work, its preview, its result, or why it cannot be read."""
            return pages.shown(request, SHOW, self._showing(request, self._of(request, pk)))

        return show

    def columns(self) -> Callable[..., HttpResponse]:
        @login_required
        @either
        def columns(request: PersonRequest, pk: int) -> HttpResponse:
            """What the columns and values mean; the rows are checked again by what is chosen."""
            imported = self._of(request, pk)
            if imported.state != Import.State.READY:
                return pages.done(request, to=self.url("imported", imported.pk))
            form = self.form(imported, request.user, request.POST or None)
            if request.method == "POST" and form.is_valid():
                try:
                    importing.remap(imported, form.mapping(), at=clock.now())
                    return pages.done(request, to=self.url("imported", imported.pk))
                except importing.ImportRefused as refusal:
                    form.add_error(None, str(refusal))
            context = {"imported": imported, "form": form, "at": self._urls(imported), "words": self.words}
            show = pages.again if request.method == "POST" else pages.shown
            return show(request, COLUMNS, context)

        return columns

    def let_in(self) -> Callable[..., HttpResponse]:
        def let_in(request: PersonRequest, imported: Import) -> HttpResponse:
            importing.let_in(imported, at=clock.now(), skip_rejected="skip_rejected" in request.POST)
            return pages.done(request, to=self.url("imported", imported.pk))

        return self._step(let_in)

    def again(self) -> Callable[..., HttpResponse]:
        def again(request: PersonRequest, imported: Import) -> HttpResponse:
            importing.recheck(imported, at=clock.now())
            return pages.done(request, to=self.url("imported", imported.pk))

        return self._step(again)

    def drop(self) -> Callable[..., HttpResponse]:
        def drop(request: PersonRequest, imported: Import) -> HttpResponse:
            importing.drop(imported, at=clock.now())
            says = _("%(file)s was dropped. Nothing went in.") % {"file": imported.file_name}
            return pages.done(request, to=self.url("import"), says=says)

        return self._step(drop)

    def rejected(self) -> Callable[..., StreamingHttpResponse]:
        @login_required
        @require_safe
        def rejected(request: PersonRequest, pk: int) -> StreamingHttpResponse:
            """The rejected rows as a file: their own cells, then why; mended, it can be imported as it is."""
            imported = self._of(request, pk)
            rows = imported.rows.filter(outcome=OUTCOMES.REJECTED).order_by("number")
            header = [column["name"] for column in imported.columns]
            return spreadsheets.download(
                "rejected-rows.csv",
                [*header, _("Row"), _("Why it was rejected")],
                (
                    [*row.cells[: len(header)], row.number, row.reason]
                    for row in rows.iterator(chunk_size=1000)
                ),
            )

        return rejected

    # --- inside

    def visible_to(self, user: User) -> QuerySet[Import]:
        """The imports this person may see: the own ones; heads, operations and admins see all."""
        imports = Import.objects.filter(noun=self.noun).exclude(state=Import.State.DROPPED)
        return imports.select_related("by", "job").filter(Q() if user.roles & STEERING else Q(by=user))

    def _of(self, request: PersonRequest, pk: int) -> Import:
        permitted_or_403(request.user, self.action)
        rows = self.visible_to(request.user).select_related("read_as__by")
        return found_or_404(rows.defer("read_as__columns", "read_as__mapping"), pk=pk)

    def _uploading(self, request: PersonRequest, form: forms.Form) -> dict[str, Any]:
        imports = self.visible_to(request.user).defer("columns", "mapping")[:10]
        earlier = [(each, self.url("imported", each.pk)) for each in imports]
        return {"form": form, "imports": earlier, "at": self._urls(), "words": self.words}

    def _showing(self, request: PersonRequest, imported: Import) -> dict[str, Any]:
        context: dict[str, Any] = {
            "imported": imported,
            "stopped": imported.is_working and imported.job is not None and imported.job.is_over,
            "at": self._urls(imported),
            "words": self.words,
        }
        if imported.state in {Import.State.READY, Import.State.DONE} and imported.file:
            context |= self._rows(request, imported)
        return context

    def _rows(self, request: PersonRequest, imported: Import) -> dict[str, Any]:
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
        things = self.found(request.user, {row.target for row in rows if row.target})
        return {
            "show": shown,
            "tabs": [(str(outcome), outcome.label, counts.get(str(outcome), 0)) for outcome in order],
            "rows": [(row, things.get(row.target or 0), self.said(row)) for row in rows],
            "next_url": f"?show={shown}&after={rows[-1].number}" if len(found) > ROWS else "",
            "previous_url": f"?show={shown}" if number else "",
        }

    def _step(self, take: Callable[[PersonRequest, Import], HttpResponse]) -> Callable[..., HttpResponse]:
        """A press that takes an import a step on; why it cannot be taken is said on its page."""

        @login_required
        @require_POST
        def step(request: PersonRequest, pk: int) -> HttpResponse:
            imported = self._of(request, pk)
            try:
                return take(request, imported)
            except importing.ImportRefused as refusal:
                context = self._showing(request, imported) | {"refusal": str(refusal)}
                return pages.again(request, SHOW, context)

        return step
