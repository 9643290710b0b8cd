"""Files of messages."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers

from conversations.models import Attachment
from prm import downloads
from prm.access import found_or_404
from prm.api.filters import filters
from prm.api.resources import Reads, file_of
from prm.api.rows import Row


class AttachmentRow(Row):
    message = serializers.IntegerField(source="message_id")
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    refused = serializers.CharField(help_text="Why it is not kept; empty where it is.")


class Attachments(Reads):
    noun, words = "attachments", "Files of messages. They go out with a message; see messages."
    model, row = Attachment, AttachmentRow
    filterset_class = filters(Attachment, keys={"message": "message", "partner": "message__partner"})

    def seen(self) -> QuerySet[Attachment]:
        return Attachment.objects.visible_to(self.user)

    file = file_of(
        "The file as a download; 404 where it is not kept.",
        lambda self, thing: downloads.of(found_or_404(self.kept(), pk=thing.pk).file, thing.name),
    )

    def kept(self) -> QuerySet[Attachment]:
        return self.seen().exclude(file="")
