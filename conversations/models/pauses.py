"""When a clock stood still, and why."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from conversations.models.waits import Wait
from team.models import Leave


class PauseQuerySet(models.QuerySet["Pause"]):
    def standing(self) -> PauseQuerySet:
        """Those nobody took back."""
        return self.filter(withdrawn_at=None)

    def running(self, at: datetime) -> PauseQuerySet:
        return self.standing().filter(starts_at__lte=at, ends_at__gt=at)


class Pause(models.Model):
    """The clock of a wait stands still from a moment to a moment. Waiting for a colleague is no ground."""

    class Ground(models.TextChoices):
        THEY_ASKED = "they_asked", "They asked us to wait"
        WE_ASKED = "we_asked", "We asked them for something"
        ABSENCE = "absence", "Away, as partners were told"

    wait = models.ForeignKey(Wait, on_delete=models.CASCADE, related_name="pauses")
    ground = models.CharField(max_length=10, choices=Ground)
    note = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    leave = models.ForeignKey(Leave, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")), name="a_pause_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["wait", "leave"],
                condition=Q(leave__isnull=False, withdrawn_at=None),
                name="one_pause_per_wait_and_leave",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_at"], condition=Q(ground="absence", withdrawn_at=None), name="absences_by_end"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_ground_display()} {self.starts_at:%Y-%m-%d %H:%M}–{self.ends_at:%Y-%m-%d %H:%M}"
