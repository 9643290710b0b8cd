"""What the nightly audit found."""

from __future__ import annotations

from django.db import models

from conversations.models.threads import Conversation
from conversations.models.waits import Wait


class Audit(models.Model):
    """One night's replay of what was said against the waits that are stored; one for each local day."""

    on = models.DateField(unique=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    conversations = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"Audit of {self.on}"


class Finding(models.Model):
    """Where a stored wait differs from what the rules make of what was said."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="findings")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    wait = models.ForeignKey(Wait, on_delete=models.CASCADE, null=True, related_name="+")
    what = models.CharField(max_length=300)

    class Meta:
        ordering = ["conversation", "pk"]

    def __str__(self) -> str:
        return self.what
