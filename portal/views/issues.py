"""The issues between us and a partner: raised here, read, opened again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import seen, words
from portal.door import PartnerRequest, for_contacts
from prm import clock, newest, pages
from prm.access import found_or_404
from prm.refusals import Refused
from reviews.issues import raising, showing
from reviews.issues.forms import AgainForm, RaiseForm
from reviews.issues.models import Issue
from reviews.issues.views.public import opened_again

LIST, SCREEN = "portal/issues.html", "portal/issue.html"
SHOWN = 20


@for_contacts
@require_safe
def issues(request: PartnerRequest) -> HttpResponse:
    return pages.shown(request, LIST, _page(request, RaiseForm()))


@for_contacts
@require_POST
def raise_issue(request: PartnerRequest) -> HttpResponse:
    """They say what is wrong; its promise runs."""
    form, at = RaiseForm(request.POST), clock.now()
    if form.is_valid():
        try:
            made = _raised(request, form, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, reverse("portal:issues", args=[request.token]), _says(made))
    return pages.again(request, LIST, _page(request, form))


@transaction.atomic
def _raised(request: PartnerRequest, form: RaiseForm, at: datetime) -> Issue | None:
    """The issue, once; None where this form was sent before."""
    if not form.spend(at):
        return None
    words.not_too_many(request.contact, at)
    said = {name: form.cleaned_data[name] for name in ("title", "words", "severity")}
    return raising.raise_one(request.partner, by=request.contact, at=at, **said)


def _says(made: Issue | None) -> str:
    if made is None:
        return "We have it."
    due = timezone.localtime(made.wait.due_at)
    return f"We have it, and solve it by {date_format(due, 'l j F, H:i')} ({due:%Z})."


@for_contacts
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: PartnerRequest, pk: int) -> HttpResponse:
    """One of them; solved, it can be opened again for some days."""
    rows = seen.issues(request.contact).select_related("contact", "wait__conversation")
    found: Issue = found_or_404(rows, pk=pk)
    form, at = AgainForm(request.POST or None), clock.now()
    if request.method == "POST" and opened_again(form, found, request.contact, at):
        return pages.done(request, request.path, "It is open again. Thank you for telling us.")
    thread = seen.conversations(request.contact).filter(pk=found.wait.conversation_id)
    context = {
        "token": request.token,
        "partner": request.partner,
        **showing.theirs(found, at),
        "thread": thread.values_list("pk", flat=True).first(),
        "form": form,
    }
    return pages.again(request, SCREEN, context, 422 if form.errors else 200)


def _page(request: PartnerRequest, form: RaiseForm) -> dict[str, Any]:
    rows = seen.issues(request.contact).select_related("wait")
    page = newest.page(rows, request.GET.get("before", ""), "raised_at", SHOWN)
    return {
        "token": request.token,
        "partner": request.partner,
        "issues": page.rows,
        "older_url": f"?before={page.older}" if page.older else "",
        "form": form,
    }
