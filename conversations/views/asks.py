"""Asks: made from what they hold up, read on a page, answered under their address."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import asks
from conversations.forms.promises import AnswerAskForm, AskForm
from conversations.models import Ask, Commitment, Wait
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

SCREEN = "conversations/ask_form.html"
ANSWER = "conversations/answer_ask.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_wait(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for what an answer to a partner waits for."""
    seen = Wait.objects.visible_to(request.user).select_related("partner", "conversation")
    wait = found_or_404(seen, pk=pk)
    return _make(request, wait, back=wait.conversation.get_absolute_url())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_promise(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for what a promise waits for."""
    seen = Commitment.objects.visible_to(request.user).select_related("partner", "made_in__conversation")
    promise = found_or_404(seen, pk=pk)
    return _make(request, promise, back=reverse("conversations:promise", args=[pk]))


def _make(request: PersonRequest, about: asks.Thing, back: str) -> HttpResponse:
    permitted_or_403(request.user, "write to partner", about.partner)
    form, at = AskForm(request.POST or None), clock.now()
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            with transaction.atomic():
                if form.spend(at):
                    asks.make(
                        about,
                        typed["name"],
                        typed["email"],
                        typed["question"],
                        typed["wanted_by"],
                        by=request.user,
                        at=at,
                    )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, back, f"{typed['name']} is asked. The partner's clock runs on.")
    context = {"form": form, "partner": about.partner, "about": about, "back": back}
    answer = pages.again if form.is_bound else pages.shown
    return answer(request, SCREEN, context)


@login_required
@require_safe
def ask(request: PersonRequest, pk: int) -> HttpResponse:
    """One ask: what was asked, whether it was answered, and what it holds up."""
    related = ("partner", "asked_by", "conversation")
    found = found_or_404(Ask.objects.visible_to(request.user).select_related(*related), pk=pk)
    return pages.shown(request, "conversations/ask.html", {"ask": found, "partner": found.partner})


@login_required
@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    found = found_or_404(Ask.objects.visible_to(request.user).select_related("partner"), pk=pk)
    permitted_or_403(request.user, "write to partner", found.partner)
    try:
        asks.withdraw(found, by=request.user, at=clock.now())
        says = f"{found.name} need not answer any more."
    except Refused as refusal:
        says = str(refusal)
    return pages.done(request, found, says)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_ask(request: HttpRequest, token: str) -> HttpResponse:
    """Where the colleague answers, without an account. Looking records nothing."""
    found = asks.behind(token)
    if found is None:
        raise Http404
    if reason := asks.why_closed(found):
        return pages.again(request, ANSWER, {"ask": found, "reason": reason}, status=410)
    form = AnswerAskForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            asks.answer(found, form.cleaned_data["answer"], at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.shown(request, ANSWER, {"ask": found, "thanks": True})
    answer = pages.again if form.is_bound else pages.shown
    return answer(request, ANSWER, {"ask": found, "form": form})
