"""The packet of a review: how it is arranged, what partners want talked about, and what was frozen."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from partners.models import Contact
from reviews.models.reviews import Review


class Arranged(models.Model):
    """Where a section stands in the packet of one review, whether it is left out, and what we say of it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="arranged")
    key = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField()
    is_hidden = models.BooleanField(default=False)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "key"], name="a_section_stands_once_in_a_review")
        ]

    def __str__(self) -> str:
        return f"{self.key} in {self.review}"


class Topic(models.Model):
    """Something that one side wants talked about."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="topics")
    text = models.CharField(max_length=300)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    by_contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def who(self) -> str:
        return str(self.by_user or self.by_contact or "")


class Packet(models.Model):
    """What was shown when the review was held: values, versions of the definitions, and their stamp."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="packet")
    values = models.JSONField()
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 over the values.")
    frozen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Packet of {self.review}"
