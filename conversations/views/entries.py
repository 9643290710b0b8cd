"""One entry of a conversation: corrected, its clock started; and what one may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from conversations import copies, corrections, unsending
from conversations.forms import EntryForm, ReasonForm
from conversations.mail import folding
from conversations.models import Conversation, Message, RawMail
from conversations.views.answers import form_page
from prm import clock, pages
from prm.access import found_or_404
from prm.models import OutboxItem
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import may, permitted_or_403


@dataclass(frozen=True)
class Entry:
    """A message and what this person may do with it."""

    message: Message
    pieces: list[folding.Piece]
    raw: RawMail | None
    elsewhere: list[Conversation]
    may_withdraw: bool
    may_correct: bool
    may_move: bool
    may_confirm: bool
    may_start_clock: bool
    may_erase: bool
    may_unsend: bool


def entries(conversation: Conversation, messages: list[Message], user: User, at: datetime) -> list[Entry]:
    """The messages of a page; who wrote an entry, or may change the partner, may mend it."""
    changes = may(user, "change partner", conversation.partner)
    confirms, erases = may(user, "approve late log"), may(user, "delete message")
    elsewhere = copies.elsewhere(messages, user)
    return [
        _entry(
            message,
            elsewhere.get(message.raw_id or 0, []),
            mends=changes or message.author_id == user.pk,
            confirms=confirms,
            erases=erases,
            unsends=unsending.can_be_unsent(message, user, at),
        )
        for message in messages
    ]


def _entry(
    message: Message,
    elsewhere: list[Conversation],
    mends: bool,
    confirms: bool,
    erases: bool,
    unsends: bool,
) -> Entry:
    stands = message.withdrawn_at is None
    gone = message.outbox is not None and message.outbox.state == OutboxItem.State.SENT
    return Entry(
        message,
        folding.fold(message.body) if message.channel == Message.Channel.EMAIL else _whole(message),
        message.raw,
        elsewhere,
        may_unsend=unsends,
        may_withdraw=stands and mends and not gone and not unsends,
        may_correct=stands and mends and not (message.external_id or message.raw_id),
        may_move=stands and mends,
        may_confirm=stands and confirms and message.unconfirmed,
        may_erase=erases and message.erased_at is None,
        may_start_clock=stands and message.is_copy and not message.asks,
    )


def _whole(message: Message) -> list[folding.Piece]:
    return [folding.Piece(folding.WORDS, message.body)]


def seen(user: User, pk: int) -> Message:
    """The message, of a conversation this person may see."""
    visible = Message.objects.filter(conversation__in=Conversation.objects.visible_to(user))
    return found_or_404(visible.select_related("conversation__partner__owner", "author"), pk=pk)


def may_mend_or_403(user: User, message: Message) -> None:
    """Who wrote it may mend it; for others it is a change of the partner."""
    if message.author_id != user.pk:
        permitted_or_403(user, "change partner", message.conversation.partner)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: PersonRequest, pk: int) -> HttpResponse:
    message = seen(request.user, pk)
    may_mend_or_403(request.user, message)
    form = EntryForm(request.POST or None, message=message)
    if request.method == "POST" and form.is_valid():
        try:
            corrections.correct(message, by=request.user, at=clock.now(), **form.changes())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(
                request, message.conversation, "Corrected; the former entry stays as withdrawn."
            )
    says = "The former entry stays as withdrawn. A wait it answered is counted anew."
    back = message.conversation.get_absolute_url()
    return form_page(
        request, message.conversation.partner, form, "Correct this entry", "Correct it", back, says
    )


@login_required
@require_http_methods(["GET", "POST"])
def erase(request: PersonRequest, pk: int) -> HttpResponse:
    message = seen(request.user, pk)
    permitted_or_403(request.user, "delete message")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            corrections.erase(message, form.cleaned_data["reason"], by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, message.conversation, "Deleted; only its trace stays.")
    says = (
        "Its words are gone for good, for everybody. A wait it answered opens again; who deleted it stays on "
        "record. To correct a mistake, withdraw it instead."
    )
    back = message.conversation.get_absolute_url()
    partner = message.conversation.partner
    return form_page(request, partner, form, "Delete this message", "Delete for good", back, says)


@login_required
@require_POST
def start_clock(request: PersonRequest, pk: int) -> HttpResponse:
    message = seen(request.user, pk)
    permitted_or_403(request.user, "write to partner", message.conversation.partner)
    says = "The clock runs from when it was written."
    return step(request, message, says, corrections.start_clock)


def step(request: PersonRequest, message: Message, says: str, verb: Any) -> HttpResponse:
    """Do one thing to a message and say so; a refusal is said, too."""
    to = pages.next_or(request, message.conversation.get_absolute_url())
    try:
        verb(message, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, to, str(refusal))
    return pages.done(request, to, says)
