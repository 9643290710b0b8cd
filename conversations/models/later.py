"""Replies that are written and wait for their hour."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from conversations.models.threads import Conversation
from partners.models import Contact


class LaterReply(models.Model):
    """A reply that goes out by itself at a moment. It is no message yet; once it went out, or was taken or
    held back, the row is gone."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="later_replies")
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="later_replies"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Whom it goes to."
    )
    body = models.TextField()
    holding = models.BooleanField(default=False)
    promises = models.JSONField(default=list, help_text="[{text, promised_for, side, owner}]")
    wanted_by = models.DateField(null=True, blank=True, help_text="By when an answer to it is wanted.")
    seen = models.PositiveBigIntegerField(help_text="The newest message the writer knew of.")
    goes_out_at = models.DateTimeField()
    next_check_at = models.DateTimeField(
        null=True, db_index=True, help_text="Empty while it goes out, or is taken back."
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["goes_out_at", "pk"]
        verbose_name_plural = "later replies"

    def __str__(self) -> str:
        return f"Reply of {self.writer} in “{self.conversation}”"


class LaterFile(models.Model):
    """A file that goes out with such a reply."""

    reply = models.ForeignKey(LaterReply, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="later/%Y/%m/")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
