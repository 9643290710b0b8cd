"""Replies for later: written now, sent once by the sweep when their moment has come.

Such a reply is no reply yet: who asked waits until it went out. Where something happened meanwhile that its
writer should know, it is held back: the words are a draft again, and the writer is told why. Whoever holds
one and its conversation holds the reply first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from conversations import (
    drafts,
    holding_back,
    hours,
    messages,
    privacy,
    promise_fields,
    records,
    roster,
    threads,
    waits,
    wanting,
)
from conversations.commitments import Promise
from conversations.mail import keeping
from conversations.models import Conversation, LaterFile, LaterReply, Message
from conversations.records import MessageRefused
from partners.models import Event
from partners.organisations import local_day
from prm import sweeper, uploads
from prm.refusals import Refused
from team import notices
from team.models import User

HELD_BACK = "reply_held_back"
FARTHEST = timedelta(days=90)
RELATED = ("conversation__partner__owner", "conversation__merged_into", "writer", "contact")


class LaterRefused(MessageRefused):
    """The reply cannot wait for its hour like this."""


class TimeRefused(LaterRefused):
    """It cannot go out at that time."""


class Gone(LaterRefused):
    """It went out already, or was taken or held back."""


# --- verbs --------------------------------------------------------------------------------------------


@transaction.atomic
def schedule(
    conversation: Conversation,
    body: str,
    goes_out_at: datetime,
    by: User,
    at: datetime,
    seen: int | None = None,
    holding: bool = False,
    promises: Sequence[Promise] = (),
    files: Sequence[UploadedFile] = (),
    wanted_by: date | None = None,
) -> LaterReply:
    """Let a reply go out at a moment. What could not be sent now is refused now."""
    _within_reach(goes_out_at, at)
    _promised_in_time(promises, goes_out_at, by)
    wanting.must_be_ahead(wanted_by, by, goes_out_at)
    keeping.check(files)
    (held,) = waits.locked(records.standing(conversation))
    contact, _ = messages.ready(held, body, by, seen=seen)
    later = LaterReply.objects.create(
        conversation=held,
        writer=by,
        contact=contact,
        body=records.words(body),
        holding=holding,
        wanted_by=wanted_by,
        promises=[_kept(promise) for promise in promises],
        seen=_newest(held) if seen is None else seen,
        goes_out_at=goes_out_at,
        next_check_at=goes_out_at,
        created_at=at,
    )
    _keep_files(later, files)
    threads.claim(held, by, at)
    _record("reply_scheduled", later, by, at, hours.words(goes_out_at, by.zone))
    return later


@transaction.atomic
def move(later: LaterReply, to: datetime, by: User, at: datetime) -> Event | None:
    """Let it go out at another moment."""
    _must_be_of(by, later)
    _within_reach(to, at)
    _promised_in_time(_promises(later), to, by)
    _take(later, goes_out_at=to, next_check_at=to)
    return _record("reply_rescheduled", later, by, at, hours.words(to, by.zone))


@transaction.atomic
def take_back(later: LaterReply, by: User, at: datetime, undoes: Event | None = None) -> Event | None:
    """Let it not go out: its words are a draft again, its files are gone."""
    _must_be_of(by, later)
    _take(later, next_check_at=None)
    _as_draft(later, by, at)
    return _record("reply_taken_back", later, by, at, undoes=undoes)


@transaction.atomic
def send_now(later: LaterReply, by: User, at: datetime) -> Message:
    """Let it go out now: its writer has the conversation before them."""
    _must_be_of(by, later)
    _take(later, next_check_at=None)
    return _send(later, at)


def sweep(at: datetime) -> int:
    """Send those whose moment has come, or hold them back; how many. Each in a transaction of its own, for
    it holds its conversation and partner, as mail that comes in does."""
    return sweeper.in_batches(LaterReply.objects.select_related(*RELATED), at, _go_out, most=1)


def locked(*conversations: Conversation) -> list[LaterReply]:
    """Hold the replies that wait in these conversations, before the conversations are held."""
    waiting = LaterReply.objects.select_for_update(of=("self",)).filter(conversation__in=conversations)
    return list(waiting.order_by("pk"))


def hold_back(replies: Iterable[LaterReply], why: str, by: User, at: datetime) -> None:
    """These were written for a conversation that is another one now."""
    for later in replies:
        _hold_back(later, why, by, at)


# --- rules --------------------------------------------------------------------------------------------


def _within_reach(goes_out_at: datetime, at: datetime) -> None:
    if goes_out_at <= at:
        raise TimeRefused("That time has passed. Choose a later one, or send it now.")
    if goes_out_at > at + FARTHEST:
        raise TimeRefused(f"That is more than {FARTHEST.days} days ahead. Choose an earlier time.")


def _promised_in_time(promises: Iterable[Promise], goes_out_at: datetime, by: User) -> None:
    day = local_day(goes_out_at, by.zone)
    for promise in promises:
        if promise.promised_for < day:
            raise LaterRefused(
                f"“{promise.text}” is promised for a day before this goes out. Choose a later day for it."
            )


def _must_be_of(writer: User, later: LaterReply) -> None:
    if later.writer_id != writer.pk:
        raise LaterRefused(f"Only {later.writer} can change this. Answer yourself, and it is held back.")


# --- what becomes of it -------------------------------------------------------------------------------


def _go_out(later: LaterReply, at: datetime) -> None:
    waits.locked(records.standing(later.conversation))  # what is said there from now on comes after it
    why = holding_back.why(later) or _sent(later, at)
    if why:
        _hold_back(later, why, "sweep", at)


def _sent(later: LaterReply, at: datetime) -> str:
    """Send it; or why it cannot be sent, and nothing is done."""
    try:
        with transaction.atomic():
            _take(later, next_check_at=None)
            _send(later, at)
    except Refused as refusal:
        return str(refusal)
    return ""


def _send(later: LaterReply, at: datetime) -> Message:
    files = [UploadedFile(each.file, each.name, size=each.file.size) for each in later.files.all()]
    message = messages.reply(
        later.conversation,
        later.body,
        by=later.writer,
        at=at,
        to=later.contact,
        holding=later.holding,
        promises=_promises(later),
        files=files,
        wanted_by=later.wanted_by,
    )
    _forget(later)
    return message


def _hold_back(later: LaterReply, why: str, by: User | str, at: datetime) -> None:
    """The words are a draft of the writer's, or, where that one is gone, of who answers now."""
    _take(later, next_check_at=None)
    conversation, writer = records.standing(later.conversation), later.writer
    whose = writer if writer.is_active else next(iter(roster.answerers(conversation, at)), writer)
    files = " Choose its files again." if later.files.exists() else ""
    _as_draft(later, whose, at)
    of = "Your reply" if whose == writer else f"A reply of {writer}"
    what = f"{of} to {conversation.partner} was not sent: {why} The words are a draft of yours.{files}"
    private = privacy.for_notices(
        conversation, f"A reply in a private conversation with {conversation.partner} was not sent"
    )
    about, url = threads.reference(conversation), drafts.reply_in(conversation.pk).address
    notices.give(whose, HELD_BACK, about, later.goes_out_at, at, what, url, private=private)
    _record("reply_held_back", later, by, at, why)


def _take(later: LaterReply, **columns: Any) -> None:
    """Change it from what was read; whoever comes second finds it gone."""
    as_read = LaterReply.objects.filter(pk=later.pk, next_check_at=later.next_check_at)
    if not as_read.update(**columns):
        raise Gone("It went out already, or somebody changed it just now.")


def _as_draft(later: LaterReply, whose: User, at: datetime) -> None:
    typed = {"body": [later.body], "holding": ["on"] if later.holding else []}
    typed |= {"wanted_by": [later.wanted_by.isoformat()]} if later.wanted_by else {}
    typed |= promise_fields.typed(_promises(later))
    drafts.put_back(drafts.reply_in(records.standing(later.conversation).pk), typed, by=whose, at=at)
    _forget(later)


def _forget(later: LaterReply) -> None:
    """The row and its files are gone, once that is certain."""
    files = [each.file for each in later.files.all()]
    LaterReply.objects.filter(pk=later.pk).delete()

    def delete() -> None:
        for file in files:
            file.storage.delete(file.name or "")

    transaction.on_commit(delete)


def _record(
    kind: str, later: LaterReply, by: User | str, at: datetime, note: str = "", undoes: Event | None = None
) -> Event | None:
    thread = records.standing(later.conversation)
    about, changes = threads.reference(thread), {"later": later.pk}
    return Event.record(kind, at, by, thread.partner, about, changes=changes, note=note, undoes=undoes)


# --- what it carries ----------------------------------------------------------------------------------


def _newest(conversation: Conversation) -> int:
    return conversation.messages.order_by("-pk").values_list("pk", flat=True).first() or 0


def _keep_files(later: LaterReply, files: Sequence[UploadedFile]) -> None:
    for file in files:
        name = uploads.shown_name(file.name or "")
        kept = LaterFile(reply=later, name=name)
        kept.file.save(uploads.stored_name(name), file, save=False)
        kept.save()


def _kept(promise: Promise) -> dict[str, Any]:
    owner = promise.owner.pk if promise.owner else None
    day = promise.promised_for.isoformat()
    return {"text": promise.text, "promised_for": day, "side": promise.side, "owner": owner}


def _promises(later: LaterReply) -> list[Promise]:
    owners = User.objects.in_bulk([each["owner"] for each in later.promises if each["owner"]])
    return [
        Promise(
            each["text"], date.fromisoformat(each["promised_for"]), each["side"], owners.get(each["owner"])
        )
        for each in later.promises
    ]
