"""Conversations and the messages in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from partners.models import Contact, Partner, seen_by
from prm import addresses
from prm.models import OutboxItem
from prm.questions import Given
from team.models import User
from team.readers import Reader


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: User | Reader) -> ConversationQuerySet:
        return self.filter(seen_by(user), ~hidden_from(user, "pk"), merged_into=None)

    def withheld_from(self, user: User | Reader) -> ConversationQuerySet:
        """Those with partners this person reads that are private to others."""
        return self.filter(seen_by(user), hidden_from(user, "pk"))

    def private(self) -> ConversationQuerySet:
        return self.filter(private_since__isnull=False)

    def with_person(self, user: User | Reader) -> ConversationQuerySet:
        """Those this person is in: as one of their people, or as who answers."""
        people = Conversation.people.through._default_manager.filter(user=user.pk)
        return self.filter(Q(pk__in=people.values("conversation")) | Q(responsible=user.pk))


def hidden_from(user: User | Reader, conversation: str) -> Q:
    """Rows whose `conversation` (the path to it) is private to others than this person.

    Few conversations are private, so the rows are told by a list of those.
    """
    private = Conversation.objects.private()
    others = private.exclude(pk__in=private.with_person(user).values("pk"))
    return Q(**{f"{conversation}__in": others.values("pk")})


def hidden_from_contact(contact: Contact | Given, conversation: str) -> Q:
    """Rows whose `conversation` (the path to it) is private and had no word from or to this contact."""
    theirs = Message.objects.filter(contact=contact, withdrawn_at=None)
    others = Conversation.objects.private().exclude(pk__in=theirs.values("conversation"))
    return Q(**{f"{conversation}__in": others.values("pk")})


class Conversation(models.Model):
    """A thread with a partner."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, db_index=False, related_name="conversations"
    )
    subject = models.CharField(max_length=300)
    state = models.CharField(max_length=5, choices=State, default=State.OPEN)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="+",
        help_text="Pushed by conversations.responsibility: who took it, else whose it is by assignment.",
    )
    membership = models.ForeignKey(
        "partners.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    mailbox = models.ForeignKey(
        "conversations.Mailbox",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The shared mailbox that it began in.",
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        help_text="Who of us its mails were addressed to; of a private one, who wrote in it, too.",
    )
    private_since = models.DateTimeField(
        null=True, blank=True, help_text="Since then only its people read it, and who answers it."
    )
    last_message_at = models.DateTimeField(null=True)
    copied_at = models.DateTimeField(
        null=True, editable=False, help_text="When we were last copied in, while nothing was made of it."
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, editable=False, help_text="When it was last said to be done.")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = ConversationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["partner", "-last_message_at"], name="conversations_of_a_partner"),
            models.Index(
                fields=["responsible", "state", "-last_message_at", "-id"], name="conversations_of_a_person"
            ),
            models.Index(
                fields=["state", "-last_message_at", "-id"],
                condition=Q(merged_into=None),
                name="conversations_of_the_team",
            ),
            models.Index(
                fields=["-copied_at", "-id"],
                condition=Q(copied_at__isnull=False, state="open", merged_into=None),
                name="conversations_we_are_copied_in",
            ),
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False, state="done", merged_into=None),
                name="conversations_by_closing",
            ),
            models.Index(
                fields=["partner"], condition=Q(private_since__isnull=False), name="private_conversations"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return addresses.of("conversations:conversation", self.pk)

    @property
    def is_private(self) -> bool:
        return self.private_since is not None


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User | Reader) -> MessageQuerySet:
        """Those in conversations this person may see: joined, for a list of conversations would be all."""
        return self.filter(
            seen_by(user, "conversation__partner"),
            ~hidden_from(user, "conversation"),
            conversation__merged_into=None,
        )

    def replies_since(self, seen: int, besides: User) -> MessageQuerySet:
        """What colleagues answered after the message with the id `seen`."""
        ours = self.filter(direction="out", visible_to_partner=True, withdrawn_at=None, pk__gt=seen)
        return ours.exclude(author=None).exclude(author=besides).select_related("author").order_by("pk")


class Message(models.Model):
    """An item in a conversation. Withdrawn ones stay with their trace and count for nothing."""

    class Direction(models.TextChoices):
        IN = "in", "From the partner"
        OUT = "out", "From us"

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        CALL = "call", "Call"
        MEETING = "meeting", "Meeting"
        PORTAL = "portal", "Portal message"
        CHAT = "chat", "Chat"
        NOTE = "note", "Note"

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, db_index=False, related_name="messages"
    )
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, db_index=False, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    channel = models.CharField(max_length=10, choices=Channel)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    clamped = models.BooleanField(default=False, help_text="The provider's time was later than ours.")
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    visible_to_partner = models.BooleanField(default=True)
    is_automatic = models.BooleanField(default=False)
    is_holding = models.BooleanField(default=False)
    is_copy = models.BooleanField(default=False, help_text="We stand only in Cc: it opens no wait by itself.")
    is_thanks = models.BooleanField(
        default=False, help_text="Its words only say thanks, by the table as it stood."
    )
    asks = models.BooleanField(
        default=False, help_text="Opens a wait though its kind does not: a call after which they still wait."
    )
    answers = models.BooleanField(
        default=False, help_text="Answers though its kind does not: a call, a holding reply with a promise."
    )
    also_answers = models.ManyToManyField(
        Conversation, blank=True, related_name="answered_elsewhere", help_text="Other threads it answers."
    )
    unconfirmed = models.BooleanField(
        default=False, help_text="Reported too long afterwards: answers only once a lead has approved it."
    )
    declined_at = models.DateTimeField(null=True, blank=True, help_text="A lead did not confirm it.")
    erased_at = models.DateTimeField(null=True, blank=True, help_text="An admin deleted its words.")
    bounced_at = models.DateTimeField(null=True, blank=True)
    address = models.CharField(max_length=320, blank=True, help_text="The other side's mail address.")
    external_id = models.CharField(max_length=995, blank=True, help_text="The Message-ID of a mail.")
    in_reply_to = models.TextField(
        blank=True, help_text="Message-IDs it answers, from In-Reply-To and References."
    )
    raw = models.ForeignKey(
        "conversations.RawMail",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="messages",
        help_text="The mail as it came; one of ours to people of several partners is a message with each.",
    )
    outbox = models.OneToOneField(OutboxItem, on_delete=models.PROTECT, null=True, related_name="message")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["occurred_at", "recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id", "partner"],
                condition=~Q(external_id=""),
                name="one_message_per_message_id_and_partner",
            ),
            models.CheckConstraint(
                condition=~Q(channel="note") | Q(visible_to_partner=False), name="a_note_is_internal"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-occurred_at", "-id"], name="messages_of_a_partner"),
            models.Index(fields=["conversation", "occurred_at", "id"], name="messages_of_a_thread"),
            models.Index(fields=["raw"], condition=Q(raw__isnull=False), name="messages_of_a_raw_mail"),
        ]

    def __str__(self) -> str:
        return self.subject or f"{self.get_channel_display()} {self.pk}"

    @property
    def is_shared(self) -> bool:
        return self.visible_to_partner
