"""What was filed in the wrong place: conversations merged or given to another partner, messages moved."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from conversations import corrections, moving
from conversations.forms.belonging import IntoForm
from conversations.models import Conversation
from conversations.views import entries
from conversations.views.answers import form_page, undo_of
from partners.models import Partner
from prm import clock, pages, search
from prm.access import found_or_404
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import permitted_or_403

CHOICES = 10


def _changeable(request: PersonRequest, pk: int) -> Conversation:
    related = ("partner__owner", "responsible")
    conversation = found_or_404(Conversation.objects.visible_to(request.user).select_related(*related), pk=pk)
    permitted_or_403(request.user, "change partner", conversation.partner)
    return conversation


@login_required
@require_http_methods(["GET", "POST"])
def merge(request: PersonRequest, pk: int) -> HttpResponse:
    conversation = _changeable(request, pk)
    form = IntoForm(request.POST or None, conversation=conversation, user=request.user)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        try:
            event = moving.merge(conversation, into, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error("into", str(refusal))
        else:
            return pages.done(request, into, f"Merged into “{into}”.", undo=undo_of(event))
    says = "All that was said here stands there then. Of two open clocks the earlier one runs on."
    back = conversation.get_absolute_url()
    heading = f"Merge “{conversation}” into"
    return form_page(request, conversation.partner, form, heading, "Merge", back, says)


@login_required
@require_http_methods(["GET", "POST"])
def move(request: PersonRequest, pk: int) -> HttpResponse:
    message = entries.seen(request.user, pk)
    corrections.may_mend_or_403(request.user, message)
    form = IntoForm(request.POST or None, conversation=message.conversation, user=request.user, alone=True)
    if request.method == "POST" and form.is_valid():
        try:
            event = moving.move(message, form.cleaned_data["into"], by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error("into", str(refusal))
        else:
            message.refresh_from_db()
            return pages.done(
                request, message.conversation, "The message stands here now.", undo=undo_of(event)
            )
    says = "A clock that this message started goes along and keeps its times."
    back = message.conversation.get_absolute_url()
    return form_page(request, message.conversation.partner, form, "Move this message to", "Move", back, says)


@login_required
@require_http_methods(["GET", "POST"])
def give(request: PersonRequest, pk: int) -> HttpResponse:
    """Search for the other partner, choose it, press."""
    conversation = _changeable(request, pk)
    seen = Partner.objects.visible_to(request.user).exclude(pk=conversation.partner_id)
    refusal, q = "", request.GET.get("q", "").strip()
    if request.method == "POST":
        wanted = request.POST.get("to", "")
        to = seen.filter(pk=wanted if wanted.isdecimal() and len(wanted) < 16 else 0).first()
        try:
            if to is None:
                raise moving.MoveRefused("Choose the partner it belongs to.")
            event = moving.give(conversation, to, by=request.user, at=clock.now())
            return pages.done(request, conversation, f"It stands with {to} now.", undo=undo_of(event))
        except Refused as refused:
            refusal = str(refused)
    found = seen.filter(search_key__contains=search.fold(q)).order_by("sort_name", "pk") if q else seen.none()
    context = {
        "conversation": conversation,
        "partner": conversation.partner,
        "choices": found[:CHOICES],
        "q": q,
        "refusal": refusal,
    }
    answer = pages.again if refusal else pages.shown
    return answer(request, "conversations/give.html", context)
