"""How often there is a review."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models import Partner, Tier


class Every(models.IntegerChoices):
    """Months from one review to the next."""

    QUARTER = 3, _("every quarter")
    HALF = 6, _("every half year")
    YEAR = 12, _("every year")


class Cadence(models.Model):
    """How often the partners of a tier are reviewed, where it is not what its rank says."""

    tier = models.OneToOneField(Tier, on_delete=models.CASCADE, related_name="+")
    months = models.PositiveSmallIntegerField(choices=Every)

    def __str__(self) -> str:
        return f"{self.tier}: {self.get_months_display()}"


class Rhythm(models.Model):
    """The day a partner's reviews are counted from, and its own cadence where it has one."""

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="rhythm")
    anchor_on = models.DateField()
    months = models.PositiveSmallIntegerField(choices=Every, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(months=None) | Q(months__in=Every.values), name="a_rhythm_is_a_known_cadence"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner} from {self.anchor_on}"
