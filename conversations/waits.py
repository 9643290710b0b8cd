"""Waits: the clock of a request. `settle` brings a conversation's waits in line with what was said.

Whoever adds or withdraws a message locks its conversation first, then the waits, then the partner;
the sweep locks waits only and leaves those that are held to the next round. A wait keeps the policy
and the office hours it was opened under.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from conversations import clocks, privacy, waiting
from conversations.clocks import Clock
from conversations.models import Conversation, Message, Wait
from partners.models import Contact, Event
from prm.calendars import WorkCalendar
from prm.references import Reference
from prm.refusals import Refused
from team import notices
from team.models import Notice, User

REPLY = [Wait.Metric.FIRST, Wait.Metric.NEXT]
ENDED = [Wait.State.MET, Wait.State.MET_LATE]
LATE = ("wait_breached", "wait_raised", "wait_raised_higher")  # notices
SUPERSEDED = "It is counted from another message."

Actor = User | Contact | str


class WaitRefused(Refused):
    """The wait cannot be changed like this."""


def locked(*conversations: Conversation) -> list[Conversation]:
    """Hold these conversations, in the one order, until the transaction ends."""
    ids = sorted({conversation.pk for conversation in conversations})
    held = Conversation.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    return list(held.select_related("partner__owner", "responsible", "taken_by"))


def reference(wait: Wait) -> Reference:
    return Reference("wait", wait.pk)


# --- waits for a reply: what was said decides ---------------------------------------------------------


def settle(conversation: Conversation, by: Actor, at: datetime) -> None:
    """Bring the waits for a reply in line with what was said. The caller holds the conversation."""
    held = Wait.objects.select_for_update(of=("self",), no_key=True).filter(
        conversation=conversation, metric__in=REPLY, opened_by__isnull=False
    )
    rows = {row.opened_by_id: row for row in held.order_by("pk")}
    items: list[waiting.Said | waiting.Dismissed] = [*said_in(conversation), *dismissals_in(rows.values())]
    _list_copies(conversation, waiting.copied_in(items))
    owed = waiting.replay(items)
    again = waiting.asked_again(owed, items)
    for gone in set(rows) - {each.opener for each in owed}:
        supersede(rows[gone], by, at)
    for each in sorted(owed, key=lambda each: each.is_open):
        row = rows.get(each.opener) or _opened(conversation, each, at)
        if row is not None:
            _bring(row, each, again.get(each.opener), by, at)


def _list_copies(conversation: Conversation, copied_at: datetime | None) -> None:
    """Let it stand under *Copied in*, or no more."""
    if conversation.copied_at != copied_at:
        Conversation.objects.filter(pk=conversation.pk).update(copied_at=copied_at)
        conversation.copied_at = copied_at


def dismissals_in(rows: Iterable[Wait]) -> list[waiting.Dismissed]:
    """What somebody said of these waits: that no reply is needed."""
    return [
        waiting.Dismissed(row.opened_by_id, row.cancelled_at, row.cancelled_reason, row.cancelled_by_id)
        for row in rows
        if row.state == Wait.State.CANCELLED and row.cancelled_at is not None and row.opened_by_id is not None
    ]


def said_in(conversation: Conversation) -> list[waiting.Said]:
    """The conversation's messages, and those elsewhere that answer it, as the rules see them."""
    messages = Message.objects.filter(Q(conversation=conversation) | Q(also_answers=conversation))
    rows = messages.defer("body", "in_reply_to").distinct()
    return [as_said(row, elsewhere=row.conversation_id != conversation.pk) for row in rows]


def as_said(row: Message, elsewhere: bool) -> waiting.Said:
    """A message as the rules see it; `elsewhere`: it stands in another conversation."""
    stands = row.withdrawn_at is None and row.bounced_at is None
    return waiting.Said(
        id=row.pk,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        inbound=row.direction == Message.Direction.IN,
        channel=row.channel,
        shared=row.visible_to_partner,
        human=row.author_id is not None,
        automatic=row.is_automatic,
        holding=row.is_holding,
        copied=row.is_copy,
        asks=row.asks,
        answers=row.answers,
        elsewhere=elsewhere,
        thanks=row.is_thanks,
        counts=stands and not row.unconfirmed,
        reported=stands and row.unconfirmed and row.declined_at is None,
    )


def _opened(conversation: Conversation, owed: waiting.Owed, at: datetime) -> Wait | None:
    """A new wait, not stored yet; None where nothing is promised."""
    channel = Message.objects.values_list("channel", flat=True).get(pk=owed.opener)
    clock = clocks.clock_of(conversation, channel)
    if clock is None:
        return None
    return Wait(
        conversation=conversation,
        partner=conversation.partner,
        responsible_id=conversation.responsible_id,
        opened_by_id=owed.opener,
        metric=owed.metric,
        opened_at=owed.opened_at,
        **clocks.snapshot(clock, owed.metric, owed.opened_at),
    )


def _bring(row: Wait, owed: waiting.Owed, again_at: datetime | None, by: Actor, at: datetime) -> None:
    """Bring one wait to the state it should have, and write down what was corrected."""
    changes = {
        "metric": owed.metric,
        "only_thanks": owed.only_thanks,
        "reply_reported": owed.reported and owed.is_open,
        "asked_again": clocks.is_soon_after(row, owed.answered_at, again_at),
        **_state_for(row, owed, at),
    }
    changes = {name: value for name, value in changes.items() if getattr(row, name) != value}
    if row.pk is None:
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(force_insert=True)
    elif changes:
        write(row, changes)
    if "breached_at" in changes:
        breach_event(row, by, at, note="It was answered late.")
    if changes.get("breach_voided_reason"):
        voided(row, by, at)


def voided(row: Wait, by: Actor, at: datetime) -> None:
    """Record that a breach was corrected, and tell in the digest whoever was told of it."""
    why = row.breach_voided_reason
    Event.record("breach_voided", at, by, row.partner, reference(row), note=why)
    told = Notice.objects.filter(
        cause_kind="wait", cause_id=row.pk, due_at=row.due_at, kind__in=LATE
    ).select_related("person")
    text = f"{row.partner} was answered in time after all: {row.conversation}"
    private = privacy.for_notices(
        row.conversation, f"{row.partner} was answered in time after all, in a private conversation"
    )
    url = row.conversation.get_absolute_url()
    for person in dict.fromkeys(notice.person for notice in told):
        notices.give(person, "breach_voided", reference(row), at, at, text, url, private=private)


def _state_for(row: Wait, owed: waiting.Owed, at: datetime) -> dict[str, Any]:
    if owed.answered_at is not None:
        known = row.state in ENDED and (row.answer_id, row.answered_at) == (owed.answer, owed.answered_at)
        return {} if known else _answered(row, owed, at)
    if owed.dismissed is not None:
        return {
            "state": Wait.State.CANCELLED,
            "cancelled_at": owed.dismissed.at,
            "cancelled_reason": owed.dismissed.reason,
            "cancelled_by_id": owed.dismissed.by,
            "next_check_at": None,
            **_NO_ANSWER,
        }
    return {} if row.pk and row.is_open else _reopened(row)


_NO_ANSWER: dict[str, Any] = {
    "answered_at": None,
    "answered_by_id": None,
    "answer_id": None,
    "elapsed_seconds": None,
    "working_seconds": None,
}
_NOT_CANCELLED: dict[str, Any] = {
    "cancelled_at": None,
    "cancelled_reason": "",
    "cancelled_by_id": None,
    "cleared": False,
}


def _reopened(row: Wait) -> dict[str, Any]:
    """Open again with its original times; what was breached is late again."""
    late = row.breached_at is not None
    return {
        "state": Wait.State.LATE if late else Wait.State.OPEN,
        "breach_voided_reason": "",
        "next_check_at": row.lead_at if late else row.warn_at,
        **_NO_ANSWER,
        **_NOT_CANCELLED,
    }


def _answered(row: Wait, owed: waiting.Owed, at: datetime) -> dict[str, Any]:
    assert owed.answered_at is not None
    answer = Message.objects.only("author_id", "recorded_at", "channel").filter(pk=owed.answer or 0).first()
    return {
        **closing(row, owed.answered_at, at, answer.recorded_at if answer else at),
        "answered_by_id": answer.author_id if answer else None,
        "answer_id": owed.answer,
        **_NOT_CANCELLED,
    }


def closing(row: Wait, answered_at: datetime, at: datetime, recorded_at: datetime) -> dict[str, Any]:
    """What closing writes: the state by the one comparison, the seconds taken less the pauses, the breach
    as it stands."""
    hours, stops = WorkCalendar.from_json(row.calendar), clocks.known_pauses_of(row)
    met = waiting.in_time(answered_at, row.due_at)
    changes: dict[str, Any] = {
        "state": Wait.State.MET if met else Wait.State.MET_LATE,
        "answered_at": answered_at,
        "elapsed_seconds": int(WorkCalendar.always().elapsed(row.opened_at, answered_at, stops)),
        "working_seconds": int(hours.elapsed(row.opened_at, answered_at, stops)),
        "next_check_at": None,
        "breach_voided_reason": "",
    }
    if not met and row.breached_at is None:
        changes |= {"breached_at": row.due_at, "detected_at": at}
    if met and row.breached_at is not None:
        changes["breach_voided_reason"] = row.breach_voided_reason or (
            f"Answered in time, on {answered_at:%d %B %Y at %H:%M} UTC; "
            f"this was recorded on {recorded_at:%d %B %Y at %H:%M} UTC."
        )
    return changes


def supersede(row: Wait, by: Actor, at: datetime, why: str = SUPERSEDED) -> None:
    """The message that opened it counts no more, or an earlier one does: it can never breach."""
    if row.state == Wait.State.CANCELLED:  # already so, or somebody said that it needs no reply
        return
    changes: dict[str, Any] = {
        "state": Wait.State.CANCELLED,
        "cancelled_reason": why,
        "cancelled_at": None,
        "cancelled_by_id": None,
        "next_check_at": None,
        **_NO_ANSWER,
    }
    if row.breached_at is not None:
        changes["breach_voided_reason"] = why
    write(row, changes)
    Event.record("wait_superseded", at, by, row.partner, reference(row), note=why)


def write(row: Wait, changes: dict[str, Any]) -> None:
    """Change the wait from the state it was read in; the row is held, so it is still in it."""
    if not Wait.objects.filter(pk=row.pk, state=row.state).update(**changes):
        raise WaitRefused("Somebody changed this wait just now. Look at it again.")
    for name, value in changes.items():
        setattr(row, name, value)


def breach_event(wait: Wait, by: Actor, at: datetime, note: str = "") -> Event | None:
    """Record the breach, once for each due time; None when it stands recorded."""
    return next(iter(Event.record_all([breach_of(wait, by, at, note)])), None)


def breach_of(wait: Wait, by: Actor, at: datetime, note: str = "") -> Event:
    """The breach as it is recorded, not written yet."""
    changes = {"due_at": wait.due_at.isoformat()}
    about, once = reference(wait), key("breach", wait)
    return Event.drafted("wait_breached", at, by, wait.partner, about, changes, note, once)


def key(step: str, wait: Wait) -> str:
    """What makes a step of the sweep unique: the wait and the due time it speaks of."""
    return f"{step}:{wait.pk}:{wait.due_at.isoformat()}"


# --- requests that only a decision or a resolution closes ---------------------------------------------


@transaction.atomic
def open_request(
    conversation: Conversation, metric: str, opened_at: datetime, at: datetime, clock: Clock | None = None
) -> Wait | None:
    """Open a wait of metric *decision* or *issue*, on a clock of its own or on that of replies; None where
    nothing is promised."""
    if metric in REPLY:
        raise ValueError("waits for a reply open by what the partner says")
    (conversation,) = locked(conversation)
    clock = clock or clocks.clock_of(conversation)
    if clock is None:
        return None
    return Wait.objects.create(
        conversation=conversation,
        partner=conversation.partner,
        responsible_id=conversation.responsible_id,
        metric=metric,
        opened_at=opened_at,
        **clocks.snapshot(clock, metric, opened_at),
    )


@transaction.atomic
def close_request(wait: Wait, answered_at: datetime, by: User, at: datetime) -> Wait:
    """Close a wait of metric *decision* or *issue*: in time when `answered_at` is not after its due time."""
    locked(wait.conversation)
    return close_held(_held(wait), answered_at, by, at)


def close_held(row: Wait, answered_at: datetime, by: User, at: datetime) -> Wait:
    """The same, for a wait that is held."""
    if not row.is_open or row.metric in REPLY:
        raise WaitRefused("This request is closed already.")
    changes = {**closing(row, answered_at, at, at), "answered_by_id": by.pk}
    late_now = "breached_at" in changes
    write(row, changes)
    if late_now:
        breach_event(row, by, at, note="It was answered late.")
    return row


def drop_held(row: Wait, reason: str, by: User | None, at: datetime, as_thanks: bool = False) -> None:
    """What a held wait asks for is asked no more: it counts in no figure."""
    changes = {
        "state": Wait.State.CANCELLED,
        "cancelled_reason": reason,
        "cancelled_at": at,
        "cancelled_by_id": by.pk if by is not None else None,
        "cleared": as_thanks,
        "next_check_at": None,
    }
    write(row, changes)


def _held(wait: Wait) -> Wait:
    return Wait.objects.select_for_update(of=("self",), no_key=True).get(pk=wait.pk)


# --- no reply needed ---------------------------------------------------------------------------------


@transaction.atomic
def cancel(wait: Wait, reason: str, by: User, at: datetime, as_thanks: bool = False) -> Event | None:
    """No reply is needed, and why. The wait leaves the figures and is counted among the exclusions, or
    `as_thanks` apart from them."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise WaitRefused("Say why no reply is needed.")
    locked(wait.conversation)
    row = _held(wait)
    if not row.is_open:
        raise WaitRefused("This one does not wait any more.")
    if row.metric == Wait.Metric.DECISION:
        raise WaitRefused("Only a decision closes this one.")
    if row.metric == Wait.Metric.ISSUE:
        raise WaitRefused("Only the resolution of its issue closes this one.")
    if at < row.opened_at:
        raise WaitRefused("It cannot be put away before it was asked.")
    drop_held(row, reason, by, at, as_thanks)
    if row.metric in REPLY:
        settle(row.conversation, by, at)
    return Event.record("wait_cancelled", at, by, row.partner, reference(row), note=reason)


@transaction.atomic
def reopen(wait: Wait, by: User, at: datetime, undoes: Event | None = None) -> Event | None:
    """A reply is needed after all: the wait runs on with its original times."""
    locked(wait.conversation)
    row = _held(wait)
    if row.metric == Wait.Metric.DECISION or row.state != Wait.State.CANCELLED or row.cancelled_at is None:
        raise WaitRefused("This wait was not put away.")
    changes = {"cancelled_at": None, "cancelled_by_id": None}
    if row.metric in REPLY:
        write(row, changes)
        settle(row.conversation, by, at)
    else:
        write(row, _reopened(row))
    return Event.record("wait_reopened", at, by, row.partner, reference(row), undoes=undoes)
