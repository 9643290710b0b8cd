"""Settings: the reply templates of the company, kept by admins, and one's own."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from conversations import reply_templates
from conversations.models import ReplyTemplate
from conversations.template_form import TemplateForm
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

LIST, ONE = "conversations/reply_templates.html", "conversations/reply_template.html"
SHARED, OWN = "conversations:templates", "conversations:own_templates"
either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@either
def shared(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "edit settings")
    return _list(request, mine=False)


@login_required
@either
def own(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, "write to partner")
    return _list(request, mine=True)


@login_required
@either
def template(request: PersonRequest, pk: int) -> HttpResponse:
    found = _changeable(request, pk)
    form = TemplateForm(request.POST) if request.method == "POST" else TemplateForm.of(found)
    if request.method == "POST" and form.is_valid():
        try:
            reply_templates.change(found, **form.typed, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            return pages.done(request, _list_of(found), f"“{found}” is saved.")
    context = {"template": found, "form": form, "list_url": _list_of(found)}
    if request.method == "POST":
        return pages.again(request, ONE, context)
    return pages.shown(request, ONE, context)


@login_required
@require_POST
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    found = _changeable(request, pk)
    reply_templates.remove(found, by=request.user, at=clock.now())
    return pages.done(request, _list_of(found), f"“{found}” is gone. What was sent with it stays.")


def _changeable(request: PersonRequest, pk: int) -> ReplyTemplate:
    found = found_or_404(ReplyTemplate.objects.visible_to(request.user), pk=pk)
    permitted_or_403(request.user, "edit settings" if found.is_shared else "write to partner")
    return found


def _list_of(template: ReplyTemplate) -> str:
    return SHARED if template.is_shared else OWN


def _list(request: PersonRequest, mine: bool) -> HttpResponse:
    """The list and, below it, the form of a new one."""
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = reply_templates.add(**form.typed, by=request.user, at=clock.now(), mine=mine)
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            return pages.done(request, OWN if mine else SHARED, f"“{added}” can be used now.")
    every = ReplyTemplate.objects
    rows = every.of(request.user) if mine else every.shared()
    context = {"templates": rows, "form": form, "mine": mine}
    if request.method == "POST":
        return pages.again(request, LIST, context)
    return pages.shown(request, LIST, context)
