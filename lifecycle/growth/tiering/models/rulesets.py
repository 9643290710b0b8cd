"""What the tiers of a programme want, in versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from partners.models import Programme, Tier
from prm import addresses
from team.models import Named

NOTICE_DAYS = 90


class OwnMeasure(Named):
    """A number of the company's own that tiers can want, such as dedicated staff; people record it."""

    class Meta(Named.Meta):
        pass


class TierRules(models.Model):
    """A version of what the tiers of a programme want. Once published it never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="tier_rules")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    notice_days = models.PositiveSmallIntegerField(
        default=NOTICE_DAYS, help_text="From the day a partner is told until it can go down."
    )
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="tier_rules_are_numbered"),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(state="draft"), name="one_draft_of_tier_rules"
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state="published"),
                name="one_published_version_of_tier_rules",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(published_at__isnull=False) & ~Q(why="")),
                name="published_tier_rules_say_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}, version {self.number}"

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:tier_rules", self.programme_id)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class Requirement(models.Model):
    """What a tier wants of one criterion: at least so much, where it is counted over months in these."""

    rules = models.ForeignKey(TierRules, on_delete=models.CASCADE, related_name="requirements")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=60, help_text="The key of a registered criterion.")
    wanted = models.PositiveBigIntegerField(help_text="Money in minor units of the currency.")
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217.")
    months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["tier__rank", "criterion", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rules", "tier", "criterion"], name="one_requirement_of_a_tier_and_criterion"
            ),
            models.CheckConstraint(condition=Q(wanted__gte=1), name="a_requirement_wants_something"),
        ]

    def __str__(self) -> str:
        return f"{self.tier}: {self.criterion} {self.wanted}"
