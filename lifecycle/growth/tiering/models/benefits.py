"""What a tier gives: promises of ours to whoever has it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models import Commitment
from lifecycle.growth.tiering.models.changes import TierChange
from partners.models import Membership, Tier


class Benefit(models.Model):
    """Something partners of a tier get, within days of having it: once, or every quarter or year."""

    class Repeats(models.TextChoices):
        ONCE = "once", "Once"
        QUARTER = "quarter", "Every quarter"
        YEAR = "year", "Every year"

    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="benefits")
    text = models.CharField(max_length=300)
    within_days = models.PositiveSmallIntegerField(default=30)
    repeats = models.CharField(max_length=7, choices=Repeats, default=Repeats.ONCE)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["tier__rank", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_benefit_has_words")]

    def __str__(self) -> str:
        return self.text

    @property
    def every_months(self) -> int | None:
        """After how many months it is promised again."""
        return {self.Repeats.QUARTER: 3, self.Repeats.YEAR: 12}.get(self.Repeats(self.repeats))


class GivenBenefit(models.Model):
    """A benefit as one membership has it, since a confirmed rise."""

    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="given")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="given")
    change = models.ForeignKey(TierChange, on_delete=models.CASCADE, related_name="given")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    began_on = models.DateField()
    given = models.PositiveSmallIntegerField(default=0, help_text="How often it was promised.")
    next_check_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["change", "benefit"], name="a_change_gives_a_benefit_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="given_benefits_to_look_at",
            )
        ]

    def __str__(self) -> str:
        return f"{self.benefit}, {self.membership}"


class BenefitPromise(models.Model):
    """The promise a given benefit became, once for each of its periods."""

    given_benefit = models.ForeignKey(GivenBenefit, on_delete=models.CASCADE, related_name="promises")
    period = models.PositiveSmallIntegerField()
    commitment = models.OneToOneField(Commitment, on_delete=models.CASCADE, related_name="granted")

    class Meta:
        ordering = ["period"]
        constraints = [
            models.UniqueConstraint(
                fields=["given_benefit", "period"], name="a_benefit_is_promised_once_a_period"
            )
        ]

    def __str__(self) -> str:
        return str(self.commitment)
