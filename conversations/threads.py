"""A conversation as a whole: who is responsible for it, and whether it is done."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from conversations import privacy, records, responsibility, waits
from conversations.models import Conversation, Message, Wait
from partners.models import Event
from prm.references import Reference
from prm.refusals import Refused
from team import notices, people
from team.models import Notice, User

GIVEN = "thread_given"
TOLD = 300  # letters of a notice

State = Conversation.State


class ThreadRefused(Refused):
    """The conversation cannot be changed like this."""


@transaction.atomic
def resolve(
    conversation: Conversation, by: User, at: datetime, reason: str = "", undoes: Event | None = None
) -> Event | None:
    """It is done. Where the partner still waits, say with `reason` why no reply is needed."""
    (held,) = waits.locked(conversation)
    if held.state == State.DONE:
        raise ThreadRefused("This conversation is done already.")
    waiting = list(held.waits.open())
    metrics = {wait.metric for wait in waiting}
    if Wait.Metric.DECISION in metrics:
        raise ThreadRefused("A decision is still to be made here. Make it first.")
    if Wait.Metric.ISSUE in metrics:
        raise ThreadRefused("An issue is still open here. Solve it first.")
    if waiting and not reason.strip():
        raise ThreadRefused("They wait for a reply. Answer, or say why no reply is needed.")
    for wait in waiting:
        waits.cancel(wait, reason, by, at)
    return _become(held, State.DONE, "conversation_resolved", by, at, note=reason.strip(), undoes=undoes)


@transaction.atomic
def reopen(conversation: Conversation, by: User, at: datetime, undoes: Event | None = None) -> Event | None:
    """It is not done after all. A wait that was put away stays so."""
    (held,) = waits.locked(conversation)
    if held.state == State.OPEN:
        raise ThreadRefused("This conversation is open already.")
    return _become(held, State.OPEN, "conversation_reopened", by, at, undoes=undoes)


def take_over(conversation: Conversation, by: User, at: datetime) -> Event | None:
    """Make it mine. No due time moves."""
    return hand_over(conversation, to=by, by=by, at=at)


def claim(conversation: Conversation, by: User, at: datetime) -> None:
    """Who writes in one that is nobody's becomes the one responsible. Where it is somebody's, by taking it
    or by assignment, the words count and that one stays responsible: a cover answers, it does not take."""
    if conversation.responsible_id is None:
        hand_over(conversation, to=by, by=by, at=at)


@transaction.atomic
def hand_over(
    conversation: Conversation,
    to: User | None,
    by: User,
    at: datetime,
    undoes: Event | None = None,
    note: str = "",
) -> Event | None:
    """Give it to a colleague, or back to whose it is by assignment (None). No due time moves.

    `note` stands in the thread, for our team only.
    """
    (held,) = waits.locked(conversation)
    if to is not None and not to.is_active:
        raise ThreadRefused(f"{to} is not with us any more.")
    former = held.taken_by
    if former == to:
        raise ThreadRefused(f"It is with {to or held.responsible or 'nobody'} already.")
    Conversation.objects.filter(pk=held.pk).update(taken_by=to)
    conversation.taken_by = to
    responsibility.settle_one(conversation)
    if note.strip():
        _write_note(held, note, by, at)
    if to is not None and to != by:
        _tell(conversation, to, by, at, note)
    return Event.record(
        "conversation_taken",
        at,
        by,
        held.partner,
        reference(held),
        changes={"responsible": [former.pk if former else None, to.pk if to else None]},
        note=str(to or conversation.responsible or "nobody"),
        undoes=undoes,
    )


def _write_note(held: Conversation, note: str, by: User, at: datetime) -> None:
    records.store(
        held,
        at,
        by=by,
        direction=Message.Direction.OUT,
        channel=Message.Channel.NOTE,
        body=note,
        subject=held.subject,
        occurred_at=at,
        author=by,
        visible_to_partner=False,
    )


def _tell(conversation: Conversation, to: User, by: User, at: datetime, note: str = "") -> None:
    what = f"{by} handed you “{conversation}” with {conversation.partner}"
    words = f"{what}: {' '.join(note.split())}" if note.strip() else what
    private = privacy.for_notices(
        conversation, f"{by} handed {to} a private conversation with {conversation.partner}"
    )
    about, url = reference(conversation), conversation.get_absolute_url()
    notices.give(to, GIVEN, about, at, at, words[:TOLD], url, private=private)


def still_theirs(notice: Notice) -> bool:
    """Whether the conversation is with the person, at the time its mail is composed."""
    theirs = Conversation.objects.filter(pk=notice.cause_id)
    return theirs.filter(responsible__in=people.covered_by(notice.person)).exists()


def reference(conversation: Conversation) -> Reference:
    return Reference("conversation", conversation.pk)


def _become(
    held: Conversation,
    state: str,
    kind: str,
    by: User,
    at: datetime,
    note: str = "",
    undoes: Event | None = None,
) -> Event | None:
    closed = {"closed_at": at} if state == State.DONE else {}
    Conversation.objects.filter(pk=held.pk).update(state=state, **closed)
    return Event.record(kind, at, by, held.partner, reference(held), note=note, undoes=undoes)
