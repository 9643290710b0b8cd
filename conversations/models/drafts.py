"""Drafts: what somebody is writing and has not sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from conversations.models.threads import Conversation
from partners.models import Partner
from prm.models import OnceKey
from team.models import User
from team.readers import Reader

CHOSEN_BY_LIST = ("answers",)  # fields of which more than one value is kept
SENT = Exists(OnceKey.objects.filter(key=OuterRef("once")))


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, writer: User | Reader) -> DraftQuerySet:
        """A draft is seen by its writer only."""
        return self.filter(writer=writer.pk)

    def visible_to(self, user: User) -> DraftQuerySet:
        """One's own that were not sent, where one may still read what they are about; those thrown away,
        too."""
        seen = Q(conversation__in=Conversation.objects.visible_to(user))
        seen |= Q(partner__in=Partner.objects.visible_to(user)) | Q(conversation=None, partner=None)
        return self.of(user).filter(seen, ~SENT)

    def standing(self) -> DraftQuerySet:
        """Neither thrown away nor sent."""
        return self.filter(~SENT, thrown_at=None)

    def sent(self) -> DraftQuerySet:
        """Those whose form was sent while they were on their way to be kept."""
        return self.filter(SENT)


class Draft(models.Model):
    """What somebody typed into a form that sends, field by field; seen by its writer only."""

    class Kind(models.TextChoices):
        REPLY = "reply", "Reply"
        MAIL = "mail", "New mail"
        LOG = "log", "Log"

    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=5, choices=Kind)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, null=True, related_name="drafts")
    partner = models.ForeignKey(
        Partner,
        on_delete=models.CASCADE,
        null=True,
        related_name="drafts",
        help_text="Whom a mail goes to, whom a log is about. A log may name nobody yet.",
    )
    typed = models.JSONField(default=dict, help_text="{field: [values]}")
    once = models.UUIDField(null=True, help_text="The one-time key of the form it was typed in.")
    changed_at = models.DateTimeField()
    thrown_at = models.DateTimeField(null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="reply", conversation__isnull=False, partner=None)
                | Q(kind="mail", conversation=None, partner__isnull=False)
                | Q(kind="log", conversation=None),
                name="a_draft_has_its_place",
            ),
            models.UniqueConstraint(
                fields=["conversation", "writer"],
                condition=Q(kind="reply", thrown_at=None),
                name="one_draft_of_a_reply",
            ),
            models.UniqueConstraint(
                fields=["partner", "writer", "kind"],
                condition=Q(partner__isnull=False, thrown_at=None),
                name="one_draft_to_a_partner",
            ),
            models.UniqueConstraint(
                fields=["writer"],
                condition=Q(kind="log", partner=None, thrown_at=None),
                name="one_draft_of_a_log_of_nobody_yet",
            ),
        ]
        indexes = [
            models.Index(
                fields=["thrown_at"], condition=Q(thrown_at__isnull=False), name="drafts_thrown_away"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.writer}"

    @property
    def initial(self) -> dict[str, Any]:
        """What fills the form again."""
        lists = {name: values for name, values in self.typed.items() if name in CHOSEN_BY_LIST}
        return {name: values[-1] for name, values in self.typed.items() if values} | lists
