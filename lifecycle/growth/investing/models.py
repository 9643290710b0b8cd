"""An investment in a partner."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models import Partner, seen_by
from prm.money import Money
from team.models import User
from team.readers import Reader


class InvestmentQuerySet(models.QuerySet["Investment"]):
    def visible_to(self, user: User | Reader) -> InvestmentQuerySet:
        return self.filter(seen_by(user))

    def standing(self) -> InvestmentQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def shown(self) -> InvestmentQuerySet:
        """Those the partner reads."""
        return self.standing().filter(is_shown=True)


class Investment(models.Model):
    """What one day of ours, money of ours or a door opened by us was to a partner. Amounts of funds are
    confidential ("read confidential"); what stands in its words is not."""

    class Kind(models.TextChoices):
        HOURS = "hours", _("Hours")
        FUNDS = "funds", _("Funds")
        INTRODUCTION = "introduction", _("Introduction")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="investments")
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField()
    minutes = models.PositiveIntegerField(null=True, blank=True)
    amount = models.BigIntegerField(null=True, blank=True, help_text="In minor units of the currency.")
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217.")
    to = models.CharField(max_length=200, blank=True, help_text="Whom we introduced them to.")
    words = models.CharField(max_length=300)
    is_shown = models.BooleanField(default=False, help_text="The partner reads it in its review.")
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = InvestmentQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind="hours", minutes__isnull=False, minutes__gt=0, amount=None, currency="", to=""
                )
                | Q(kind="funds", minutes=None, amount__isnull=False, amount__gt=0, to="") & ~Q(currency="")
                | Q(kind="introduction", minutes=None, amount=None, currency="") & ~Q(to=""),
                name="an_investment_says_how_much_or_to_whom",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="a_withdrawn_investment_says_why",
            ),
        ]
        indexes = [models.Index(fields=["partner", "-on", "-id"], name="investments_of_a_partner")]

    def __str__(self) -> str:
        """Without the amount, which not everybody may read."""
        return f"{self.get_kind_display()}: {self.words}"

    @property
    def worth(self) -> Money | None:
        return None if self.amount is None else Money(self.amount, self.currency)

    @property
    def time(self) -> str:
        """Its hours in words; "" where it is of another kind."""
        return in_hours(self.minutes or 0)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


def in_hours(minutes: int) -> str:
    """Working time in words, "26 h 30 min": never in days, which are not 24 hours of anybody; "" for none."""
    hours, rest = divmod(minutes, 60)
    return " ".join(f"{count} {unit}" for count, unit in ((hours, "h"), (rest, "min")) if count)
