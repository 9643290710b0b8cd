"""A reply as a mail: text and HTML, in the partner's thread, to be answered to the thread's own address."""

from __future__ import annotations

from datetime import timedelta
from email.utils import formataddr, parseaddr

from django.conf import settings

from conversations.mail import markup, reply_address
from conversations.models import Attachment, Message, wanted_of
from prm import outbox, uploads
from prm.models import OutboxItem
from prm.outbox import Mail

REPLY = "reply"
UNDO_FOR = timedelta(seconds=10)  # after the press; until then it can be taken back and does not leave
LONGEST_THREAD = 20  # ids kept in References


def still_stands(item: OutboxItem) -> bool:
    """Whether the reply was not withdrawn meanwhile."""
    return Message.objects.filter(pk=item.about["message"], withdrawn_at=None).exists()


def compose(item: OutboxItem) -> Mail:
    message = Message.objects.select_related("author", "contact", "conversation", "wanted").get(
        pk=item.about["message"]
    )
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    name = message.contact.name if message.contact else ""
    wanted = wanted_of(message)
    body = f"{message.body}\n\n{wanted.sentence}" if wanted else message.body
    return Mail(
        to=[formataddr((_one_line(name), message.address))],
        subject=message.subject,
        body=body,
        html=markup.of_text(body),
        from_email=formataddr((_one_line(str(message.author)), ours)),
        reply_to=[reply_address.of(message.conversation_id)],
        headers={outbox.GENERATOR: outbox.BY_A_PERSON, **_thread(message)},
        attachments=[_file(each) for each in message.attachments.all()],
        is_private=message.conversation.is_private,
    )


def _thread(message: Message) -> dict[str, str]:
    """In-Reply-To and References, oldest first, the first of a long thread kept."""
    ids = message.in_reply_to.split()
    if not ids:
        return {}
    kept = ids if len(ids) <= LONGEST_THREAD else [ids[0], *ids[1 - LONGEST_THREAD :]]
    return {"In-Reply-To": ids[-1], "References": " ".join(kept)}


def _file(attachment: Attachment) -> tuple[str, bytes, str]:
    """Name, bytes and type; a text goes as bytes, too, so that none of it is rewritten."""
    kind = uploads.content_type(attachment.name)
    with attachment.file.open("rb") as file:
        data = file.read()
    return attachment.name, data, "application/octet-stream" if kind.startswith("text/") else kind


def _one_line(text: str) -> str:
    return " ".join(text.split())


def send(message: Message) -> OutboxItem:
    """Put the message into the outbox, within the transaction that stored it, to leave in ten seconds."""
    return outbox.put(
        REPLY,
        f"reply:{message.pk}",
        message.recorded_at + UNDO_FOR,
        {"message": message.pk},
        message_id=message.external_id,
    )
