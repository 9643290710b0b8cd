"""Where a calendar's public holidays come from, so that those of the coming years follow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from team.models.people import Calendar


class HolidaySource(models.Model):
    """A country, or a part of it, whose public holidays a calendar keeps year after year."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="holiday_sources")
    country = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=10, blank=True)
    through = models.PositiveSmallIntegerField(help_text="The last year whose holidays were taken.")
    next_check_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["country", "subdivision"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "country", "subdivision"], name="one_source_of_holidays_per_place"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="sources_of_holidays_to_check",
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.subdivision}".strip()
