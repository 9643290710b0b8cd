"""What was agreed in a review: actions, the minutes in versions, and the names under them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models import Commitment
from lifecycle.models import Task
from partners.models import Contact
from reviews.models.reviews import Review


class Action(models.Model):
    """What somebody will do, noted while the review is held. With an owner and a day it is a promise."""

    Side = Commitment.Side

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="actions")
    text = models.CharField(max_length=300)
    side = models.CharField(max_length=6, choices=Commitment.Side, default=Commitment.Side.OURS)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    commitment = models.OneToOneField(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="review_action"
    )
    task = models.OneToOneField(
        Task,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="review_action",
        help_text="As a step of the plan that repairs.",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="an_action_has_words")]

    def __str__(self) -> str:
        return self.text

    @property
    def missing(self) -> list[str]:
        """What it lacks to be a promise."""
        who = self.owner_id if self.side == self.Side.OURS else self.contact_id
        return [name for name, there in (("an owner", who), ("a date", self.due_on)) if not there]


class Minutes(models.Model):
    """The minutes as they were sent once; what is changed afterwards is the next version."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    promises = models.JSONField(default=list, help_text="Who promised what by when, in words.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 over words, promises and packet.")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="versions_of_minutes_are_numbered")
        ]

    def __str__(self) -> str:
        return f"Minutes of {self.review}, version {self.number}"


class SignedMinutes(models.Model):
    """A name that one side put under a version of the minutes."""

    version = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=6, choices=Review.Side)
    name = models.CharField(max_length=120, help_text="As it was typed.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True, help_text="Of the machine it was typed on.")
    fingerprint = models.CharField(max_length=64, help_text="Of what was signed.")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "side"], name="one_name_per_side_under_minutes"),
            models.CheckConstraint(condition=~Q(name=""), name="a_name_under_minutes_is_typed"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.at:%-d %B %Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A name is put once."""
        if self.pk is not None:
            raise TypeError("A signature is never changed.")
        super().save(*args, **kwargs)
