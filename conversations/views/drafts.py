"""Drafts: kept while somebody types, thrown away, brought back."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from conversations import drafts
from conversations.drafts import Place
from conversations.models import Conversation, Draft
from conversations.views import writing
from partners.models import Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

LINE = "conversations/draft_line.html"


@login_required
@require_POST
def keep_reply(request: PersonRequest, pk: int) -> HttpResponse:
    seen = Conversation.objects.visible_to(request.user).select_related("partner__owner")
    conversation = found_or_404(seen, pk=pk)
    permitted_or_403(request.user, "write to partner", conversation.partner)
    return _keep(request, drafts.reply_in(conversation.pk))


@login_required
@require_POST
def keep_mail(request: PersonRequest, pk: int) -> HttpResponse:
    return _keep(request, drafts.mail_to(_partner(request, pk).pk))


@login_required
@require_POST
def keep_log(request: PersonRequest, pk: int) -> HttpResponse:
    return _keep(request, drafts.log_of(_partner(request, pk).pk))


@login_required
@require_POST
def keep_log_of_nobody(request: PersonRequest) -> HttpResponse:
    return _keep(request, drafts.log_of(None))


def _partner(request: PersonRequest, pk: int) -> Partner:
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    permitted_or_403(request.user, "write to partner", partner)
    return partner


def _keep(request: PersonRequest, place: Place) -> HttpResponse:
    """Keep what was typed. A script is told what stands there by now, a press leads back to the form. A page
    that somebody else had open in this browser, and left, keeps nothing."""
    if request.headers.get("X-Writer", str(request.user.pk)) != str(request.user.pk):
        return HttpResponse("Somebody else is signed in now.", status=409)
    words = writing.typed(request.POST, place.kind)
    try:
        draft = drafts.keep(place, words, by=request.user, at=clock.now(), once=writing.once_of(request.POST))
        says = "Kept as a draft. Only you see it." if draft else ""
    except drafts.SentAlready as refusal:
        if pages.is_htmx(request):
            return HttpResponse(status=204)
        draft, says = None, str(refusal)
    except Refused as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    if pages.is_htmx(request):
        return render(request, LINE, {"draft": draft, "back": pages.next_or(request, "")})
    return pages.done(request, pages.next_or(request, place.address), says)


@login_required
@require_safe
def writing_now(request: PersonRequest, pk: int) -> HttpResponse:
    """Asked again and again by a page that is open: who else writes there, what was answered since."""
    conversation = found_or_404(Conversation.objects.visible_to(request.user), pk=pk)
    given = request.GET.get("seen", "")
    seen = int(given) if given.isdecimal() and len(given) < 16 else None
    now = writing.since(seen, conversation, request.user, clock.now())
    return render(request, "conversations/writing_now.html", {"now": now})


@login_required
@require_POST
def throw_away(request: PersonRequest, pk: int) -> HttpResponse:
    draft = found_or_404(Draft.objects.of(request.user), pk=pk)
    drafts.throw_away(draft, at=clock.now())
    to = pages.next_or(request, drafts.place_of(draft).address)
    undo = reverse("conversations:bring_draft_back", args=[draft.pk])
    return pages.done(request, to, "Draft thrown away.", undo=undo)


@login_required
@require_POST
def bring_back(request: PersonRequest, pk: int) -> HttpResponse:
    draft = found_or_404(Draft.objects.of(request.user), pk=pk)
    try:
        drafts.bring_back(draft)
    except Refused as refusal:
        return pages.done(request, drafts.place_of(draft).address, str(refusal))
    return pages.done(request, drafts.place_of(draft).address, "Your draft is back.")
