"""A referral, and to which partners it was offered."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from lifecycle.growth.models import Customer, Deal
from partners.models import Partner, seen_by
from prm import addresses
from prm.money import Money
from team.models import Region, User, Vertical
from team.readers import Reader


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User | Reader) -> ReferralQuerySet:
        """Those offered to partners this person may read, and all for whoever reads all."""
        if not user.is_active or not user.roles or not user.reads_own_only:
            return self if user.is_active and user.roles else self.none()
        return self.filter(pk__in=Offer.objects.filter(seen_by(user)).values("referral"))

    def open(self) -> ReferralQuerySet:
        return self.filter(state=Referral.State.OPEN)


class Referral(models.Model):
    """An opportunity of ours that a partner should pursue."""

    class State(models.TextChoices):
        OPEN = "open", "Offered"
        TAKEN = "taken", "Taken"
        NOBODY = "nobody", "Nobody took it"
        BACK = "back", "Pulled back"

    class Rule(models.TextChoices):
        TURN = "turn", "Next in turn"
        TIER = "tier", "Highest tier first"
        CHOSEN = "chosen", "Chosen by hand"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="referrals")
    name = models.CharField(max_length=200, help_text="What it is about.")
    words = models.TextField(blank=True, help_text="What we know; the partner reads it.")
    amount = models.BigIntegerField(null=True, blank=True, help_text="In minor units of the currency.")
    currency = models.CharField(max_length=3, default="EUR", help_text="ISO 4217.")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    vertical = models.ForeignKey(Vertical, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rule = models.CharField(max_length=6, choices=Rule)
    rule_words = models.CharField(max_length=300, help_text="By which rule it was passed, as it was then.")
    days = models.PositiveSmallIntegerField(default=3, help_text="Working days to answer.")
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    deal = models.OneToOneField(
        Deal, on_delete=models.PROTECT, null=True, blank=True, related_name="referral"
    )
    fact = models.OneToOneField(
        "lifecycle.Evidence", on_delete=models.SET_NULL, null=True, blank=True, related_name="referral"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(deal__isnull=False), name="a_taken_referral_has_its_deal"
            )
        ]
        indexes = [models.Index(fields=["state", "-made_at", "-id"], name="referrals_by_age")]

    def __str__(self) -> str:
        return f"{self.name}, {self.customer}"

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:referral", self.pk)

    @property
    def worth(self) -> Money | None:
        return None if self.amount is None else Money(self.amount, self.currency)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def met_on(self) -> date | None:
        """When the partner met the customer, as evidence that stands says."""
        return self.fact.on if self.fact is not None and not self.fact.is_withdrawn else None

    @property
    def outcome(self) -> str:
        """What became of it, in words: its deal's end where it was taken."""
        if self.deal is not None and not self.deal.is_open:
            return str(self.deal.get_state_display())
        if self.met_on is not None:
            return _("Met")
        return str(self.get_state_display())


class Offer(models.Model):
    """The referral offered to one partner, to be answered by a day."""

    class State(models.TextChoices):
        OFFERED = "offered", "To be answered"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        LAPSED = "lapsed", "Not answered"
        BACK = "back", "Pulled back"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="offers")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="offers")
    state = models.CharField(max_length=8, choices=State, default=State.OFFERED)
    offered_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["offered_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "partner"], name="offered_once_to_a_partner"),
            models.UniqueConstraint(
                fields=["referral"], condition=Q(state="accepted"), name="one_partner_takes_a_referral"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-offered_at"], name="offers_of_a_partner"),
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="offers_to_look_at"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral} to {self.partner}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OFFERED
