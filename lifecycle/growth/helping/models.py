"""Requests for help on deals."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models import Conversation
from lifecycle.growth.models import Deal
from partners.models import Contact, Partner
from prm import addresses
from prm.money import Money


class Help(models.Model):
    """What a partner needs of us for a deal. Its conversation carries the clock: it ends with our reply, and
    for a special price with a decision."""

    class Kind(models.TextChoices):
        PRE_SALES = "pre_sales", "Pre-sales"
        QUOTE = "quote", "Quote"
        PRICE = "price", "Special price"
        EXECUTIVE = "executive", "Executive call"

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="helps")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    words = models.TextField()
    price = models.BigIntegerField(null=True, blank=True, help_text="Wanted, in minor units.")
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217.")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, null=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="price", price__isnull=False) | (~Q(kind="price") & Q(price=None)),
                name="only_a_special_price_names_a_price",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for “{self.deal}”"

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:deal", self.deal_id)

    @property
    def worth(self) -> Money | None:
        return None if self.price is None else Money(self.price, self.currency)
