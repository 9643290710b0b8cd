"""How many live partners and certified people we want where."""

from __future__ import annotations

from django.db import models
from django.db.models import BigIntegerField, Q, Value
from django.db.models.functions import Coalesce

from partners.models.programmes import PartnerType
from team.models import Region, Vertical


def _or_any(name: str) -> Coalesce:
    return Coalesce(name, Value(0), output_field=BigIntegerField())


class Segment(models.Model):
    """Partners of a type in a region and a vertical, each of which may be any (null): how many we want."""

    kind = models.ForeignKey(PartnerType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    vertical = models.ForeignKey(Vertical, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    partners = models.PositiveSmallIntegerField(default=0, help_text="Live partners that are wanted.")
    people = models.PositiveSmallIntegerField(default=0, help_text="Certified people that are wanted.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                _or_any("kind"), _or_any("region"), _or_any("vertical"), name="one_row_per_wanted_segment"
            ),
            models.CheckConstraint(
                condition=Q(partners__gt=0) | Q(people__gt=0), name="a_wanted_segment_wants_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partners} partners, {self.people} people"
