"""Whether a reply for later may still go out, or something happened that its writer should know first."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from conversations import hours, records
from conversations.models import Conversation, LaterReply, Message
from partners.models import Contact, Event
from prm import outbox
from team.roles import may


def why(later: LaterReply) -> str:
    """What stands in its way; "" where nothing does."""
    writer, conversation = later.writer, records.standing(later.conversation)
    if not writer.is_active:
        return f"{writer} is not with us any more."
    if conversation.pk != later.conversation_id:
        return f"The conversation was merged into “{conversation}”."
    reads = Conversation.objects.visible_to(writer).filter(pk=conversation.pk).exists()
    if not reads or not may(writer, "write to partner", conversation.partner):
        return f"{writer} may not write in this conversation any more."
    return _not_there(later.contact) or _said_since(later) or _closed_since(later)


def _not_there(contact: Contact | None) -> str:
    if contact is None:
        return ""
    if contact.left_on or contact.withdrawn_at:
        return f"{contact} is not there any more."
    if not contact.email and outbox.mails_leave():
        return f"{contact} has no e-mail address any more."
    return ""


def _said_since(later: LaterReply) -> str:
    """Who wrote there since its writer looked: the partner, or a colleague who answered."""
    said = _unseen(later).select_related("contact", "author").order_by("pk").first()
    if said is None:
        return ""
    when = hours.words(said.occurred_at, later.writer.zone)
    if said.direction == Message.Direction.IN:
        return f"{said.contact or 'Somebody there'} wrote again, {when}."
    return f"{said.author} answered, {when}."


def _closed_since(later: LaterReply) -> str:
    """Which colleague marked the conversation as done meanwhile, and why no reply is needed."""
    if later.conversation.state != Conversation.State.DONE:
        return ""
    closed = Event.objects.filter(
        kind="conversation_resolved",
        about_kind="conversation",
        about_id=later.conversation_id,
        at__gt=later.created_at,
    )
    last = closed.exclude(by_user=later.writer_id).order_by("at", "pk").last()
    if last is None:
        return ""
    return f"{last.actor} marked the conversation as done" + (f": {last.note}" if last.note else ".")


def _unseen(later: LaterReply) -> QuerySet[Message]:
    here = Message.objects.filter(conversation=later.conversation_id, pk__gt=later.seen)
    answers = Q(visible_to_partner=True) | Q(answers=True)
    ours = Q(answers, direction=Message.Direction.OUT, author__isnull=False) & ~Q(author=later.writer_id)
    return here.filter(Q(direction=Message.Direction.IN) | ours, withdrawn_at=None, is_automatic=False)
