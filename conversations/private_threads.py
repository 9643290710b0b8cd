"""A conversation is made private to its people, and shared again, with those in which its mails stand, too
(`copies`). What was told of it loses its words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from conversations import copies, privacy, waits
from conversations.models import Ask, Commitment, Conversation, Message, RawMail, Wait
from conversations.threads import reference
from partners.models import Event
from prm.models import OutboxItem
from prm.refusals import Refused
from team.models import Notice, User

NOT_IN_IT = "Only who wrote in it, was addressed in it or answers it may say who reads this conversation."
NOT_IN_ALL = (
    "A mail in it went to people of another partner, too, in a private conversation you are not in. Ask"
    " somebody who is in both to share them."
)


class PrivacyRefused(Refused):
    """The conversation cannot be made private or shared by this person, or is so already."""


@transaction.atomic
def make_private(
    conversation: Conversation, by: User, at: datetime, undoes: Event | None = None
) -> Event | None:
    """Let only who wrote in it, whom it was addressed to and who answers it read it. Clocks run on."""
    held, others = _held_together(conversation)
    if held.is_private:
        raise PrivacyRefused("This conversation is private already.")
    if not privacy.is_in(held, by):
        raise PrivacyRefused(NOT_IN_IT)
    for each in others:
        _close(each, by, at)
    conversation.private_since = at
    return _close(held, by, at, undoes)


@transaction.atomic
def share(conversation: Conversation, by: User, at: datetime, undoes: Event | None = None) -> Event | None:
    """Let everybody read it again who reads the partner."""
    held, others = _held_together(conversation)
    if not held.is_private:
        raise PrivacyRefused("Everybody here reads this conversation already.")
    if not privacy.is_in(held, by):
        raise PrivacyRefused(NOT_IN_IT)
    if not all(privacy.is_in(each, by) for each in others):
        raise PrivacyRefused(NOT_IN_ALL)
    for each in others:
        _open(each, by, at)
    conversation.private_since = None
    return _open(held, by, at, undoes)


def spread(conversations: Sequence[Conversation], by: waits.Actor, at: datetime) -> None:
    """One mail was put into these conversations: if one of them is private, all are."""
    private = next((each for each in conversations if each.is_private), None)
    if private is not None:
        for each in _held_together(private)[1]:
            _close(each, by, at)


def _held_together(conversation: Conversation) -> tuple[Conversation, list[Conversation]]:
    """The conversation and those that are private with it, all held."""
    ids = copies.together(conversation)
    held = {each.pk: each for each in waits.locked(*Conversation.objects.filter(pk__in=ids))}
    return held.pop(conversation.pk), list(held.values())


def _close(held: Conversation, by: waits.Actor, at: datetime, undoes: Event | None = None) -> Event | None:
    if held.is_private:
        return None
    held.people.add(*privacy.those_named_in(held))
    Conversation.objects.filter(pk=held.pk).update(private_since=at)
    held.private_since = at
    hush(held)
    people = User.objects.filter(pk__in=privacy.people_of(held)).order_by("name", "pk")
    about, note = reference(held), ", ".join(map(str, people))
    return Event.record("conversation_made_private", at, by, held.partner, about, note=note, undoes=undoes)


def _open(held: Conversation, by: User, at: datetime, undoes: Event | None = None) -> Event | None:
    if not held.is_private:
        return None
    Conversation.objects.filter(pk=held.pk).update(private_since=None)
    held.private_since = None
    OutboxItem.objects.filter(message__conversation=held).update(is_private=False)
    return Event.record("conversation_shared", at, by, held.partner, reference(held), undoes=undoes)


def hush(conversation: Conversation) -> None:
    """Take its words out of what people outside were told before, and out of the list of sent mail."""
    private = privacy.for_notices(conversation, f"A private conversation with {conversation.partner}")
    assert private is not None
    told = told_of(conversation)
    for notice in told:
        columns = private.written(notice.person, notice.text, notice.url)
        Notice.objects.filter(pk=notice.pk).update(**columns)
    withhold_mails(conversation, told)


def withhold_mails(conversation: Conversation, told: list[Notice]) -> None:
    """Let the list of sent mail show no words of its mails and of those that told of it."""
    asks = Ask.objects.filter(conversation=conversation).values_list("pk", flat=True)
    keys = {f"{kind}:{pk}" for pk in asks for kind in ("ask", "ask_reminder")}
    keys |= {notice.mail_key for notice in told} - {""}
    for sent in (Q(message__conversation=conversation), Q(key__in=keys)):
        OutboxItem.objects.filter(sent).update(is_private=True)


def told_of(conversation: Conversation) -> list[Notice]:
    """What people were told of it; not what its own promises told those who have to keep them."""
    made = Message.objects.filter(conversation=conversation).values("pk")
    promises = Commitment.objects.filter(made_in__in=made)
    causes = {
        "conversation": Conversation.objects.filter(pk=conversation.pk),
        "message": Message.objects.filter(conversation=conversation),
        "wait": Wait.objects.filter(conversation=conversation),
        "ask": Ask.objects.filter(conversation=conversation),
        "raw_mail": RawMail.objects.filter(claims=conversation),
        "commitment": promises,
    }
    about = Q()
    for kind, rows in causes.items():
        about |= Q(cause_kind=kind, cause_id__in=rows.values("pk"))
    owners = dict(promises.values_list("pk", "owner"))
    told = Notice.objects.filter(about).select_related("person")
    return [
        each for each in told if each.cause_kind != "commitment" or owners[each.cause_id] != each.person_id
    ]
