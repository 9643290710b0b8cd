"""One mail of ours to people of several partners: one raw mail, and a message with each partner.

Each of these copies stands in a conversation of its partner, answers what that partner waits for, and is
read, moved and counted there alone; a partner's person sees nothing of the others. What they share:

- It is as private as the most private of their conversations: a conversation is made private, and shared
  again, together with those in which its mails stand, too, and only somebody who is in all of them shares
  them (`private_threads`). Else what one conversation hides would be read in another.
- Who takes it back takes it back everywhere (`taking_back`): the words are to be gone.
- An admin deletes one copy. The mail as it came goes with the last of them (`mail.keeping`).
- A delivery report concerns the copies with the partners whose addresses it names (`concerned`).
- Where two copies come to be with one partner, as partners merge or a conversation is given away, both stay,
  for each answered its own; the one that was there keeps the Message-ID, so that replies find one place.
  Where their conversations are merged, one of them is set aside (`set_aside`).

Mail that comes in has no copies: it is its sender's (`mail.threading`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from conversations.mail import threading
from conversations.models import Conversation, Message, RawMail
from partners.models import Partner
from team.models import User

SAME = "The same mail stands here already"


def of(messages: Iterable[Message] | QuerySet[Message]) -> QuerySet[Message]:
    """These messages and all copies of the mails they are."""
    pks, raws = {each.pk for each in messages}, {each.raw_id for each in messages} - {None}
    return Message.objects.filter(Q(pk__in=pks) | Q(raw__in=raws))


def together(conversation: Conversation) -> set[int]:
    """The conversation, those in which mails of it stand, too, those in which mails of these do, and so on;
    by id. What was erased ties nothing."""
    found, fresh = {conversation.pk}, {conversation.pk}
    standing = Message.objects.filter(erased_at=None, raw__isnull=False)
    while fresh:
        raws = list(standing.filter(conversation__in=fresh).values_list("raw", flat=True))
        beside = standing.filter(raw__in=raws).values_list("conversation", flat=True)
        fresh = set(beside) - found
        found |= fresh
    return found


def elsewhere(messages: Iterable[Message], user: User) -> dict[int, list[Conversation]]:
    """In which other conversations that this person may see these messages of one stand, too, by raw mail;
    no query where there can be none."""
    ours = [each for each in messages if each.raw_id and each.direction == Message.Direction.OUT]
    found: dict[int, list[Conversation]] = defaultdict(list)
    if not ours:
        return found
    others = Message.objects.filter(raw__in={each.raw_id for each in ours}, withdrawn_at=None)
    others = others.exclude(pk__in=[each.pk for each in ours])
    seen = others.visible_to(user)
    for each in seen.select_related("conversation__partner").order_by("partner__sort_name", "pk"):
        found[each.raw_id or 0].append(each.conversation)
    return found


def concerned(message_ids: Collection[str], failed: Collection[str]) -> list[Message]:
    """Our messages that a delivery report is about. Of several copies those with the partners whose addresses
    failed; all of them where that cannot be told."""
    raws = list(RawMail.objects.filter(external_id__in=message_ids).values_list("pk", flat=True))
    ours = Message.objects.filter(Q(external_id__in=message_ids) | Q(raw__in=raws))
    found = list(ours.filter(direction=Message.Direction.OUT, withdrawn_at=None).order_by("pk"))
    partners = {
        partner.pk
        for address in failed
        for partner in threading.partners_of(address, threading.contacts_at(address))
    }
    theirs = [each for each in found if each.address.lower() in failed or each.partner_id in partners]
    return theirs or found


# --- two copies with one partner ----------------------------------------------------------------------


def aside(row: Message, at: datetime) -> list[dict[str, str]]:
    """How a message comes to a partner that has the same mail: without its Message-ID."""
    return [{"external_id": ""}]


def arrive(messages: QuerySet[Message], to: Partner) -> None:
    """Let messages come to a partner: those it has already come without their Message-ID, and who left theirs
    behind elsewhere has it again."""
    there = Message.objects.filter(partner=to).exclude(external_id="")
    messages.filter(external_id__in=there.values("external_id")).update(external_id="")
    messages.update(partner=to)
    for each in messages.filter(external_id="", raw__isnull=False).select_related("raw"):
        assert each.raw is not None
        if not there.filter(external_id=each.raw.external_id).exists():
            Message.objects.filter(pk=each.pk).update(external_id=each.raw.external_id)


def set_aside(conversation: Conversation, by: User, at: datetime) -> list[int]:
    """Withdraw what stands twice in a conversation, the later one of each; which those were."""
    said = Message.objects.filter(conversation=conversation, raw__isnull=False, withdrawn_at=None)
    twice = said.order_by().values("raw").annotate(times=Count("pk"), first=Min("pk")).filter(times__gt=1)
    gone = [
        pk
        for each in twice
        for pk in said.filter(raw=each["raw"]).exclude(pk=each["first"]).values_list("pk", flat=True)
    ]
    Message.objects.filter(pk__in=gone).update(withdrawn_at=at, withdrawn_by=by, withdrawn_reason=SAME)
    return gone
