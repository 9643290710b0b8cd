"""Send later: the hours one would choose, what waits in a conversation, and what its writer does with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from conversations import drafts, holding_back, hours, later, waits
from conversations.forms.writing import HourForm, LaterForm
from conversations.models import Conversation, LaterReply, Wait
from conversations.views import unsending
from conversations.views.answers import Answered, form_page
from prm import clock, pages
from prm.access import found_or_404
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import permitted_or_403


@dataclass(frozen=True)
class Hour:
    """A moment to send at, as a button shows it."""

    at: datetime
    words: str
    there: str
    is_late: bool


@dataclass(frozen=True)
class Waiting:
    """A reply that goes out later, as the conversation shows it."""

    reply: LaterReply
    words: str
    there: str
    after: str
    stopped_by: str
    is_mine: bool

    @property
    def files(self) -> list[str]:
        return [file.name for file in self.reply.files.all()]


def beside(conversation: Any, wait: Wait | None, user: User, at: datetime) -> dict[str, Any]:
    """What a conversation shows of it; nothing is asked where no reply waits."""
    zone = _zone(conversation, wait, user)
    moments = hours.suggested(at, zone)
    return {
        "hours": [_hour(moment, zone, user, wait) for moment in moments],
        "later_replies": _waiting(conversation, wait, user) if conversation.has_later else [],
    }


def _zone(conversation: Conversation, wait: Wait | None, user: User) -> str:
    """Where who asked is, else the partner; ours where nobody knows."""
    asker = wait.opened_by.contact if wait and wait.opened_by else None
    return (asker.zone if asker else "") or conversation.partner.zone or user.zone


def _hour(at: datetime, zone: str, user: User, wait: Wait | None) -> Hour:
    is_late = wait is not None and at > wait.due_at
    return Hour(at, hours.words(at, user.zone), hours.there(at, zone, user.zone), is_late)


def _waiting(conversation: Conversation, wait: Wait | None, user: User) -> list[Waiting]:
    replies = LaterReply.objects.select_related(*later.RELATED).prefetch_related("files")
    replies = replies.filter(conversation=conversation)
    return [_row(reply, _zone_of(reply, conversation, user), wait, user) for reply in replies]


def _zone_of(reply: LaterReply, conversation: Conversation, user: User) -> str:
    return (reply.contact.zone if reply.contact else "") or conversation.partner.zone or user.zone


def _row(reply: LaterReply, zone: str, wait: Wait | None, user: User) -> Waiting:
    at = reply.goes_out_at
    return Waiting(
        reply,
        hours.words(at, user.zone),
        hours.there(at, zone, user.zone),
        _after(at, wait, user),
        holding_back.why(reply),
        reply.writer_id == user.pk,
    )


def _after(at: datetime, wait: Wait | None, user: User) -> str:
    """The promised time, where a reply would come after it."""
    return hours.words(wait.due_at, user.zone) if wait is not None and at > wait.due_at else ""


@transaction.atomic
def put_by(conversation: Conversation, form: LaterForm, by: User, at: datetime) -> Answered:
    """Let what the valid form says go out later, once."""
    if not form.spend(at):
        return Answered("It waits already.")
    typed = form.cleaned_data
    reply = later.schedule(
        conversation,
        typed["body"],
        form.moment(),
        by=by,
        at=at,
        seen=typed["seen"],
        holding=typed["holding"],
        promises=form.promises(),
        files=typed["attached"],
        wanted_by=typed["wanted_by"],
    )
    drafts.sent(drafts.reply_in(conversation.pk), by)
    return Answered(_says(reply, by))


def _says(reply: LaterReply, user: User) -> str:
    """When it goes out, and whether that is after the promised time."""
    wait = Wait.objects.open().filter(conversation=reply.conversation_id, metric__in=waits.REPLY).first()
    says = f"Goes out {hours.words(reply.goes_out_at, user.zone)}."
    after = _after(reply.goes_out_at, wait, user)
    return f"{says} That is after the promised time, {after}." if after else says


def _found(request: PersonRequest, pk: int) -> LaterReply:
    seen = Conversation.objects.visible_to(request.user)
    replies = LaterReply.objects.select_related(*later.RELATED).filter(conversation__in=seen)
    reply = found_or_404(replies, pk=pk)
    permitted_or_403(request.user, "write to partner", reply.conversation.partner)
    return reply


@login_required
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    reply = _found(request, pk)
    form = HourForm(request.POST or None, initial={"goes_out_at": reply.goes_out_at})
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["goes_out_at"]
        try:
            later.move(reply, to, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error("goes_out_at", str(refusal))
        else:
            reply.goes_out_at = to
            return pages.done(request, reply.conversation, _says(reply, request.user))
    conversation = reply.conversation
    zone = _zone_of(reply, conversation, request.user)
    there = hours.there(reply.goes_out_at, zone, request.user.zone)
    says = f"Goes out {hours.words(reply.goes_out_at, request.user.zone)}" + (
        f" ({there})." if there else "."
    )
    back = conversation.get_absolute_url()
    return form_page(request, conversation.partner, form, "Change the time", "Change the time", back, says)


@login_required
@require_POST
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    reply = _found(request, pk)
    files = " Choose its files again." if reply.files.exists() else ""
    try:
        later.take_back(reply, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, reply.conversation, str(refusal))
    to = drafts.reply_in(reply.conversation_id).address
    return pages.done(request, to, f"Taken back. Your words are here as a draft.{files}")


@login_required
@require_POST
def send_now(request: PersonRequest, pk: int) -> HttpResponse:
    reply = _found(request, pk)
    try:
        message = later.send_now(reply, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, reply.conversation, str(refusal))
    says, undo = f"{reply.conversation.partner} has its answer.", unsending.undo_of(message)
    return pages.done(request, reply.conversation, says, undo=undo)
