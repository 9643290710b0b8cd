"""One issue: raised, its page, and the steps that are taken there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conversations.models import Conversation
from lifecycle.views.asking import Question, answer, partner_to
from partners import history
from prm import clock, pages
from prm.access import found_or_404
from prm.listing import key_in
from reviews.issues import raising, showing, solving
from reviews.issues.forms import AgainForm, EscalateForm, HandForm, OurRaiseForm, RegradeForm, SolveForm
from reviews.issues.models import Issue, IssueQuerySet
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

SCREEN = "reviews/issues/issue.html"
RAISE = Question("Raise an issue", "The partner reads it. Its clock runs from now on.", "Raise it")
HAND = Question("Hand the issue over", "The due time stays as it is.", "Hand over")
ESCALATE = Question("Escalate the issue", "They are told at once; who sees to it stays.", "Escalate")
REGRADE = Question("Grade the issue anew", "Its clock keeps the promise of the other severity.", "Save")
SOLVE = Question(
    "The issue is solved", "Its clock ends. The partner can open it again for some days.", "Solved"
)
AGAIN = Question("Open the issue again", "How it was solved is kept; the promise runs anew.", "Open it again")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def raise_issue(request: PersonRequest, pk: int) -> HttpResponse:
    """With a partner, or in the conversation that the address names."""
    partner = partner_to(request, pk, "write to partner")
    seen = Conversation.objects.visible_to(request.user).filter(partner=partner)
    thread = seen.filter(pk=key_in(request.GET.get("conversation", ""))).first()
    first = {"title": thread.subject if thread else "", "owner": None}
    form = OurRaiseForm(partner, request.POST or None, initial=first)
    made: list[Issue] = []

    def act(asked: dict[str, Any], at: datetime) -> None:
        said = {name: value for name, value in asked.items() if name != "once"}
        made.append(raising.raise_one(partner, by=request.user, at=at, conversation=thread, **said))

    def back() -> str:
        return made[0].get_absolute_url() if made else partner.get_absolute_url()

    return answer(request, partner, RAISE, form, act, _("The issue is raised; its clock runs."), back)


@login_required
@require_safe
def issue(request: PersonRequest, pk: int) -> HttpResponse:
    found, at = seen(request, pk), clock.now()
    context = {
        "issue": found,
        "partner": found.partner,
        "shown": showing.of(found, at),
        "may_solve": may_solve(request, found),
        "events": history.about("issue", found.pk).ask(),
    }
    return pages.shown(request, SCREEN, context)


@login_required
@require_safe
def issue_in(request: PersonRequest, pk: int) -> HttpResponse:
    """The newest issue of a conversation: where its notices and its clock lead."""
    newest = _seen(request).filter(wait__conversation=pk).order_by("-raised_at", "-pk")
    found = newest.values_list("pk", flat=True).first()
    return redirect("reviews:issue", found_or_404(_seen(request), pk=found or 0).pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: PersonRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    permitted_or_403(request.user, "write to partner", found)
    form = HandForm(request.POST or None)

    def act(asked: dict[str, Any], at: datetime) -> None:
        raising.hand_over(found, asked["to"], asked["note"], by=request.user, at=at)

    return _asked(request, found, HAND, form, act, _("It is handed over."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def escalate(request: PersonRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    permitted_or_403(request.user, "write to partner", found)
    form = EscalateForm(request.POST or None, initial={"to": found.owner.lead_id if found.owner else None})

    def act(asked: dict[str, Any], at: datetime) -> None:
        raising.escalate(found, asked["to"], asked["why"], by=request.user, at=at)

    return _asked(request, found, ESCALATE, form, act, _("It is escalated."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def regrade(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_solve(request, pk)
    form = RegradeForm(request.POST or None, initial={"severity": found.severity})

    def act(asked: dict[str, Any], at: datetime) -> None:
        raising.regrade(found, asked["severity"], asked["why"], by=request.user, at=at)

    return _asked(request, found, REGRADE, form, act, _("The severity is changed."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def solve(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_solve(request, pk)
    tell = found.contact if solving.may_be_told(found.contact) else None
    form = SolveForm(found, request.POST or None, initial={"tell": tell})

    def act(asked: dict[str, Any], at: datetime) -> None:
        solving.solve(found, asked["words"], asked["cause"], by=request.user, at=at, tell=asked["tell"])

    return _asked(request, found, SOLVE, form, act, _("The issue is solved."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_again(request: PersonRequest, pk: int) -> HttpResponse:
    found = _to_solve(request, pk)
    form = AgainForm(request.POST or None)

    def act(asked: dict[str, Any], at: datetime) -> None:
        solving.open_again(found, asked["why"], by=request.user, at=at)

    return _asked(request, found, AGAIN, form, act, _("The issue is open again."))


def _asked(
    request: PersonRequest,
    found: Issue,
    question: Question,
    form: forms.Form,
    act: Callable[[dict[str, Any], datetime], None],
    says: str,
) -> HttpResponse:
    return answer(request, found.partner, question, form, act, says, found.get_absolute_url)


def _seen(request: PersonRequest) -> IssueQuerySet:
    return Issue.objects.visible_to(request.user).select_related(*showing.WITH)


def seen(request: PersonRequest, pk: int) -> Issue:
    """The issue, where this person may see it; else 404."""
    return found_or_404(_seen(request), pk=pk)


def may_solve(request: PersonRequest, found: Issue) -> bool:
    """Who sees to it solves it, and whoever may change what concerns its partner."""
    return found.owner == request.user or may(request.user, "solve issue", found)


def _to_solve(request: PersonRequest, pk: int) -> Issue:
    found = seen(request, pk)
    if found.owner != request.user:
        permitted_or_403(request.user, "solve issue", found)
    return found
