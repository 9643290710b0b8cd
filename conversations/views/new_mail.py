"""A mail that begins a conversation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from conversations import drafts, pressed
from conversations.forms.writing import StartForm
from conversations.models import Message
from conversations.views import unsending, writing
from conversations.views.threads import where_it_goes
from conversations.views.writing import keeps_what_was_typed
from partners.models import Partner
from prm import clock, outbox, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import permitted_or_403


@keeps_what_was_typed
@require_http_methods(["GET", "POST"])
def start(request: PersonRequest, pk: int) -> HttpResponse:
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    permitted_or_403(request.user, "write to partner", partner)
    if request.method != "POST":
        here = writing.at(drafts.mail_to(pk), request)
        return _page(request, partner, StartForm(partner=partner, initial=here.initial), here)
    form = StartForm(request.POST, request.FILES, partner=partner)
    if form.is_valid():
        try:
            message = send(partner, form, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _sent(request, partner, message)
    return _page(request, partner, form, writing.at(drafts.mail_to(pk), request), status=422)


def _sent(request: PersonRequest, partner: Partner, message: Message | None) -> HttpResponse:
    if message is None:
        return pages.done(request, partner, "It was sent already.")
    says = "Sent." if outbox.mails_leave() else "Recorded."
    return pages.done(request, message.conversation, says, undo=unsending.undo_of(message))


@transaction.atomic
def send(partner: Partner, form: StartForm, by: User, at: datetime) -> Message | None:
    """Send what the valid form says, once; None where it went out before."""
    if not form.spend(at):
        return None
    return pressed.start(partner, form, by, at)


def _page(
    request: PersonRequest, partner: Partner, form: StartForm, here: writing.Writing, status: int = 200
) -> HttpResponse:
    context = {"partner": partner, "form": form, "writing": here, "where_it_goes": where_it_goes()}
    return render(request, "conversations/new_mail.html", context, status=status)
