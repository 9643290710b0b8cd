"""The formula of health in versions, and what it read each day."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from partners.models import HealthColour, Partner, seen_by
from prm import addresses
from reviews.health.scoring import Rules
from team.models import User
from team.readers import Reader


class HealthFormula(models.Model):
    """A version of what health weighs. Once published it never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    number = models.PositiveSmallIntegerField(unique=True)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    weights = models.JSONField(default=dict, help_text="By the key of the measure.")
    healthy_from = models.PositiveSmallIntegerField(default=70)
    watch_from = models.PositiveSmallIntegerField(default=50, help_text="Below it a partner is at risk.")
    half_life_days = models.PositiveSmallIntegerField(default=60)
    answers_months = models.PositiveSmallIntegerField(default=12, help_text="After them an answer expires.")
    certified_wanted = models.PositiveSmallIntegerField(default=2)
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="draft"), name="one_draft_of_the_health_formula"
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="published"), name="one_published_health_formula"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(published_at__isnull=False) & ~Q(why="")),
                name="a_published_health_formula_says_why",
            ),
            models.CheckConstraint(
                condition=Q(watch_from__lt=models.F("healthy_from"), healthy_from__lte=100),
                name="watch_begins_below_healthy",
            ),
            models.CheckConstraint(condition=Q(half_life_days__gte=1), name="events_fade"),
        ]

    def __str__(self) -> str:
        return f"Health formula, version {self.number}"

    @property
    def rules(self) -> Rules:
        """Its numbers, for the pure rules."""
        return Rules(
            self.weights,
            self.healthy_from,
            self.watch_from,
            self.half_life_days,
            self.answers_months,
            self.certified_wanted,
        )


class HealthRun(models.Model):
    """The reading of one day: by which version, as of which moment, and how far it has come."""

    day = models.DateField(unique=True)
    formula = models.ForeignKey(HealthFormula, on_delete=models.PROTECT, related_name="runs")
    at = models.DateTimeField()
    reached = models.BigIntegerField(default=0, help_text="The last partner that was read.")
    counted = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"Health on {self.day:%-d %B %Y}"


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def visible_to(self, user: User | Reader) -> SnapshotQuerySet:
        return self.filter(seen_by(user))


class Snapshot(models.Model):
    """The health of one partner on one day, by the version of that day. It is never worked out again."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="healths")
    day = models.DateField()
    formula = models.ForeignKey(HealthFormula, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(
        null=True, help_text="In tenths of a point; null where too little is known."
    )
    coverage = models.PositiveSmallIntegerField(help_text="In per cent.")
    colour = models.CharField(max_length=7, blank=True, help_text="By the thresholds.")
    stands = models.CharField(max_length=7, choices=HealthColour, blank=True, help_text="What is shown.")
    lines = models.JSONField(
        default=dict,
        encoder=DjangoJSONEncoder,
        help_text="By measure: tenths of a point, the most there were, rows, the newest day.",
    )

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "partner"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "day"], name="one_health_of_a_partner_and_day"),
            models.CheckConstraint(
                condition=Q(score__isnull=False) | Q(colour="", stands=""), name="no_score_has_no_colour"
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__lte=1000), name="health_is_of_a_hundred"
            ),
        ]
        indexes = [models.Index(fields=["day", "partner"], name="healths_by_day")]

    def __str__(self) -> str:
        return f"{self.partner} on {self.day:%-d %B %Y}"

    def get_absolute_url(self) -> str:
        return addresses.of("reviews:health", self.partner_id)

    @property
    def points(self) -> str:
        """Its score in points; "–" where there is none."""
        return "–" if self.score is None else f"{self.score / 10:.1f}"

    def line(self, key: str) -> list[Any] | None:
        """Tenths of a point, the most there were, rows and newest day of a measure; None where unknown."""
        found: list[Any] | None = self.lines.get(key)
        return found
