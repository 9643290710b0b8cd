"""A person takes back a conversation that its own mailbox brought in: the words go, the fact stays.

Where one of its mails stands with other partners, too (`copies`), it goes there as well.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet

from conversations import copies, private_threads, records, waits
from conversations.mail import keeping
from conversations.mail.reading import Incoming
from conversations.models import Conversation, Mailbox, Message, TakenBack, Wait
from conversations.threads import reference
from partners.models import Event
from prm.refusals import Refused
from team.models import Notice, User
from team.readers import Reader

SUBJECT = "Taken back"


class TakingBackRefused(Refused):
    """The conversation cannot be taken back by this person, or not without a word why."""


def brought_by(user: User | Reader, conversation: Conversation | OuterRef) -> QuerySet[Message]:
    """The messages of a conversation that came from this person's own mailbox, and still have words."""
    came = Message.objects.filter(conversation=conversation, raw__mailbox__person=user.pk)
    return came.filter(erased_at=None)


@transaction.atomic
def take_back(conversation: Conversation, reason: str, by: User, at: datetime) -> Event | None:
    """Delete the words, files and raw mails of what came from `by`'s own mailbox. The waits those mails
    opened are cancelled; later mails of the conversation stay out, as far as they come from there."""
    reason = " ".join(reason.split())[:300]
    held = _held(conversation, by)
    taken = list(brought_by(by, held).select_related("raw__mailbox"))
    if not taken:
        raise TakingBackRefused(
            "Only a conversation that came from your own mailbox can be taken back by you."
        )
    if not reason:
        raise TakingBackRefused("Say why it is taken back.")
    _stay_out(taken)
    for thread, theirs in _by_conversation(copies.of(taken).filter(erased_at=None)):
        if thread.pk != held.pk:  # what is said here is not for who reads the other partner
            _take(thread, theirs, "", by, at)
    return _take(held, taken, reason, by, at)


def _held(conversation: Conversation, by: User) -> Conversation:
    """The conversation, held with the others in which its mails stand."""
    stands = copies.of(brought_by(by, conversation)).values("conversation")
    held = waits.locked(conversation, *Conversation.objects.filter(pk__in=stands))
    return next(each for each in held if each.pk == conversation.pk)


def _by_conversation(messages: QuerySet[Message]) -> list[tuple[Conversation, list[Message]]]:
    found: dict[Conversation, list[Message]] = defaultdict(list)
    for message in messages.select_related("conversation__partner"):
        found[message.conversation].append(message)
    return list(found.items())


def _take(held: Conversation, taken: list[Message], reason: str, by: User, at: datetime) -> Event | None:
    why = f"Taken back by {by}: {reason}"[:300] if reason else f"Taken back by {by}"
    _forget(held, taken, why, by, at)
    _cancel(held, taken, why, by, at)
    records.settle([held], by, at)
    return Event.record("conversation_taken_back", at, by, held.partner, reference(held), note=reason)


def _stay_out(taken: list[Message]) -> None:
    """Later mails that name one of these are not taken in from the mailbox again."""
    raws = [each.raw for each in taken if each.raw is not None]
    rows = [TakenBack(mailbox=each.mailbox, external_id=each.external_id) for each in raws]
    TakenBack.objects.bulk_create(rows, ignore_conflicts=True)


def _forget(held: Conversation, taken: list[Message], why: str, by: User, at: datetime) -> None:
    ids = [message.pk for message in taken]
    opening = held.messages.first()
    Message.objects.filter(pk__in=ids).update(
        erased_at=at,
        withdrawn_at=at,
        withdrawn_by=by,
        withdrawn_reason=why,
        body="",
        subject="",
    )
    keeping.forget(ids)
    Event.objects.filter(about_kind="message", about_id__in=ids).update(changes={}, note="")
    if opening is not None and opening.pk in ids:
        Conversation.objects.filter(pk=held.pk).update(subject=SUBJECT)
    _hush(held)


def _hush(held: Conversation) -> None:
    """What people were told of the conversation says no word of it any more."""
    text = f"A conversation with {held.partner} was taken back"
    told = private_threads.told_of(held)
    Notice.objects.filter(pk__in=[notice.pk for notice in told]).update(text=text, for_others="")
    private_threads.withhold_mails(held, told)


def _cancel(held: Conversation, taken: list[Message], why: str, by: User, at: datetime) -> None:
    opened = Wait.objects.select_for_update(of=("self",), no_key=True).filter(opened_by__in=taken)
    for wait in opened.filter(conversation=held):
        waits.supersede(wait, by, at, why)


def keeps_out(read: Incoming, mailbox: Mailbox | None) -> bool:
    """Whether this mail belongs to what the mailbox's person took back. It is remembered by its id alone,
    so that what answers it stays out, too."""
    if mailbox is None or mailbox.person_id is None:
        return False
    known = TakenBack.objects.filter(mailbox=mailbox, external_id__in=[read.message_id, *read.references])
    if not known.exists():
        return False
    TakenBack.objects.get_or_create(mailbox=mailbox, external_id=read.message_id)
    return True
