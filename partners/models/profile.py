"""The Ideal Partner Profile, its criteria, and how partners fit it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from partners.models.organisations import Partner
from partners.models.programmes import PartnerType


class Verdict(models.TextChoices):
    STRONG = "strong", "Strong fit"
    POSSIBLE = "possible", "Possible fit"
    WEAK = "weak", "Weak fit"
    NOT_A_FIT = "not_a_fit", "Not a fit"


class Profile(models.Model):
    """One version of a profile: draft → published → retired. Published, it never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    family = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    kind = models.ForeignKey(
        PartnerType, on_delete=models.PROTECT, null=True, blank=True, related_name="profiles"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    strong_at = models.PositiveSmallIntegerField(default=75)
    possible_at = models.PositiveSmallIntegerField(default=60)
    weak_at = models.PositiveSmallIntegerField(default=40)
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    written_at = models.DateTimeField(help_text="Since when its criteria stand, with the names of then.")
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["family", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["family", "number"], name="profile_versions_are_numbered"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(state="published"), name="one_published_profile_per_type"
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="published", kind=None),
                name="one_published_general_profile",
            ),
            models.UniqueConstraint(
                fields=["family"], condition=Q(state="draft"), name="one_draft_per_family"
            ),
            models.CheckConstraint(
                condition=Q(strong_at__gt=F("possible_at"), possible_at__gt=F("weak_at"), strong_at__lte=100),
                name="thresholds_descend",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("partners:profile", args=[self.pk])


class Criterion(models.Model):
    """One question of a profile version. `key` stays the same over versions, so that answers carry over."""

    class Kind(models.TextChoices):
        NUMBER = "number", "Number on a curve"
        CHOICE = "choice", "Choice with points"
        YES_NO = "yes_no", "Yes or no"
        OVERLAP = "overlap", "Overlap of sets"
        RATING = "rating", "Rating 0–5"

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    help = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    source = models.CharField(
        max_length=40, blank=True, help_text="The partner field it reads; empty: a person rates."
    )
    weight = models.PositiveSmallIntegerField(default=10)
    must_have = models.BooleanField(default=False)
    rule = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "key"], name="one_criterion_of_a_key_per_version"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="weights_are_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class Rating(models.Model):
    """What a person answered to a criterion, with a note. The newest counts."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, db_index=False, related_name="ratings")
    key = models.SlugField(max_length=60)
    value = models.JSONField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["partner", "key", "-at"], name="newest_rating")]

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"


class Fit(models.Model):
    """The score of one partner against one published version. Old ones stay, with their lines."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="fits")
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="fits")
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    coverage = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    is_current = models.BooleanField(default=True)
    scored_at = models.DateTimeField()

    class Meta:
        ordering = ["-scored_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(is_current=True), name="one_current_fit_per_partner"
            )
        ]
        indexes = [models.Index(fields=["profile", "is_current"], name="fits_of_a_version")]

    def __str__(self) -> str:
        return f"{self.partner}: {self.score} against {self.profile}"

    @property
    def is_provisional(self) -> bool:
        return self.coverage < 60


class FitLine(models.Model):
    """One criterion of a fit: the answer as it was, and its points from 0 to 1."""

    fit = models.ForeignKey(Fit, on_delete=models.CASCADE, db_index=False, related_name="lines")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    answer = models.JSONField(null=True)
    points = models.FloatField(null=True)

    class Meta:
        ordering = ["criterion__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["fit", "criterion"], name="one_line_per_criterion"),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__gte=0, points__lte=1), name="points_are_shares"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"

    @property
    def earned(self) -> float:
        """Weight × points."""
        return self.criterion.weight * (self.points or 0)
