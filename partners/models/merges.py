"""Merges: which row went into which, and all that it takes to put it back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Merge(models.Model):
    """One row merged into another of its kind. Ids, not keys: merging moves keys."""

    class Kind(models.TextChoices):
        PARTNER = "partner", "Partners"
        CONTACT = "contact", "Contacts"

    kind = models.CharField(max_length=10, choices=Kind)
    kept_id = models.BigIntegerField()
    gone_id = models.BigIntegerField()
    words = models.CharField(max_length=300, help_text="Contoso into Northwind")
    moved = models.JSONField(default=dict, help_text="What points elsewhere since; see partners.repointing.")
    columns = models.JSONField(default=dict, help_text="Columns of both rows: [before, after].")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept_id=F("gone_id")), name="two_rows_are_merged"),
            models.UniqueConstraint(
                fields=["kind", "gone_id"], condition=Q(undone_at=None), name="a_row_is_merged_away_once"
            ),
        ]
        indexes = [models.Index(fields=["at"], condition=Q(undone_at=None), name="merges_that_stand")]

    def __str__(self) -> str:
        return self.words
