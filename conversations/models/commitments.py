"""Who promised what to whom by when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models.threads import Message, hidden_from
from partners.models import Contact, Partner, seen_by
from team.models import User
from team.readers import Reader


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, user: User | Reader) -> CommitmentQuerySet:
        """Those of partners this person reads; one made in a private conversation its people see, and
        whoever has to keep it."""
        return self.filter(seen_by(user), ~hidden_from(user, "made_in__conversation") | Q(owner=user.pk))

    def hidden_from(self, user: User | Reader) -> CommitmentQuerySet:
        """Those made in conversations that are private to others."""
        return self.filter(hidden_from(user, "made_in__conversation")).exclude(owner=user.pk)

    def open(self) -> CommitmentQuerySet:
        return self.filter(status=Commitment.Status.OPEN)


class Commitment(models.Model):
    """Who promised what to whom by when. A promise for a day ends at 24:00 in its owner's zone."""

    class Side(models.TextChoices):
        OURS = "ours", "We owe"
        THEIRS = "theirs", "They owe"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        KEPT = "kept", "Kept by its first date"
        RENEGOTIATED = "renegotiated", "Kept by a date moved beforehand"
        LATE = "late", "Kept late"
        BROKEN = "broken", "Broken"
        WITHDRAWN = "withdrawn", "Withdrawn"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, db_index=False, related_name="commitments")
    side = models.CharField(max_length=6, choices=Side)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    text = models.CharField(max_length=500)
    promised_for = models.DateField()
    original_promised_for = models.DateField()
    ends_at = models.DateTimeField(help_text="24:00 of the promised day in its owner's zone.")
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    made_in = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    visible_to_partner = models.BooleanField(default=False)
    moved_beforehand = models.BooleanField(
        default=False, help_text="Each move was before the date, with consent."
    )
    note = models.TextField(blank=True)
    next_check_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["promised_for", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(side="ours") | Q(owner__isnull=False), name="our_promise_has_an_owner"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_promise_has_words"),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="promises_to_check"
            ),
            models.Index(fields=["owner", "promised_for"], condition=Q(status="open"), name="open_promises"),
            models.Index(fields=["partner", "status"], name="promises_of_a_partner"),
            models.Index(
                fields=["promised_for"],
                condition=Q(status="open", side="theirs"),
                name="open_promises_of_theirs",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.status == Commitment.Status.OPEN
