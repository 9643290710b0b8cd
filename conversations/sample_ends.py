"""How conversations of the sample company end without an answer: partners of Maya say thanks, which one press
clears, and one that her own mailbox brought in was taken back by her."""

from __future__ import annotations

from datetime import timedelta

from conversations import taking_back, waits
from conversations.models import Conversation, LaterReply, Mailbox, Message, RawMail, Wait
from prm.samples import Sample
from team.models import User

THANKS = ("Thank you, that helps a lot!", "Perfect, thanks.")
REASON = "It is about my own contract, and no matter of partners."


def make(sample: Sample) -> None:
    maya = sample.made["users"]["maya"]
    _thank(sample, maya)
    _take_back(sample, maya)


def _thank(sample: Sample, maya: User) -> None:
    """Of those who wait longest for Maya, some only say thanks."""
    asked = Wait.objects.open().for_reply().filter(partner__owner=maya, opened_by__isnull=False)
    asked = asked.exclude(conversation__in=LaterReply.objects.values("conversation"))
    for wait, words in zip(asked.order_by("-due_at", "pk"), THANKS, strict=False):
        Message.objects.filter(opened_waits=wait).update(body=words, is_thanks=True)
        (held,) = waits.locked(wait.conversation)
        waits.settle(held, "sample", sample.at)


def _take_back(sample: Sample, maya: User) -> None:
    at = sample.at - timedelta(days=3)
    box = Mailbox.objects.create(
        name="Maya’s mailbox",
        address=maya.email,
        person=maya,
        host="imap.aldermoor.example",
        username=maya.email,
        is_active=False,
        next_check_at=sample.at,
        created_at=at,
    )
    done = Conversation.objects.filter(partner__owner=maya, state=Conversation.State.DONE, private_since=None)
    mails = Message.objects.filter(channel=Message.Channel.EMAIL, occurred_at__lt=at)
    thread = done.filter(messages__in=mails).order_by("-last_message_at", "pk").first()
    if thread is None:
        return
    for mail in mails.filter(conversation=thread):
        raw = RawMail.objects.create(
            external_id=f"<{mail.pk}@aldermoor.example>",
            state=RawMail.State.FILED,
            mailbox=box,
            written_at=mail.occurred_at,
            received_at=mail.occurred_at,
            size=len(mail.body),
        )
        Message.objects.filter(pk=mail.pk).update(raw=raw, external_id=raw.external_id)
    taking_back.take_back(thread, REASON, by=maya, at=at)
