"""Where memberships stand by the rules of their programme, and the numbers people record."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from lifecycle.growth.tiering.models.rulesets import OwnMeasure, TierRules
from partners.models import Membership, Partner, Programme, Tier, seen_by
from prm import addresses
from team.models import User
from team.readers import Reader


class Measurement(models.Model):
    """A number of the company's own about a partner, as somebody recorded it; the newest day counts."""

    measure = models.ForeignKey(OwnMeasure, on_delete=models.PROTECT, related_name="measurements")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    value = models.PositiveBigIntegerField()
    on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["measure", "partner", "on"], name="measurements_by_day")]

    def __str__(self) -> str:
        return f"{self.measure}: {self.value}"


class TierCheck(models.Model):
    """When the memberships of a programme are measured next: every night, once it has rules."""

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="tier_check")
    next_check_at = models.DateTimeField(null=True, blank=True)
    day = models.DateField(null=True, blank=True, help_text="The day of the newest measuring.")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="tiers_to_measure"
            )
        ]

    def __str__(self) -> str:
        return str(self.programme)


class StandingQuerySet(models.QuerySet["Standing"]):
    def visible_to(self, user: User | Reader) -> StandingQuerySet:
        return self.filter(seen_by(user, "membership__partner"), membership__ends_on=None)


class Standing(models.Model):
    """Where one membership stands: the tier it has earned, and the value behind each requirement."""

    class Direction(models.TextChoices):
        RISE = "rise", "Would rise"
        STAY = "stay", "Stays"
        FALL = "fall", "Would fall"

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="standing")
    rules = models.ForeignKey(TierRules, on_delete=models.CASCADE, related_name="standings")
    day = models.DateField()
    earned = models.ForeignKey(Tier, on_delete=models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(
        Tier, on_delete=models.PROTECT, null=True, related_name="+", help_text="Where a change would lead."
    )
    direction = models.CharField(max_length=4, choices=Direction, default=Direction.STAY)
    since = models.DateField(help_text="Since when it would go there.")
    values = models.JSONField(default=dict, help_text="By the id of the requirement; null is not known.")
    next_check_at = models.DateTimeField(null=True, blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["direction", "since", "id"], name="standings_by_direction"),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="standings_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.get_direction_display()}"

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:tier", self.membership_id)
