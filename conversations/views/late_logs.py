"""One reply reported long afterwards, confirmed or not. All of a person at once are on the page of what is
to be decided."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from conversations import late_logs
from conversations.forms.threads import ReasonForm
from conversations.models import Message
from conversations.views import entries
from conversations.views.answers import form_page
from prm import clock, pages
from prm.refusals import Refused
from team.requests import PersonRequest
from team.roles import refusal_words


def _theirs(request: PersonRequest, pk: int) -> Message:
    """The report, where this person may say yes or no to it."""
    message = entries.seen(request.user, pk)
    if message.author is None or not late_logs.may_confirm(request.user, message.author, clock.now()):
        raise PermissionDenied(refusal_words("approve late log"))
    return message


@login_required
@require_POST
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    message = _theirs(request, pk)
    says = "Confirmed: it counts as the answer, and the figure is corrected."
    return entries.step(request, message, says, late_logs.approve)


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: PersonRequest, pk: int) -> HttpResponse:
    message = _theirs(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            late_logs.decline(message, form.cleaned_data["reason"], by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, "conversations:to_decide", "Not confirmed; who reported it is told.")
    says = "The entry stays in the conversation and answers nothing."
    partner, back = message.conversation.partner, message.conversation.get_absolute_url()
    return form_page(request, partner, form, "Do not confirm it", "Not confirmed", back, says)
