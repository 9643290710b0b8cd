"""Changes of tier: found or proposed, announced where it goes down, decided."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models import Message
from lifecycle.growth.tiering.models.rulesets import TierRules
from partners.models import Membership, Partner, Tier, seen_by
from prm import addresses
from team.models import User
from team.readers import Reader


class TierChangeQuerySet(models.QuerySet["TierChange"]):
    def visible_to(self, user: User | Reader) -> TierChangeQuerySet:
        return self.filter(seen_by(user, "membership__partner"))

    def open(self) -> TierChangeQuerySet:
        return self.filter(state__in=[TierChange.State.NOTICE, TierChange.State.ASKED])

    def to_tell(self) -> TierChangeQuerySet:
        """What the partner is to be told: of a notice, and of what became of a change it knows of or has."""
        notice = Q(state=TierChange.State.NOTICE, told_at=None)
        known = Q(state=TierChange.State.DONE) | Q(told_at__isnull=False)
        return self.filter(notice | (known & Q(ended_at__isnull=False, ended_told_at=None)))


class TierChange(models.Model):
    """A membership would have another tier: up once a head says yes, down only after notice."""

    class State(models.TextChoices):
        NOTICE = "notice", "Under notice"
        ASKED = "asked", "To be decided"
        DONE = "done", "Changed"
        KEPT = "kept", "As before"
        LIFTED = "lifted", "No longer due"

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="tier_changes")
    rules = models.ForeignKey(TierRules, on_delete=models.PROTECT, null=True, related_name="+")
    before = models.ForeignKey(Tier, on_delete=models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    is_rise = models.BooleanField()
    state = models.CharField(max_length=6, choices=State)
    values = models.JSONField(default=dict, help_text="The values it was found by, as on a standing.")
    reason = models.TextField(blank=True, help_text="Of who proposed it by hand.")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    found_at = models.DateTimeField()
    found_on = models.DateField(help_text="The day of the standing it was found by.")
    told_in = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)
    notice_until = models.DateField(null=True, blank=True, help_text="Its last day to come up again.")
    next_check_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_told_at = models.DateTimeField(null=True, blank=True)

    objects = TierChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(state__in=["notice", "asked"]),
                name="one_open_tier_change_per_membership",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, notice_until=None)
                | Q(told_at__isnull=False, notice_until__isnull=False),
                name="a_notice_has_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-found_at", "-id"], name="tier_changes_by_state"),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="tier_changes_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.partner}: {self.before or 'no tier'} → {self.to}"

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:tier", self.membership_id)

    @property
    def partner(self) -> Partner:
        return self.membership.partner

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.NOTICE, self.State.ASKED}

    @property
    def waits_to_be_told(self) -> bool:
        return self.state == self.State.NOTICE and self.told_at is None

    def notice_is_over(self, day: date) -> bool:
        """Whether its last day to come up again has passed."""
        return self.notice_until is not None and day > self.notice_until
