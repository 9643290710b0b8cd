"""A reply or a mail taken back before it has left: as if it had never been sent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from conversations import drafts, outgoing, promise_fields, records, threads
from conversations.commitments import Promise
from conversations.drafts import Place
from conversations.mail import keeping
from conversations.models import Commitment, Conversation, Message, Wait
from conversations.records import MessageRefused
from partners.models import Event
from prm.models import OutboxItem
from team.models import Notice, User

LEFT = "It has left already and cannot be taken back. Write again instead."


class TooLate(MessageRefused):
    """It has left, or its time is over."""


@transaction.atomic
def unsend(message: Message, by: User, at: datetime) -> Place:
    """Take back what `by` sent less than ten seconds ago: the wait runs on as if never answered, a promise
    made in it is gone, and what was typed stands as a draft in the place that is returned."""
    held, (conversation, *_) = _hold(message)
    _still_here(held, by, at)
    alone = not conversation.messages.exclude(pk=held.pk).exists()
    place, typed = _as_typed(held, alone, by)
    _forget_promises(held)
    _unanswer(held, conversation, by, at)
    _delete(held)
    if alone:
        conversation.delete()
    else:
        records.settle_anew([conversation], by, at)
    records.touch_anew(held.partner, held.contact)
    drafts.put_back(place, typed, by, at)
    about = None if alone else threads.reference(conversation)
    Event.record("message_unsent", at, by, held.partner, about, note=held.subject)
    return place


def can_be_unsent(message: Message, by: User, at: datetime) -> bool:
    """Whether its author could take it back now."""
    ours = message.direction == Message.Direction.OUT and message.channel == Message.Channel.EMAIL
    here = message.withdrawn_at is None and message.author_id == by.pk
    waits = message.outbox is None or (
        message.outbox.state == OutboxItem.State.WAITING and not message.outbox.attempts
    )
    return ours and here and waits and at <= message.recorded_at + outgoing.UNDO_FOR


def _hold(message: Message) -> tuple[Message, list[Conversation]]:
    try:
        return records.hold(message)
    except Message.DoesNotExist:
        raise TooLate("It was taken back already.")


def _still_here(held: Message, by: User, at: datetime) -> None:
    """Refuse what is not mine, was written down as sent elsewhere, is too long ago or has left; what is
    still here cannot leave any more."""
    if held.author_id != by.pk:
        raise MessageRefused(f"Only {held.author or 'who wrote it'} can take this back.")
    if records.logged_as(held) or held.withdrawn_at is not None:
        raise MessageRefused("This is no reply that could be taken back. Withdraw it instead.")
    if at > held.recorded_at + outgoing.UNDO_FOR:
        raise TooLate("Ten seconds are over: it cannot be taken back any more. Write again instead.")
    here = OutboxItem.objects.filter(pk=held.outbox_id or 0, state=OutboxItem.State.WAITING, attempts=0)
    if held.outbox_id and not here.update(state=OutboxItem.State.DROPPED, next_check_at=None):
        raise TooLate(LEFT)


def _as_typed(held: Message, alone: bool, by: User) -> tuple[Place, dict[str, list[str]]]:
    """Where it was written and what stood in the form, its files left out."""
    typed = {"body": [held.body], "holding": ["on"] if held.is_holding else []}
    if alone:
        typed |= {"subject": [held.subject], "contact": [str(held.contact_id or "")]}
        return drafts.mail_to(held.partner_id), typed
    made = Commitment.objects.filter(made_in=held).select_related("owner").order_by("pk")
    return drafts.reply_in(held.conversation_id), typed | promise_fields.typed(
        [Promise(each.text, each.promised_for, each.side, _other(each.owner, by)) for each in made]
    )


def _other(owner: User | None, by: User) -> User | None:
    """The owner as the form names it: nobody where it is who writes."""
    return None if owner == by else owner


def _forget_promises(held: Message) -> None:
    """What was promised in it was never said: no row, no history, no notice."""
    promises = list(Commitment.objects.filter(made_in=held).values_list("pk", flat=True))
    Event.objects.filter(about_kind="commitment", about_id__in=promises).delete()
    Notice.objects.filter(cause_kind="commitment", cause_id__in=promises).delete()
    Commitment.objects.filter(pk__in=promises).delete()


def _unanswer(held: Message, conversation: Conversation, by: User, at: datetime) -> None:
    """The waits it answered run on. A breach that only its coming found is left for the sweep to find."""
    found = Wait.objects.filter(answer=held, detected_at=held.recorded_at)
    late = list(found.values_list("pk", flat=True))
    records.change(held, withdrawn_at=at)
    records.settle([conversation], by, at)
    Wait.objects.open().filter(pk__in=late).update(
        state=Wait.State.OPEN, breached_at=None, detected_at=None, next_check_at=F("warn_at")
    )
    seen = {"kind": "wait_breached", "about_kind": "wait", "about_id__in": late, "at": held.recorded_at}
    Event.objects.filter(**seen).delete()


def _delete(held: Message) -> None:
    keeping.forget([held.pk])
    Message.objects.filter(pk=held.pk).delete()
    OutboxItem.objects.filter(pk=held.outbox_id or 0).delete()
