"""What was filed in the wrong place: conversations merged, given to another partner, messages moved.

Waits go along with the message that opened them and keep their times. Of two that were open the
earlier one stays, the other can never breach; `settle` then makes the rest of what was said.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from conversations import copies, drafts, later, records, responsibility, waits
from conversations.models import Ask, Commitment, Conversation, Message, Wait
from conversations.threads import reference
from partners.models import Contact, Event, Partner
from prm.refusals import Refused
from team.models import User

State = Conversation.State


class MoveRefused(Refused):
    """It cannot go there."""


# --- merging ------------------------------------------------------------------------------------------


@transaction.atomic
def merge(conversation: Conversation, into: Conversation, by: User, at: datetime) -> Event | None:
    """Let what was said in a conversation stand in another one of the same partner."""
    written = later.locked(conversation, into)
    gone, kept = _two(conversation, into)
    if gone.partner_id != kept.partner_id:
        raise MoveRefused(f"“{kept}” is with another partner.")
    changes = {
        "into": kept.pk,
        "state": gone.state,
        "messages": list(gone.messages.values_list("pk", flat=True)),
        "asks": list(Ask.objects.filter(conversation=gone).values_list("pk", flat=True)),
        "requests": list(gone.waits.exclude(metric__in=waits.REPLY).values_list("pk", flat=True)),
    }
    kept.people.add(*gone.people.all())
    _carry(gone.messages.all(), gone, kept, by, at)
    gone.waits.exclude(metric__in=waits.REPLY).update(conversation=kept, responsible=kept.responsible)
    Ask.objects.filter(conversation=gone).update(conversation=kept)
    changes |= _answers_follow(gone, kept)
    changes["doubles"] = copies.set_aside(kept, by, at)
    drafts.follow(gone, kept)
    Conversation.objects.filter(Q(pk=gone.pk) | Q(merged_into=gone)).update(merged_into=kept)
    Conversation.objects.filter(pk=gone.pk).update(state=State.DONE)
    records.settle_anew([kept], by, at)
    later.hold_back(written, f"“{gone}” was merged into “{kept}”.", by, at)
    about = reference(gone)
    return Event.record(
        "conversation_merged", at, by, kept.partner, about, changes=changes, note=f"“{gone}” into “{kept}”"
    )


@transaction.atomic
def unmerge(event: Event, by: User, at: datetime) -> Event | None:
    """The Undo of a merge: what was said before stands apart again, what was said since stays."""
    gone = Conversation.objects.get(pk=event.about_id or 0)
    kept = Conversation.objects.get(pk=event.changes["into"])
    written = later.locked(kept)
    if gone.merged_into_id != kept.pk:
        raise MoveRefused("It was merged further since. Take that back first.")
    held = {each.pk: each for each in waits.locked(gone, kept)}
    gone, kept = held[gone.pk], held[kept.pk]
    Conversation.objects.filter(pk=gone.pk).update(merged_into=None, state=event.changes["state"])
    _carry(Message.objects.filter(pk__in=event.changes["messages"], conversation=kept), kept, gone, by, at)
    Wait.objects.filter(pk__in=event.changes["requests"]).update(
        conversation=gone, responsible=gone.responsible
    )
    Ask.objects.filter(pk__in=event.changes["asks"]).update(conversation=gone)
    for message in Message.objects.filter(pk__in=event.changes["elsewhere"]):
        message.also_answers.remove(kept)
        message.also_answers.add(gone)
    for message in Message.objects.filter(pk__in=event.changes["own"]):
        message.also_answers.add(gone)
    Message.objects.filter(pk__in=event.changes["ticked"]).update(answers=False)
    doubles = Message.objects.filter(pk__in=event.changes.get("doubles", []), erased_at=None)
    doubles.update(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
    records.settle_anew([gone, kept], by, at)
    later.hold_back(written, f"“{gone}” stands apart from “{kept}” again.", by, at)
    return Event.record(
        "conversation_unmerged", at, by, kept.partner, reference(gone), note=f"“{gone}”", undoes=event
    )


def _two(conversation: Conversation, into: Conversation) -> tuple[Conversation, Conversation]:
    """Both held; refused where they are one, or one of them is merged already."""
    if conversation.pk == into.pk:
        raise MoveRefused("That is the same conversation.")
    held = {each.pk: each for each in waits.locked(conversation, into)}
    if any(each.merged_into_id is not None for each in held.values()):
        raise MoveRefused("One of them is merged already.")
    if held[conversation.pk].is_private != held[into.pk].is_private:
        raise MoveRefused("One of them is private. Make both private, or share both, then try again.")
    return held[conversation.pk], held[into.pk]


def _carry(
    messages: QuerySet[Message], source: Conversation, target: Conversation, by: User, at: datetime
) -> None:
    """Put messages, and the waits they opened, from one held conversation into another."""
    moved = Wait.objects.filter(conversation=source, opened_by__in=messages, metric__in=waits.REPLY)
    here = moved.open().first()
    there = target.waits.open().filter(metric__in=waits.REPLY).first()
    if here is not None and there is not None:
        later = max(here, there, key=lambda wait: (wait.opened_at, wait.pk))
        waits.supersede(later, by, at, f"It is counted in “{target}”, from an earlier message."[:300])
    moved.update(conversation=target, responsible=target.responsible)
    messages.update(conversation=target)


def _answers_follow(gone: Conversation, kept: Conversation) -> dict[str, list[int]]:
    """What answered the merged conversation from elsewhere answers the kept one; what stands in it
    does so by itself. Which messages those were."""
    elsewhere, own, ticked = [], [], []
    for message in list(Message.objects.filter(also_answers=gone)):
        message.also_answers.remove(gone)
        if message.conversation_id != kept.pk:
            message.also_answers.add(kept)
            elsewhere.append(message.pk)
            continue
        own.append(message.pk)
        if not message.answers:
            ticked.append(message.pk)
    Message.objects.filter(pk__in=ticked).update(answers=True)
    return {"elsewhere": elsewhere, "own": own, "ticked": ticked}


# --- one message to another conversation ---------------------------------------------------------------


@transaction.atomic
def move(
    message: Message, to: Conversation | None, by: User, at: datetime, undoes: Event | None = None
) -> Event | None:
    """Let a message stand in another conversation of its partner; without one, in one of its own."""
    source = message.conversation
    target = to or _of_its_own(message, at)
    written = later.locked(source, target)
    source, target = _two(source, target)
    if source.partner_id != target.partner_id:
        raise MoveRefused(f"“{target}” is with another partner.")
    moved = Message.objects.select_for_update(of=("self",)).filter(pk=message.pk, conversation=source)
    if not moved.exists():
        raise MoveRefused("Somebody moved it just now.")
    if message.withdrawn_at is not None:
        raise MoveRefused("This entry was withdrawn.")
    if message.raw_id and target.messages.filter(raw=message.raw_id).exists():
        raise MoveRefused(f"{copies.SAME}.")
    _carry(Message.objects.filter(pk=message.pk), source, target, by, at)
    if not source.messages.exists():
        Conversation.objects.filter(pk=source.pk).update(merged_into=target)
    if message.also_answers.filter(pk=target.pk).exists():
        message.also_answers.remove(target)
        Message.objects.filter(pk=message.pk).update(answers=True)
    records.settle_anew([source, target], by, at)
    later.hold_back(written, f"A message was moved from “{source}” to “{target}”.", by, at)
    return Event.record(
        "message_moved",
        at,
        by,
        source.partner,
        records.reference(message),
        changes={"conversation": [source.pk, target.pk]},
        note=f"“{target}”",
        undoes=undoes,
    )


def _of_its_own(message: Message, at: datetime) -> Conversation:
    """A new conversation for the message, as private as the one it comes from."""
    source = message.conversation
    made = records.new_thread(source.partner, message.subject or source.subject, at)
    if source.is_private:
        Conversation.objects.filter(pk=made.pk).update(private_since=source.private_since)
        made.private_since = source.private_since
    made.people.add(*source.people.all())
    return made


@transaction.atomic
def move_back(event: Event, by: User, at: datetime) -> Event | None:
    """The Undo of moving a message."""
    former, latter = event.changes["conversation"]
    message = Message.objects.select_related("conversation__partner").get(pk=event.about_id or 0)
    if message.conversation_id != latter:
        raise MoveRefused("It was moved on since.")
    Conversation.objects.filter(pk=former, merged_into=latter).update(merged_into=None)
    return move(message, Conversation.objects.get(pk=former), by, at, undoes=event)


# --- a conversation to another partner -----------------------------------------------------------------


@transaction.atomic
def give(
    conversation: Conversation, to: Partner, by: User, at: datetime, undoes: Event | None = None
) -> Event | None:
    """Let a conversation stand with another partner: its messages, waits and promises go along.

    No due time moves. People are found again there by their address. Refused while a decision is open.
    """
    written = later.locked(conversation)
    (held,) = waits.locked(conversation)
    former = held.partner
    if to.pk == former.pk or held.merged_into_id is not None or to.merged_into_id is not None:
        raise MoveRefused("Choose another partner.")
    if held.waits.filter(metric=Wait.Metric.ISSUE).exists():
        raise MoveRefused("An issue was raised here: it stays with its partner. Move its messages.")
    if held.waits.open().exclude(metric__in=waits.REPLY).exists():
        raise MoveRefused("A decision is still to be made here. Make it first.")
    threads = Conversation.objects.filter(Q(pk=held.pk) | Q(merged_into=held))
    messages = Message.objects.filter(conversation__in=threads)
    people = _people_there(messages, to)
    promises = Commitment.objects.filter(made_in__in=messages)
    promises.update(partner=to, contact=None)
    Wait.objects.filter(conversation__in=threads).update(partner=to)
    Ask.objects.filter(conversation__in=threads).update(partner=to)
    copies.arrive(messages, to)
    threads.update(partner=to, membership=None)
    responsibility.settle(threads)
    later.hold_back(written, f"“{held}” was moved from {former} to {to}.", by, at)
    for partner in (former, to):
        records.touch_anew(partner)
    changes = {"partner": [former.pk, to.pk], "people": people}
    note = f"“{held}” from {former} to {to}"
    about = reference(held)
    Event.record("conversation_arrived", at, by, to, about, note=note)
    return Event.record(
        "conversation_given", at, by, former, about, changes=changes, note=note, undoes=undoes
    )


@transaction.atomic
def give_back(event: Event, by: User, at: datetime) -> Event | None:
    """The Undo of giving a conversation away: its people are those from before again."""
    conversation = Conversation.objects.get(pk=event.about_id or 0)
    former, latter = event.changes["partner"]
    if conversation.partner_id != latter:
        raise MoveRefused("It was given on since.")
    undone = give(conversation, Partner.objects.get(pk=former), by, at, undoes=event)
    for person, messages in event.changes["people"].items():
        Message.objects.filter(pk__in=messages).update(contact=int(person))
    return undone


def _people_there(messages: QuerySet[Message], to: Partner) -> dict[str, list[int]]:
    """Point each message at who has the same address at the other partner, else at nobody; whose they
    were, by contact."""
    were: dict[str, list[int]] = {}
    for contact in Contact.objects.filter(messages__in=messages).distinct():
        theirs = messages.filter(contact=contact)
        were[str(contact.pk)] = list(theirs.values_list("pk", flat=True))
        same = to.contacts.filter(email__iexact=contact.email).first() if contact.email else None
        theirs.update(contact=same)
    return were
