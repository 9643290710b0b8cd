"""Who reads a private conversation: its people, and who answers it. What others hear of it has no word
of it.

Which rows that hides is `hidden_from`, beside the models; this is the same for one conversation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q

from conversations.models import Commitment, Conversation, Message
from team.models import User
from team.notices import Private
from team.readers import Reader


def including(user: User | Reader) -> Q:
    """Conversations this person wrote in, was addressed in, or answers."""
    addressed = Conversation.people.through._default_manager.filter(conversation=OuterRef("pk"), user=user.pk)
    wrote = Message.objects.filter(conversation=OuterRef("pk"), author=user.pk)
    return Q(Exists(addressed)) | Q(Exists(wrote)) | Q(responsible=user.pk)


def is_in(conversation: Conversation, user: User) -> bool:
    """Whether this person is one of its people."""
    return user.pk in people_of(conversation)


def may_read(conversation: Conversation, user: User) -> bool:
    """Whether its privacy lets this person read it."""
    return not conversation.is_private or is_in(conversation, user)


def people_of(conversation: Conversation) -> set[int]:
    """Who of us is in it."""
    answers = conversation.responsible_id
    return {*those_named_in(conversation), *([answers] if answers else [])}


def named(conversation: Conversation) -> list[User]:
    """Who reads a private one, by name; nobody in particular where it is none."""
    if not conversation.is_private:
        return []
    return list(User.objects.filter(pk__in=people_of(conversation)).order_by("name", "email"))


def those_named_in(conversation: Conversation) -> set[int]:
    """Who wrote in it and whom its mails were addressed to."""
    wrote = conversation.messages.filter(author__isnull=False).values_list("author", flat=True)
    return {*conversation.people.values_list("pk", flat=True), *wrote}


def addressed(conversation: Conversation, addresses: Iterable[str]) -> None:
    """Keep in mind whom of us a mail of the conversation was addressed to."""
    known = [address for address in addresses if address]
    people = User.objects.current().filter(Q(email__in=known) | Q(mailbox__address__in=known))
    conversation.people.add(*people.distinct())


def for_notices(conversation: Conversation | None, instead: str = "") -> Private | None:
    """How a notice about it is given; None where everybody may read its words."""
    if conversation is None or not conversation.is_private:
        return None
    partner = conversation.partner
    return Private(
        lambda person: is_in(conversation, person),
        instead or f"A private conversation with {partner} waits",
        partner.get_absolute_url(),
    )


def for_promise(promise: Commitment) -> Private | None:
    """How a notice about a promise is given: whoever has to keep it reads it wherever it was made."""
    private = for_notices(promise.made_in.conversation if promise.made_in else None)
    if private is None:
        return None
    may_read = private.may_read
    return replace(
        private,
        may_read=lambda person: person == promise.owner or may_read(person),
        instead=f"A promise with {promise.partner}, made in a private conversation",
    )
