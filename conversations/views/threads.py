"""A conversation: what was said, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import beside, corrections, drafts, inbox, pressed, reading, threads
from conversations import privacy as read_by
from conversations.forms.threads import HandOverForm, ReasonForm, ResolveForm
from conversations.forms.writing import LaterForm, ReplyForm
from conversations.later import TimeRefused
from conversations.models import Commitment, Conversation, Message
from conversations.views import entries, later, privacy, unsending, writing
from conversations.views.answers import Answered, form_page, undo_of
from conversations.views.clock import the_clock
from conversations.views.writing import Writing, keeps_what_was_typed
from prm import clock, outbox, pages
from prm.access import found_or_404
from prm.questions import Asked
from prm.refusals import Refused
from prm.together import together
from team.models import User
from team.requests import PersonRequest
from team.roles import permitted_or_403


def _writable(request: PersonRequest, pk: int) -> Conversation:
    seen = Conversation.objects.visible_to(request.user).select_related("partner__owner", "responsible")
    conversation = found_or_404(seen, pk=pk)
    permitted_or_403(request.user, "write to partner", conversation.partner)
    return conversation


@login_required
@require_safe
def conversation(request: PersonRequest, pk: int) -> HttpResponse:
    conversation = reading.seen(request.user, pk)
    if conversation is None:
        return privacy.withheld_or_404(request, pk)
    at = clock.now()
    writing.take_up(drafts.reply_in(pk), request)
    with together(_asked(request, conversation, at)):
        here = writing.reply_at(conversation, conversation.newest or 0, request.user, at)
        form = ReplyForm(initial=here.initial)
        if "reply" not in request.GET:
            _read_first(form)
        page = _page(request, conversation, form, here, at)
    return render(request, "conversations/conversation.html", page)


def _asked(request: PersonRequest, conversation: Any, at: datetime) -> Iterator[Asked[Any]]:
    """What the page asks of a conversation, but for itself: one query."""
    yield from reading.asked(conversation, request.GET.get("before", ""))
    yield from beside.asked(conversation, request.user)
    yield drafts.asked_here(conversation.pk, request.user, at)
    if inbox.is_view(view := request.GET.get("in", "")):
        yield from inbox.asked_beside(request.user, view, conversation, at)


def _read_first(form: ReplyForm) -> None:
    """Who opens a conversation reads it first, and walks on by keys; R goes to the words."""
    words = form.fields["body"].widget
    words.attrs.pop("autofocus", None)
    words.attrs["data-key"] = "r"


def _page(
    request: PersonRequest, conversation: Any, form: ReplyForm, here: Writing, at: datetime
) -> dict[str, Any]:
    """What the page of a conversation that `reading` has read shows."""
    page = reading.messages(conversation, request.GET.get("before", ""))
    times = the_clock(conversation, request.user, at)
    return {
        **times,
        **later.beside(conversation, times["wait"], request.user, at),
        **beside.partner_of(conversation, request.user, at),
        **_walk(request, conversation, at),
        "conversation": conversation,
        "partner": conversation.partner,
        "its_people": read_by.named(conversation),
        "wrote_last": next((each.contact for each in page.rows if each.contact and _is_theirs(each)), None),
        "messages_shown": entries.entries(conversation, page.rows[::-1], request.user, at),
        "older_url": _address(request, before=page.older) if page.older else "",
        "newest_url": _address(request) if request.GET.get("before") else "",
        "asks": reading.asks(conversation),
        "form": form,
        "writing": here,
        "reply_url": reverse("conversations:reply", args=[conversation.pk]),
        "where_it_goes": where_it_goes(),
    }


def _is_theirs(message: Message) -> bool:
    return message.direction == Message.Direction.IN


def _address(request: PersonRequest, **more: str) -> str:
    """This page, come to from the same view of the inbox."""
    view = request.GET.get("in", "")
    came_from = {"in": view} if inbox.is_view(view) else {}
    return f"{request.path}?{urlencode({**came_from, **more})}"


def _walk(request: PersonRequest, conversation: Conversation, at: datetime) -> dict[str, Any]:
    """The way on in the view of the inbox one came from; nothing where one came another way."""
    view = request.GET.get("in", "")
    if not inbox.is_view(view):
        return {}
    newer, older = inbox.neighbours(request.user, view, conversation, at)
    name = inbox.VIEWS[view].name
    return {"inbox_url": inbox.address(view), "inbox_name": name, "newer_url": newer, "next_url": older}


def where_it_goes() -> str:
    """What the button does, in words."""
    if outbox.mails_leave():
        return "This goes out as a mail and the partner sees it."
    return "No mail server is set: nothing is sent from here. Record what you answered elsewhere."


@keeps_what_was_typed
@require_POST
def reply(request: PersonRequest, pk: int) -> HttpResponse:
    conversation = _writable(request, pk)
    form, at = reply_form(request), clock.now()
    if form.is_valid():
        send: Callable[..., Answered] = later.put_by if isinstance(form, LaterForm) else answer
        try:
            answered = send(conversation, form, by=request.user, at=at)
        except TimeRefused as refusal:
            form.add_error("goes_out_at", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(request, conversation, answered.says, undo=answered.undo)
    shown = reading.seen(request.user, pk)
    page = _page(request, shown, form, writing.at(drafts.reply_in(pk), request), at)
    return render(request, "conversations/conversation.html", page, status=422)


def reply_form(request: PersonRequest) -> ReplyForm:
    """What was typed: to be sent, or, by the press of an hour, later."""
    kind = LaterForm if "later" in request.POST else ReplyForm
    return kind(request.POST, request.FILES)


@transaction.atomic
def answer(conversation: Conversation, form: ReplyForm, by: User, at: datetime) -> Answered:
    """Send what the valid form says, once."""
    if not form.spend(at):
        return Answered("It was sent already.")
    message = pressed.reply(conversation, form, by, at)
    sent = "Sent" if outbox.mails_leave() else "Recorded"
    says = f"{sent}. {conversation.partner} has its answer."
    promised = any(promise.side == Commitment.Side.OURS for promise in form.promises())
    if form.cleaned_data["holding"] and not promised:
        says = f"{sent} as a holding reply; {conversation.partner} still waits."
    return Answered(says, unsending.undo_of(message))


@login_required
@require_POST
def take_over(request: PersonRequest, pk: int) -> HttpResponse:
    conversation = _writable(request, pk)
    to = pages.next_or(request, conversation.get_absolute_url())
    try:
        event = threads.take_over(conversation, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, to, str(refusal))
    return pages.done(request, to, "It is yours now.", undo=undo_of(event))


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: PersonRequest, pk: int) -> HttpResponse:
    conversation = _writable(request, pk)
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        to, note = form.cleaned_data["to"], form.cleaned_data["note"]
        try:
            event = threads.hand_over(conversation, to=to, by=request.user, at=clock.now(), note=note)
        except Refused as refusal:
            form.add_error("to", str(refusal))
        else:
            says = f"{to} answers now. The clock runs on."
            return pages.done(request, conversation, says, undo=undo_of(event))
    back = conversation.get_absolute_url()
    says = "The due time stays as it is."
    return form_page(request, conversation.partner, form, "Hand over", "Hand over", back, says)


@login_required
@require_http_methods(["GET", "POST"])
def resolve(request: PersonRequest, pk: int) -> HttpResponse:
    conversation = _writable(request, pk)
    form = ResolveForm(request.POST or None)
    back = pages.next_or(request, conversation.get_absolute_url())
    if request.method == "POST" and form.is_valid():
        try:
            why = form.cleaned_data["reason"]
            event = threads.resolve(conversation, by=request.user, at=clock.now(), reason=why)
        except Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            says = f"“{conversation}” is done. A new message of the partner opens it again."
            return pages.done(request, back, says, undo=undo_of(event, back))
    says = "If somebody there still waits, say why no reply is needed."
    return form_page(request, conversation.partner, form, "Mark as done", "Done", back, says)


@login_required
@require_POST
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    conversation = _writable(request, pk)
    to = pages.next_or(request, conversation.get_absolute_url())
    try:
        event = threads.reopen(conversation, by=request.user, at=clock.now())
    except Refused as refusal:
        return pages.done(request, to, str(refusal))
    return pages.done(request, to, f"“{conversation}” is open again.", undo=undo_of(event, to))


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    message = entries.seen(request.user, pk)
    corrections.may_mend_or_403(request.user, message)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            event = corrections.withdraw(
                message, form.cleaned_data["reason"], by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return pages.done(
                request, message.conversation, "Withdrawn; the trace stays.", undo=undo_of(event)
            )
    says = "It counts for nothing any more: a wait it answered opens again with its times. The trace stays."
    back = message.conversation.get_absolute_url()
    return form_page(
        request, message.conversation.partner, form, "Withdraw this entry", "Withdraw", back, says
    )
