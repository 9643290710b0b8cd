"""What the page of a conversation reads: the conversation with what else there is of it, and a page of its
messages. What it seldom has is asked for only where it has it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, Max, OuterRef, QuerySet, Subquery

from conversations import belonging, privacy, taking_back
from conversations.models import Ask, Attachment, Conversation, LaterReply, Message, Pause, Wait
from prm import newest
from prm.questions import Asked, Question, key, keys, spread
from team.models import User
from team.readers import Reader, reader

PAGE = 20
WAITS = 20
SAID = (
    *("conversation", "partner", "direction", "channel", "occurred_at", "recorded_at", "clamped", "subject"),
    *("body", "minutes", "visible_to_partner", "is_automatic", "is_holding", "is_copy", "asks"),
    *("unconfirmed", "declined_at", "erased_at", "bounced_at", "external_id", "withdrawn_at"),
    *(
        "withdrawn_reason",
        "contact__name",
        "contact__email",
        "contact__do_not_contact",
        "author__name",
        "author__email",
    ),
    *("withdrawn_by__name", "withdrawn_by__email", "outbox__state", "outbox__attempts", "raw__has_html"),
    "wanted__on",
)
OF_A_WAIT = (
    *(column.name for column in Wait._meta.concrete_fields),
    *(
        "answered_by__name",
        "answered_by__email",
        "policy__name",
        "policy__version",
        "opened_by__contact__zone",
    ),
)


def _seen(who: Reader) -> QuerySet[Any]:
    """The conversation, as far as `who` reads it, and what there is beside it."""
    its = OuterRef("pk")
    said = Message.objects.filter(conversation=its).order_by().values("conversation")
    return (
        Conversation.objects.visible_to(who)
        .filter(pk=key("conversation"))
        .select_related(
            "partner__owner", "partner__kind", "partner__tier", "responsible", "membership__programme"
        )
        .annotate(
            newest=Subquery(said.annotate(newest=Max("pk")).values("newest")),
            may_be_private=ExpressionWrapper(privacy.including(who), output_field=BooleanField()),
            may_take_back=Exists(taking_back.brought_by(who, its)),
            has_asks=Exists(Ask.objects.open().filter(conversation=its)),
            has_later=Exists(LaterReply.objects.filter(conversation=its)),
            has_choice=belonging.several("partner_id"),
            has_pauses=Exists(Pause.objects.standing().filter(wait__conversation=its)),
        )
    )


def _said(is_marked: bool) -> QuerySet[Any]:
    related = Message.objects.filter(conversation=key("conversation")).select_related(
        "contact", "author", "withdrawn_by", "outbox", "raw", "wanted"
    )
    files = Exists(Attachment.objects.filter(message=OuterRef("pk")))
    return newest.cut(related.only(*SAID).annotate(has_files=files), "occurred_at", is_marked, PAGE)


def _waits() -> QuerySet[Wait]:
    waits = Wait.objects.filter(conversation=key("conversation"))
    related = waits.select_related("answered_by", "policy", "opened_by__contact").only(*OF_A_WAIT)
    return related.order_by("-opened_at")[:WAITS]


def _pauses() -> QuerySet[Pause]:
    pauses = Pause.objects.standing().filter(wait__conversation=key("conversation"))
    return pauses.select_related("by")


SEEN = Question(_seen)
MESSAGES = Question(_said)
FILES = Question(lambda: Attachment.objects.filter(message__pk__in=keys("message", PAGE)))
WAITED = Question(_waits)
STOOD_STILL = Question(_pauses)
ASKED = Question(lambda: Ask.objects.open().filter(conversation=key("conversation")))


def seen(user: User, pk: int) -> Any | None:
    """The conversation as this person reads it; None where it does not. Annotated with `newest` (the id of
    the last message stored), `may_be_private`, `may_take_back`, `has_asks`, `has_later`, `has_pauses` and
    `has_choice` (of memberships)."""
    return next(iter(SEEN.ask(reader(user), reader=user.pk, conversation=pk)), None)


def asked(conversation: Conversation, before: str) -> list[Asked[Any]]:
    """What `messages` and `waits` ask."""
    its = {"conversation": conversation.pk}
    return [newest.asked(MESSAGES, before, **its), WAITED.of(**its)]


def messages(conversation: Conversation, before: str) -> newest.Page[Any]:
    """A page of its messages, the newest first, each with its `files`."""
    page = newest.ask(MESSAGES, before, "occurred_at", PAGE, conversation=conversation.pk)
    having = [message.pk for message in page.rows if message.has_files]
    files = defaultdict(list)
    for file in FILES.ask(**spread("message", PAGE, having)) if having else ():
        files[file.message_id].append(file)
    for message in page.rows:
        message.files = files[message.pk]
    return page


def waits(conversation: Conversation) -> list[Wait]:
    """Its last waits, the newest first."""
    found = WAITED.ask(conversation=conversation.pk)
    for wait in found:
        wait.partner = conversation.partner
    return found


def pauses(conversation: Any) -> list[Pause]:
    """When its clock stood still."""
    return STOOD_STILL.ask(conversation=conversation.pk) if conversation.has_pauses else []


def asks(conversation: Any) -> list[Ask]:
    """What colleagues are still to answer before it goes on."""
    return ASKED.ask(conversation=conversation.pk) if conversation.has_asks else []
