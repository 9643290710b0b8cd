"""Settings: the application forms and their questions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lifecycle.recruitment.applications import editing
from lifecycle.recruitment.applications.forms import NewForm, QuestionForm, SetForm
from lifecycle.recruitment.applications.models import ApplicationForm, ApplicationQuestion
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

LIST = "lifecycle/recruitment/applications/forms.html"
ONE = "lifecycle/recruitment/applications/form.html"
QUESTION = "lifecycle/recruitment/applications/question.html"
MAY = "edit application forms"
either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@either
def forms_page(request: PersonRequest) -> HttpResponse:
    """The forms there are, and below them the one to begin."""
    permitted_or_403(request.user, MAY)
    form = NewForm(request.POST or None, initial={"owner": request.user.pk})
    if request.method == "POST" and form.is_valid():
        try:
            made = editing.add(**form.cleaned_data, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error("slug", str(refusal))
        else:
            return pages.done(request, made, _("Now its questions. It stays closed until you open it."))
    context = {
        "application_forms": ApplicationForm.objects.select_related("owner", "programme"),
        "form": form,
    }
    return _shown(request, LIST, context)


@login_required
@either
def form_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One form: how it reads, and its questions."""
    found = _found(request, pk)
    form = SetForm(request.POST or None, initial=_typed(found))
    if request.method == "POST" and form.is_valid():
        try:
            editing.change(found, **form.cleaned_data, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error("slug", str(refusal))
        else:
            return pages.done(request, found, _("Saved."))
    return _shown(request, ONE, _context(found, form))


def _typed(found: ApplicationForm) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ("name", "slug", "intro", "programme", "owner")}


def _context(found: ApplicationForm, form: SetForm) -> dict[str, Any]:
    return {
        "application_form": found,
        "form": form,
        "questions": list(found.questions.all()),
        "targets": {each.value: each.label for each in editing.questions.targets()},
    }


@login_required
@require_POST
def switch(request: PersonRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    opens = request.POST.get("do") == "open"
    says = _("It is open: anybody can apply.") if opens else _("It is closed. What was sent before goes on.")
    return _step(request, found, says, lambda at: editing.switch(found, opens, request.user, at))


@login_required
@require_POST
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    try:
        editing.remove(found, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, found, str(refusal))
    return pages.done(request, "lifecycle:application_forms", _("The form is gone."))


@login_required
@either
def add_question(request: PersonRequest, pk: int) -> HttpResponse:
    return _ask(request, ApplicationQuestion(form=_found(request, pk)))


@login_required
@either
def question(request: PersonRequest, pk: int) -> HttpResponse:
    return _ask(request, _asked(request, pk))


@login_required
@require_POST
def drop_question(request: PersonRequest, pk: int) -> HttpResponse:
    found = _asked(request, pk)
    says = _("It is asked no more. What was answered stays.")
    return _step(request, found.form, says, lambda at: editing.drop(found, request.user, at))


@login_required
@require_POST
def raise_question(request: PersonRequest, pk: int) -> HttpResponse:
    found = _asked(request, pk)
    return _step(request, found.form, _("Moved up."), lambda at: editing.raise_up(found, request.user, at))


def _ask(request: PersonRequest, found: ApplicationQuestion) -> HttpResponse:
    form = QuestionForm(request.POST) if request.method == "POST" else QuestionForm.of(found)
    if request.method == "POST" and form.is_valid():
        try:
            editing.ask(found, **form.typed, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error("choices" if str(refusal).startswith(_("Choices")) else "maps_to", str(refusal))
        else:
            return pages.done(request, found.form, _("The question is kept."))
    return _shown(request, QUESTION, {"application_form": found.form, "question": found, "form": form})


def _step(request: PersonRequest, found: ApplicationForm, says: str, verb: Any) -> HttpResponse:
    try:
        verb(clock.now())
    except Refused as refusal:
        says = str(refusal)
    return pages.done(request, found, says)


def _found(request: PersonRequest, pk: int) -> ApplicationForm:
    permitted_or_403(request.user, MAY)
    found: ApplicationForm = found_or_404(ApplicationForm.objects.select_related("owner", "programme"), pk=pk)
    return found


def _asked(request: PersonRequest, pk: int) -> ApplicationQuestion:
    permitted_or_403(request.user, MAY)
    found: ApplicationQuestion = found_or_404(ApplicationQuestion.objects.select_related("form"), pk=pk)
    return found


def _shown(request: PersonRequest, screen: str, context: dict[str, Any]) -> HttpResponse:
    if request.method == "POST":
        return pages.again(request, screen, context)
    return pages.shown(request, screen, context)
