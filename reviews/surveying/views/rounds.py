"""The rounds: the list, a new one, one of them before and after it is sent, and whom it asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prm import clock, pages
from prm.access import found_or_404
from prm.paging import Order, page
from prm.refusals import Refused
from reviews.surveying import comments, drawing, results, surveys
from reviews.surveying.forms import PublicAnswerForm, RoundForm
from reviews.surveying.models import Invitation, Survey
from team.models import User
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

ACTION = "run surveys"
LIST, NEW, ONE, ASKED = (f"reviews/surveying/{name}.html" for name in ("surveys", "new", "survey", "asked"))
NEWEST = Order("made_at", descending=True, nullable=False)
MOST = 100  # cells shown of one question
BY = [("", "As a whole"), *Survey.Cut.choices, ("partner", "Partner")]


@login_required
@require_safe
def surveys_page(request: PersonRequest) -> HttpResponse:
    """Every round with its score, interval and response: how it went over time."""
    kind = request.GET.get("kind", "")
    rows = Survey.objects.visible_to(request.user)
    rows = rows.filter(kind=kind) if kind in Survey.Kind.values else rows
    shown = page(rows, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    told = results.headlines(shown.rows, request.user)
    kinds = [("", _("All")), *Survey.Kind.choices]
    context = {
        "rows": [(survey, *told[survey.pk]) for survey in shown.rows],
        "views": [(name, f"?kind={value}", value == kind) for value, name in kinds],
        "next_url": f"?kind={kind}&after={shown.next}" if shown.next else "",
        "previous_url": f"?kind={kind}&before={shown.previous}" if shown.previous else "",
        "may_run": may(request.user, ACTION),
        "waiting": comments.waiting(request.user)[:100].count(),
    }
    return pages.shown(request, LIST, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    permitted_or_403(request.user, ACTION)
    form, at = RoundForm(request.POST or None), clock.now()
    if request.method == "POST" and form.is_valid():
        try:
            made = _made(form, request.user, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, made or "reviews:surveys", _("Look whom it asks, then send it."))
    show = pages.again if form.is_bound else pages.shown
    return show(request, NEW, {"form": form})


@transaction.atomic
def _made(form: RoundForm, by: User, at: datetime) -> Survey | None:
    return surveys.make(form.outline, by, at) if form.spend(at) else None


@login_required
@require_safe
def survey(request: PersonRequest, pk: int) -> HttpResponse:
    return pages.shown(request, ONE, _context(request, _seen(request, pk)))


@login_required
@require_POST
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Send it, close it, or throw it away: `do` says which."""
    permitted_or_403(request.user, ACTION)
    found, at, do = _seen(request, pk), clock.now(), request.POST.get("do", "")
    says, back = "", found.get_absolute_url()
    try:
        if do == "send":
            says = _("{n} people are asked.").format(n=surveys.draw(found, request.user, at))
        elif do == "close":
            surveys.close(found, request.user, at)
            says = _("It takes no more answers.")
        elif do == "remove":
            surveys.remove(found, request.user, at)
            return pages.done(request, "reviews:surveys", _("It is gone."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return pages.done(request, back, says)


@login_required
@require_POST
def answer_all(request: PersonRequest, pk: int) -> HttpResponse:
    """Say something to all who were asked."""
    permitted_or_403(request.user, ACTION)
    found, form, at = _seen(request, pk), PublicAnswerForm(request.POST), clock.now()
    if form.is_valid():
        try:
            _said(found, form, request.user, at)
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            return pages.done(request, found, _("It stands on the page of everybody who was asked."))
    return pages.again(request, ONE, _context(request, found, form))


@transaction.atomic
def _said(found: Survey, form: PublicAnswerForm, by: User, at: datetime) -> None:
    if form.spend(at):
        surveys.answer_all(found, form.cleaned_data["words"], by, at)


@login_required
@require_safe
def asked(request: PersonRequest, pk: int) -> HttpResponse:
    """Whom it asked, and who was left out and why. Of a confidential one nobody sees who has answered."""
    found, ground = _seen(request, pk), request.GET.get("left_out", "")
    rows = _invitations(request, found).filter(left_out=ground if ground in Invitation.LeftOut.values else "")
    order = Order("drawn_at", nullable=False)
    shown = page(rows, order, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "survey": found,
        "rows": shown.rows,
        "grounds": _grounds(request, found, ground),
        "next_url": f"?left_out={ground}&after={shown.next}" if shown.next else "",
        "previous_url": f"?left_out={ground}&before={shown.previous}" if shown.previous else "",
    }
    return pages.shown(request, ASKED, context)


def _invitations(request: PersonRequest, found: Survey) -> Any:
    """Those at partners one reads."""
    rows = Invitation.objects.filter(survey=found).select_related("contact", "partner", "answer")
    return rows.filter(results.seen(request.user, ""))


def _grounds(request: PersonRequest, found: Survey, ground: str) -> list[tuple[str, int, str, bool]]:
    rows = _invitations(request, found).order_by().values_list("left_out").annotate(n=Count("pk"))
    counted = dict(rows)
    labels = [("", _("Asked")), *Invitation.LeftOut.choices]
    return [
        (str(label), counted[value], f"?left_out={value}", value == ground)
        for value, label in labels
        if value in counted
    ]


def _seen(request: PersonRequest, pk: int) -> Survey:
    return found_or_404(Survey.objects.visible_to(request.user).select_related("made_by"), pk=pk)


def _context(request: PersonRequest, found: Survey, form: PublicAnswerForm | None = None) -> dict[str, Any]:
    user, by = request.user, request.GET.get("by", "")
    context: dict[str, Any] = {
        "survey": found,
        "questions": list(found.questions.all()),
        "may_run": may(user, ACTION),
        "form": form or PublicAnswerForm(),
    }
    if found.is_draft:
        counted = drawing.preview(found, found.made_by, clock.now())
        labels = dict(Invitation.LeftOut.choices)
        grounds = [(labels[ground], n) for ground, n in sorted(counted.items()) if ground]
        return context | {"would_ask": counted.get("", 0), "would_leave_out": grounds}
    lines = results.lines(found, user, by, most=MOST)
    return context | {
        "response": results.response([found])[found.pk],
        "why_not": results.why_not(found),
        "lines": lines,
        "breakdowns": []
        if found.is_confidential
        else [(name, f"?by={value}" if value else "?", value == by) for value, name in BY],
        "by": by,
        "comments": comments.of_confidential(found) if found.is_confidential else [],
        "words": comments.words_of(found) if found.is_confidential else [],
        "public_answers": list(found.public_answers.select_related("by")),
    }
