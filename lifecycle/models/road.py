"""The road: facts that gates ask for, and tasks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from partners.models import Partner, Stage, seen_by
from team.models import User
from team.readers import Reader


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User | Reader) -> EvidenceQuerySet:
        return self.filter(seen_by(user))

    def standing(self) -> EvidenceQuerySet:
        """What was not withdrawn."""
        return self.filter(withdrawn_at=None)


class Evidence(models.Model):
    """A dated fact that a gate can ask for. Withdrawn, it stays with its reason and counts no more."""

    class Kind(models.TextChoices):
        AGREEMENT_SIGNED = "agreement_signed", "Agreement signed"
        KICK_OFF_HELD = "kick_off_held", "Kick-off held"
        TRAINING_DONE = "training_done", "Training done"
        REVIEW_HELD = "review_held", "Review held"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=30, choices=Kind)
    on = models.DateField()
    note = models.TextField(blank=True)
    file = models.FileField(upload_to="evidence/%Y/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["partner", "kind"], name="evidence_of_a_partner")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.on}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def get_absolute_url(self) -> str:
        return self.partner.get_absolute_url()


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User | Reader) -> TaskQuerySet:
        return self.filter(seen_by(user))

    def open(self) -> TaskQuerySet:
        return self.filter(done_at=None, skipped_at=None)


class Task(models.Model):
    """A dated step with a partner, ours or theirs. Required ones stand before the next stage."""

    class Side(models.TextChoices):
        OURS = "ours", "Ours"
        THEIRS = "theirs", "Theirs"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="tasks")
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.ONBOARDING)
    text = models.CharField(max_length=300)
    side = models.CharField(max_length=6, choices=Side, default=Side.OURS)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    due_on = models.DateField(null=True, blank=True)
    is_required = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    skipped_at = models.DateTimeField(null=True, blank=True)
    skipped_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="open_tasks"),
            models.Index(fields=["partner"], name="tasks_of_a_partner"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.partner.get_absolute_url()

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.skipped_at is None


class UsualStay(models.Model):
    """How long a stay in a stage usually lasts, measured over the company; kept up by the sweep."""

    stage = models.CharField(max_length=12, choices=Stage, unique=True)
    days = models.FloatField()
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.days:.1f} days"
