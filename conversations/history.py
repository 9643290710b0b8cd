"""How the events of conversations read, and what their Undo is. Words follow the actor's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from conversations import (
    belonging,
    commitments,
    corrections,
    later,
    moving,
    pauses,
    private_threads,
    thanks,
    threads,
    waits,
)
from conversations.meetings import settling
from conversations.models import (
    Ask,
    Commitment,
    Conversation,
    LaterReply,
    Meeting,
    Message,
    Wait,
    hidden_from,
)
from partners import history
from partners.history import Inverse, UndoRefused
from partners.models import Event
from team.models import User
from team.readers import Reader

TALK, PROMISES, DECISIONS, RECORD = "conversations", "promises", "decisions", "record"
MESSAGES = "messages"  # events that stand beside a message, which the timeline shows already


@dataclass(frozen=True)
class Kind:
    name: str
    words: Callable[[Event], str]
    icon: str = "message"
    group: str = TALK
    undo: Inverse | None = None


def _says(text: str) -> Callable[[Event], str]:
    return lambda event: text


def _noted(text: str) -> Callable[[Event], str]:
    return lambda event: f"{text}: {event.note}" if event.note else text


def _given(event: Event) -> str:
    return f"handed the conversation over to {event.note}"


def _closed(event: Event) -> str:
    only = f": only {event.note} read it from then on" if event.note else ""
    return f"made a conversation private{only}"


def _done(event: Event | None) -> Event:
    if event is None:
        raise UndoRefused("This step was taken back already.")
    return event


def _message(event: Event) -> Message:
    return Message.objects.get(pk=event.about_id or 0)


def _unlog(event: Event, by: User, at: datetime) -> Event:
    return _done(corrections.withdraw(_message(event), "Undone", by, at, undoes=event))


def _restore(event: Event, by: User, at: datetime) -> Event:
    return _done(corrections.restore(_message(event), by, at, undoes=event))


def _wait_again(event: Event, by: User, at: datetime) -> Event:
    return _done(waits.reopen(Wait.objects.get(pk=event.about_id or 0), by, at, undoes=event))


def _thank_again(event: Event, by: User, at: datetime) -> Event:
    return _done(thanks.bring_back(event, by, at))


def _run_on(event: Event, by: User, at: datetime) -> Event:
    if event.undoes_id:
        raise UndoRefused("Let it run on instead.")
    return _done(pauses.take_back(event, by, at))


def _stand_still(event: Event, by: User, at: datetime) -> Event:
    if "ends" not in event.changes:
        raise UndoRefused("Pause it again instead.")
    return _done(pauses.put_back(event, by, at))


def _hand_back(event: Event, by: User, at: datetime) -> Event:
    conversation = _thread(event)
    former, latter = event.changes["responsible"]
    if conversation.taken_by_id != latter:
        raise UndoRefused("Somebody else took it meanwhile.")
    to = User.objects.get(pk=former) if former else None
    return _done(threads.hand_over(conversation, to, by, at, undoes=event))


def _belong_again(event: Event, by: User, at: datetime) -> Event:
    return _done(belonging.belong_again(event, by, at))


def _unmerge(event: Event, by: User, at: datetime) -> Event:
    return _done(moving.unmerge(event, by, at))


def _move_back(event: Event, by: User, at: datetime) -> Event:
    return _done(moving.move_back(event, by, at))


def _give_back(event: Event, by: User, at: datetime) -> Event:
    return _done(moving.give_back(event, by, at))


def _take_back(event: Event, by: User, at: datetime) -> Event:
    waiting = LaterReply.objects.select_related(*later.RELATED).filter(pk=event.changes["later"]).first()
    if waiting is None:
        raise UndoRefused("It went out already, or was taken or held back.")
    return _done(later.take_back(waiting, by, at, undoes=event))


def _ask_again(event: Event, by: User, at: datetime) -> Event:
    meeting = Meeting.objects.get(pk=event.about_id or 0)
    return _done(settling.ask_again(meeting, by, at, undoes=event))


def _thread(event: Event) -> Conversation:
    return Conversation.objects.get(pk=event.about_id or 0)


def _share(event: Event, by: User, at: datetime) -> Event:
    return _done(private_threads.share(_thread(event), by, at, undoes=event))


def _close_again(event: Event, by: User, at: datetime) -> Event:
    return _done(private_threads.make_private(_thread(event), by, at, undoes=event))


def _unresolve(event: Event, by: User, at: datetime) -> Event:
    return _done(threads.reopen(_thread(event), by, at, undoes=event))


def _resolve_again(event: Event, by: User, at: datetime) -> Event:
    return _done(threads.resolve(_thread(event), by, at, undoes=event))


KINDS = [
    Kind("message_logged", _says("logged it"), "notes", MESSAGES, _unlog),
    Kind("chat_pasted", _noted("pasted a chat"), "message"),
    Kind("message_withdrawn", _noted("withdrew an entry"), "eraser", TALK, _restore),
    Kind("message_restored", _says("brought an entry back"), "restore"),
    Kind("message_corrected", _says("corrected an entry"), "pencil"),
    Kind("mail_filed", _noted("filed a mail of an unknown sender"), "mail-check"),
    Kind("message_unsent", _noted("took back before it left"), "arrow-back-up"),
    Kind("reply_scheduled", _noted("wrote a reply that goes out later"), "clock", TALK, _take_back),
    Kind("reply_rescheduled", _noted("gave a reply another hour"), "clock"),
    Kind("reply_taken_back", _says("took back a reply for later"), "arrow-back-up"),
    Kind("reply_held_back", _noted("held back a reply for later"), "clock-pause"),
    Kind("message_bounced", _says("could not deliver a reply"), "mail-off"),
    Kind("message_erased", _noted("deleted a message"), "trash"),
    Kind("late_log_declined", _noted("did not confirm a reply reported late"), "x"),
    Kind("late_log_approved", _says("confirmed a reply reported late"), "check"),
    Kind("clock_started", _says("started the clock of a message"), "clock-play"),
    Kind("wait_warned", _says("warned that a reply is due soon"), "clock"),
    Kind("wait_breached", _says("found a reply late"), "alert-triangle"),
    Kind("wait_raised", _says("told the lead that a reply is late"), "arrow-up"),
    Kind("wait_raised_higher", _says("told the heads that a reply is late"), "arrow-up"),
    Kind("breach_voided", _noted("corrected a late reply"), "check"),
    Kind("wait_cancelled", _noted("marked that no reply is needed"), "circle-minus", TALK, _wait_again),
    Kind("thanks_cleared", _noted("put away"), "heart", TALK, _thank_again),
    Kind("thanks_brought_back", _noted("brought back"), "heart"),
    Kind("wait_reopened", _says("asked for a reply after all"), "clock-play"),
    Kind("wait_superseded", _says("counted a wait from another message"), "clock"),
    Kind("recompute", _noted("moved a due time"), "calendar"),
    Kind("wait_paused", _noted("paused a clock"), "player-pause", TALK, _run_on),
    Kind("absence_began", _noted("stopped a clock for an absence"), "player-pause"),
    Kind("absence_ended", _noted("let a clock run on after an absence"), "player-play"),
    Kind("wait_resumed", _says("let a paused clock run on"), "player-play", TALK, _stand_still),
    Kind(
        "conversation_taken", lambda event: f"gave the conversation to {event.note}", "user", TALK, _hand_back
    ),
    Kind("conversation_belongs", _noted("said what a conversation is about"), "tag", TALK, _belong_again),
    Kind("conversation_resolved", _noted("closed the conversation"), "check", TALK, _unresolve),
    Kind("conversation_reopened", _says("opened the conversation again"), "message", TALK, _resolve_again),
    Kind("conversation_made_private", _closed, "lock", TALK, _share),
    Kind(
        "conversation_shared",
        _says("shared a private conversation with everybody who reads the partner"),
        "lock-open",
        TALK,
        _close_again,
    ),
    Kind("conversation_taken_back", _noted("took a conversation back"), "eraser"),
    Kind("conversation_merged", _noted("merged conversations"), "arrows-join", TALK, _unmerge),
    Kind("conversation_unmerged", _noted("took conversations apart again"), "arrows-split"),
    Kind("message_moved", _noted("moved a message to a conversation"), "arrow-right", TALK, _move_back),
    Kind("conversation_given", _noted("moved a conversation"), "arrow-right", TALK, _give_back),
    Kind("conversation_arrived", _noted("moved a conversation here"), "arrow-right"),
    Kind(
        "meeting_not_held", _noted("said that a meeting did not take place"), "calendar-off", TALK, _ask_again
    ),
    Kind("meeting_asked_again", _noted("took back that a meeting did not take place"), "arrow-back-up"),
    Kind("promise_made", _noted("noted a promise"), "flag", PROMISES, commitments.undo_made),
    Kind("promise_kept", _noted("marked a promise as done"), "flag-check", PROMISES, commitments.undo),
    Kind("promise_moved", _noted("moved a promise"), "calendar", PROMISES, commitments.undo),
    Kind("promise_broken", _noted("marked a promise as broken"), "flag-off", PROMISES, commitments.undo),
    Kind("promise_withdrawn", _noted("withdrew a promise"), "eraser", PROMISES, commitments.undo),
    Kind("promise_corrected", _noted("corrected a promise"), "pencil", PROMISES, commitments.undo),
    Kind("promise_overdue", _noted("found a promise overdue"), "alert-triangle", PROMISES),
    Kind("promise_undone", _noted("took back a step of a promise"), "arrow-back-up", PROMISES),
    Kind("ask_made", _noted("asked a colleague"), "message-question"),
    Kind("ask_answered", _noted("answered"), "message-check"),
    Kind("ask_withdrawn", _noted("took back what was asked"), "eraser"),
    Kind("ask_overdue", _noted("found no answer of a colleague"), "alert-triangle"),
    Kind("decision_asked", _says("asked for a decision"), "gavel", DECISIONS),
    Kind("decision_made", _says("decided"), "gavel", DECISIONS),
    Kind("decision_withdrawn", _noted("took back what was to be decided"), "eraser", DECISIONS),
    Kind("decision_kind_changed", _noted("changed how it is decided"), "settings", RECORD),
    Kind("template_added", _noted("added a reply template"), "template", RECORD),
    Kind("template_changed", _noted("changed a reply template"), "template", RECORD),
    Kind("template_removed", _noted("removed a reply template"), "template", RECORD),
    Kind("policy_added", _noted("added a response policy"), "settings", RECORD),
    Kind("policy_changed", _noted("changed a response policy"), "settings", RECORD),
    Kind("policy_switched_on", _noted("switched a policy on"), "settings", RECORD),
    Kind("policy_switched_off", _noted("switched a policy off"), "settings", RECORD),
]


HIDDEN: dict[str, Callable[[User | Reader], QuerySet[Any]]] = {
    "conversation": lambda who: Conversation.objects.filter(hidden_from(who, "pk")),
    "message": lambda who: Message.objects.filter(hidden_from(who, "conversation")),
    "wait": lambda who: Wait.objects.filter(hidden_from(who, "conversation")),
    "ask": lambda who: Ask.objects.filter(hidden_from(who, "conversation")),
    "commitment": lambda who: Commitment.objects.hidden_from(who),
}


def register() -> None:
    """Tell the one history about these kinds."""
    for kind in KINDS:
        history.register(kind.name, kind.words, kind.icon, kind.group, kind.undo)
    for about, rows in HIDDEN.items():
        history.hide(about, rows)
