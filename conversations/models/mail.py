"""Mail as it came, what was attached, and senders nobody wants to hear of."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models.mailboxes import Mailbox
from conversations.models.threads import Conversation, Message, hidden_from
from partners.models import Partner
from prm import addresses
from team.models import User
from team.readers import Reader


class RawMailQuerySet(models.QuerySet["RawMail"]):
    def unknown(self) -> RawMailQuerySet:
        """Those that wait for somebody to say whose they are."""
        return self.filter(state=RawMail.State.UNKNOWN)

    def visible_to(self, user: User | Reader) -> RawMailQuerySet:
        """All with a role see mail of unknown senders; who reads own partners only, not what names others."""
        if not user.is_active or not user.roles:
            return self.none()
        seen = self.filter(~hidden_from(user, "claims"))
        if user.reads_own_only:
            return seen.filter(
                Q(claims=None) | Q(claims__partner__in=Partner.objects.visible_to(user)),
            )
        return seen


class RawMail(models.Model):
    """A mail as it came, and what became of it. Each Message-ID stands here once; one of ours to people of
    several partners is a message with each of them."""

    class State(models.TextChoices):
        FILED = "filed", "In a conversation"
        UNKNOWN = "unknown", "Of an unknown sender"
        REPORT = "report", "A delivery report"
        BLOCKED = "blocked", "Of a blocked sender"
        DROPPED = "dropped", "Put away"

    external_id = models.CharField(max_length=995, help_text="Its Message-ID.")
    state = models.CharField(max_length=8, choices=State)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.SET_NULL, null=True, related_name="+")
    claims = models.ForeignKey(
        Conversation,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The thread it says it answers, though its sender does not belong there.",
    )
    sender = models.CharField(max_length=320, blank=True)
    sender_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.CharField(max_length=1000, blank=True, help_text="How it begins.")
    written_at = models.DateTimeField()
    received_at = models.DateTimeField()
    size = models.PositiveIntegerField()
    doubt = models.CharField(max_length=200, blank=True, help_text="Why its sender is not believed.")
    has_html = models.BooleanField(default=False)
    is_automatic = models.BooleanField(default=False)
    file = models.FileField(upload_to="mail/%Y/%m/")
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    handled_at = models.DateTimeField(null=True)

    objects = RawMailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["external_id"], name="one_raw_mail_per_message_id"),
        ]
        indexes = [
            models.Index(
                fields=["is_automatic", "-received_at", "-id"],
                condition=Q(state="unknown"),
                name="mails_of_unknown_senders",
            ),
            models.Index(fields=["sender"], condition=Q(state="unknown"), name="unknown_mails_by_sender"),
        ]

    def __str__(self) -> str:
        return self.subject or "Without subject"

    def get_absolute_url(self) -> str:
        return addresses.of("conversations:unknown_sender", self.pk)

    @property
    def who(self) -> str:
        """The sender as a person reads it."""
        if self.sender_name and self.sender:
            return f"{self.sender_name} <{self.sender}>"
        return self.sender_name or self.sender or "nobody named"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> AttachmentQuerySet:
        seen = Conversation.objects.visible_to(user)
        return self.filter(message__conversation__in=seen, message__withdrawn_at=None)


class Attachment(models.Model):
    """A file of a message. One that may not be kept has no file, and says why."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="attachments/%Y/%m/", blank=True)
    refused = models.CharField(max_length=300, blank=True, help_text="Why it is not kept.")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file="", refused__gt="") | (~Q(file="") & Q(refused="")),
                name="an_attachment_is_kept_or_says_why_not",
            )
        ]

    def __str__(self) -> str:
        return self.name


class BlockedSender(models.Model):
    """An address, or a whole domain as "@spam.example", that nobody wants to hear of."""

    pattern = models.CharField(max_length=320, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pattern"]

    def __str__(self) -> str:
        return self.pattern


class TakenBack(models.Model):
    """A mail that a person took back, or that belongs to what it took back: it stays out of here when its
    own mailbox brings it. Nothing but its Message-ID is known."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=995)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "external_id"], name="taken_back_once_per_mailbox")
        ]

    def __str__(self) -> str:
        return self.external_id
