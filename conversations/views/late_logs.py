"""Replies reported long afterwards, to be confirmed or not: one item for each person who reported."""

from __future__ import annotations

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import late_logs
from conversations.forms import ReasonForm
from conversations.models import Conversation, Message
from conversations.views import entries
from conversations.views.answers import form_page
from partners.models import Partner
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import permitted_or_403

SHOWN = 200


def _seen(user: User) -> QuerySet[Message]:
    """The undecided reports about partners this person sees. Of a private conversation it is told that
    somebody reports a reply, to confirm it, and no word."""
    private = Conversation.objects.withheld_from(user).filter(pk=OuterRef("conversation"))
    seen = late_logs.undecided().filter(partner__in=Partner.objects.visible_to(user))
    return seen.annotate(is_private=Exists(private))


@login_required
@require_safe
def late_logs_page(request: PersonRequest) -> HttpResponse:
    """Whose reports wait, the longest waiting first."""
    permitted_or_403(request.user, "approve late log")
    shown = _seen(request.user).select_related("author", "partner", "conversation")[:SHOWN]
    oldest_first: dict[int | None, int] = {}
    for place, message in enumerate(shown):
        oldest_first.setdefault(message.author_id, place)
    ordered = sorted(shown, key=lambda message: oldest_first[message.author_id])
    people = [(who, list(theirs)) for who, theirs in groupby(ordered, key=lambda message: message.author)]
    return pages.shown(request, "conversations/late_logs.html", {"people": people})


@login_required
@require_POST
def confirm_all(request: PersonRequest, pk: int) -> HttpResponse:
    """Confirm every report of one person that is shown."""
    permitted_or_403(request.user, "approve late log")
    who = found_or_404(User.objects.all(), pk=pk)
    ticked = [value for value in request.POST.getlist("report") if value.isdecimal() and len(value) < 16]
    theirs = _seen(request.user).filter(author=who, pk__in=ticked[:SHOWN])
    count = late_logs.approve_all(theirs, by=request.user, at=clock.now())
    says = f"Confirmed: {count} of {who}. The figures are corrected." if count else "Nothing was ticked."
    return pages.done(request, "conversations:late_logs", says)


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: PersonRequest, pk: int) -> HttpResponse:
    message = entries.seen(request.user, pk)
    permitted_or_403(request.user, "approve late log")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            late_logs.decline(message, form.cleaned_data["reason"], by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, "conversations:late_logs", "Not confirmed; who reported it is told.")
    says = "The entry stays in the conversation and answers nothing."
    partner, back = message.conversation.partner, message.conversation.get_absolute_url()
    return form_page(request, partner, form, "Do not confirm it", "Not confirmed", back, says)
