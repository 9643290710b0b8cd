"""Who reads a conversation: made private, shared again, taken back; and what heads know of private ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import copies, private_threads, taking_back
from conversations.forms.threads import ReasonForm
from conversations.models import Conversation, Message, Wait
from conversations.views.answers import form_page, undo_of
from partners.models import Partner
from prm import clock, newest, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import may, permitted_or_403

KNOW = "know of private conversations"
TAKEN_BACK = (
    "The words of its mails that came from your mailbox, their files and the mails themselves are deleted "
    "for good, for everybody; what they asked waits no more. That they were there, when and with whom stays "
    "on record. What went to people of other partners, too, goes there as well. Later mails of this "
    "conversation stay out of here, as far as they come from your mailbox."
)


def _writable(request: PersonRequest, pk: int) -> Conversation:
    seen = Conversation.objects.visible_to(request.user).select_related("partner", "responsible")
    conversation = found_or_404(seen, pk=pk)
    permitted_or_403(request.user, "write to partner", conversation.partner)
    return conversation


@login_required
@require_POST
def make_private(request: PersonRequest, pk: int) -> HttpResponse:
    conversation = _writable(request, pk)
    try:
        event = private_threads.make_private(conversation, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, conversation, str(refusal))
    says = f"Only its people read it now{_and_the_others(conversation)}."
    return pages.done(request, conversation, says, undo=undo_of(event))


@login_required
@require_POST
def share(request: PersonRequest, pk: int) -> HttpResponse:
    conversation = _writable(request, pk)
    try:
        event = private_threads.share(conversation, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, conversation, str(refusal))
    says = f"Everybody who reads {conversation.partner} reads it again{_and_the_others(conversation)}."
    return pages.done(request, conversation, says, undo=undo_of(event))


def _and_the_others(conversation: Conversation) -> str:
    shared = len(copies.together(conversation)) > 1
    return "; so it is with those at other partners who got the same mail" if shared else ""


@login_required
@require_http_methods(["GET", "POST"])
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    conversation = _writable(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            taking_back.take_back(conversation, form.cleaned_data["reason"], by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, conversation.partner, "Taken back; only its trace stays.")
    back = conversation.get_absolute_url()
    return form_page(
        request, conversation.partner, form, "Take this conversation back", "Take back", back, TAKEN_BACK
    )


# --- what heads know ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """What is told of a private conversation: not its subject, no word of it."""

    since: datetime
    last: datetime | None
    wait: Wait | None
    ours: list[str]
    theirs: list[str]


@login_required
@require_safe
def private(request: PersonRequest, pk: int) -> HttpResponse:
    """The conversations with a partner that are private to others: that they are there, when, with whom."""
    partner = found_or_404(Partner.objects.visible_to(request.user), pk=pk)
    permitted_or_403(request.user, KNOW, partner)
    withheld = _withheld(request.user).filter(partner=partner)
    page = newest.page(withheld, request.GET.get("before", ""), "created_at")
    context = {"partner": partner, "page": page, "rows": _known(page.rows)}
    return pages.shown(request, "conversations/private.html", context)


def withheld_or_404(request: PersonRequest, pk: int) -> HttpResponse:
    """What a head reads in the place of a conversation that is private to others."""
    conversation = found_or_404(_withheld(request.user), pk=pk)
    if not may(request.user, KNOW, conversation.partner):
        raise Http404
    (known,) = _known([conversation])
    context = {"partner": conversation.partner, "row": known}
    return pages.shown(request, "conversations/withheld.html", context)


def _withheld(user: User) -> QuerySet[Conversation]:
    rows = Conversation.objects.withheld_from(user).filter(merged_into=None).defer("subject")
    related = rows.select_related("partner", "responsible")
    return related.prefetch_related("people", Prefetch("waits", Wait.objects.open()))


def _known(rows: Sequence[Conversation]) -> list[Known]:
    """The facts of these conversations; two queries, however many there are."""
    said = Message.objects.filter(conversation__in=rows).order_by()
    ours, theirs = defaultdict(set), defaultdict(set)
    for name, email, pk in said.values_list("author__name", "author__email", "conversation").distinct():
        ours[pk].add(name or email)
    for name, email, pk in said.values_list("contact__name", "contact__email", "conversation").distinct():
        theirs[pk].add(name or email)
    return [
        Known(
            since=each.created_at,
            last=each.last_message_at,
            wait=next(iter(each.waits.all()), None),
            ours=_sorted({*ours[each.pk], *map(str, each.people.all()), str(each.responsible or "")}),
            theirs=_sorted(theirs[each.pk]),
        )
        for each in rows
    ]


def _sorted(names: Iterable[str | None]) -> list[str]:
    return sorted(name for name in names if name)
