"""One entry of a conversation: corrected, its clock started; and what one may do with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from conversations import copies, corrections, unsending
from conversations.forms.logs import EntryForm
from conversations.forms.threads import ReasonForm
from conversations.mail import folding
from conversations.models import Attachment, Conversation, Message, RawMail, wanted_of
from conversations.views.answers import form_page
from prm import addresses, clock, pages
from prm.access import found_or_404
from prm.models import OutboxItem
from prm.refusals import Refused
from team.models import User
from team.requests import PersonRequest
from team.roles import may, permitted_or_403


@dataclass(frozen=True)
class Pill:
    """What is to be known of a message, in a word or two."""

    words: str
    tone: str = ""
    icon: str = ""
    title: str = ""


@dataclass(frozen=True)
class Act:
    """What this person may do with a message: a page to go to, or something done by a press."""

    words: str
    url: str


@dataclass(frozen=True)
class Entry:
    """A message as the page shows it to one person."""

    message: Message
    pieces: list[folding.Piece]
    files: list[Attachment]
    raw: RawMail | None
    elsewhere: list[Conversation]
    pills: list[Pill]
    links: list[Act]
    presses: list[Act]


def entries(conversation: Conversation, messages: list[Any], user: User, at: datetime) -> list[Entry]:
    """The messages of a page, as `reading` has read them; who wrote an entry, or may change the partner,
    may mend it."""
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
    message: Any,
    elsewhere: list[Conversation],
    mends: bool,
    confirms: bool,
    erases: bool,
    unsends: bool,
) -> Entry:
    stands = message.withdrawn_at is None
    return Entry(
        message,
        _pieces(message) if stands and message.body else [],
        message.files if stands else [],
        message.raw if stands else None,
        elsewhere,
        list(_pills(message)),
        list(_links(message, stands and mends, erases, unsends)),
        list(_presses(message, stands and confirms, unsends)),
    )


def _links(message: Message, mends: bool, erases: bool, unsends: bool) -> Iterator[Act]:
    gone = message.outbox is not None and message.outbox.state == OutboxItem.State.SENT
    if mends and not (message.external_id or message.raw_id):
        yield _act("Correct", "correct", message)
    if mends:
        yield _act("Move", "move_message", message)
    if mends and not gone and not unsends:
        yield _act("Withdraw", "withdraw", message)
    if erases and message.erased_at is None:
        yield _act("Delete", "erase", message)


def _presses(message: Message, confirms: bool, unsends: bool) -> Iterator[Act]:
    if unsends:
        yield _act("Undo sending", "unsend", message)
    if confirms and message.unconfirmed:
        yield _act("Confirm", "confirm", message)
    if message.withdrawn_at is None and message.is_copy and not message.asks:
        yield _act("Start the clock", "start_clock", message)


def _act(words: str, name: str, message: Message) -> Act:
    return Act(words, addresses.of(f"conversations:{name}", message.pk))


def _pills(message: Message) -> Iterator[Pill]:
    if not message.visible_to_partner:
        yield Pill("our team only", icon="lock")
    if message.is_automatic:
        yield Pill("automatic")
    if message.is_holding:
        yield Pill("holding reply")
    if (wanted := wanted_of(message)) is not None:
        yield Pill(f"answer wanted by {wanted.on:%-d %B}", icon="calendar-due")
    if message.clamped:
        yield Pill(
            "time corrected", "warn", title="The sender’s clock was ahead; the time of arrival stands."
        )
    if message.bounced_at:
        yield Pill("did not arrive", "bad", "mail-off")
    elif message.outbox:
        yield _on_its_way(message.outbox)
    if message.erased_at:
        yield Pill(f"deleted by {message.withdrawn_by}: {message.withdrawn_reason}", "warn")
    elif message.withdrawn_at:
        yield Pill(f"withdrawn: {message.withdrawn_reason}", "warn")
    if message.is_copy and not message.asks:
        yield Pill("copied in, no clock runs", icon="copy")
    if message.unconfirmed and not message.withdrawn_at:
        yield _unconfirmed(message)


def _on_its_way(mail: OutboxItem) -> Pill:
    known = {
        "waiting": Pill("being sent"),
        "sent": Pill("sent", "ok"),
        "failed": Pill("could not be sent", "bad"),
    }
    return known.get(mail.state) or Pill(str(mail.get_state_display()))


def _unconfirmed(message: Message) -> Pill:
    if message.declined_at:
        return Pill("late report, not confirmed by a lead")
    return Pill("reply reported, not confirmed", "warn", "clock-question")


def _pieces(message: Message) -> list[folding.Piece]:
    if message.channel == Message.Channel.EMAIL:
        return folding.fold(message.body)
    return [folding.Piece(folding.WORDS, message.body)]


def seen(user: User, pk: int) -> Message:
    """The message, of a conversation this person may see."""
    visible = Message.objects.visible_to(user)
    return found_or_404(visible.select_related("conversation__partner__owner", "author"), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: PersonRequest, pk: int) -> HttpResponse:
    message = seen(request.user, pk)
    corrections.may_mend_or_403(request.user, message)
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
