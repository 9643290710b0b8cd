"""A reply as a mail: one plain text with a Message-ID of its own, in the partner's thread."""

from __future__ import annotations

from email.utils import formataddr, parseaddr

from django.conf import settings

from conversations.models import Message
from prm import outbox
from prm.models import OutboxItem
from prm.outbox import Mail

REPLY = "reply"
LONGEST_THREAD = 20  # ids kept in References


def still_stands(item: OutboxItem) -> bool:
    """Whether the reply was not withdrawn meanwhile."""
    return Message.objects.filter(pk=item.about["message"], withdrawn_at=None).exists()


def compose(item: OutboxItem) -> Mail:
    message = Message.objects.select_related("author", "contact", "conversation").get(
        pk=item.about["message"]
    )
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    name = message.contact.name if message.contact else ""
    return Mail(
        to=[formataddr((_one_line(name), message.address))],
        subject=message.subject,
        body=message.body,
        from_email=formataddr((_one_line(str(message.author)), ours)),
        headers=_thread(message),
    )


def _thread(message: Message) -> dict[str, str]:
    """In-Reply-To and References, oldest first, the first of a long thread kept."""
    ids = message.in_reply_to.split()
    if not ids:
        return {}
    kept = ids if len(ids) <= LONGEST_THREAD else [ids[0], *ids[1 - LONGEST_THREAD :]]
    return {"In-Reply-To": ids[-1], "References": " ".join(kept)}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def send(message: Message) -> OutboxItem:
    """Put the message into the outbox, within the transaction that stored it."""
    return outbox.put(
        REPLY,
        f"reply:{message.pk}",
        message.recorded_at,
        {"message": message.pk},
        message_id=message.external_id,
    )
