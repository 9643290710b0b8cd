"""What partners are members of, and how partners hang together."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from partners.models.organisations import Partner
from team.models import Named, Region


class PartnerType(Named):
    """Reseller, distributor, system integrator, …; admins may add."""

    class Meta(Named.Meta):
        pass


class Programme(Named):
    """What partners of one type are members of."""

    kind = models.ForeignKey(PartnerType, on_delete=models.PROTECT, related_name="programmes")

    class Meta(Named.Meta):
        pass


class Tier(models.Model):
    """A level within a programme; `rank` 1 is the highest; `weight` is its share of a manager's load."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="tiers")
    name = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField(default=1)
    weight = models.DecimalField(max_digits=4, decimal_places=2, default=1)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["programme", "rank", "name"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="one_tier_of_a_name_per_programme")
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A partner's place in one programme, from a day to a day. One of them is main."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="memberships")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="memberships")
    tier = models.ForeignKey(
        Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    regions = models.ManyToManyField(Region, blank=True)
    is_main = models.BooleanField(default=False)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-is_main", "programme__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(is_main=True, ends_on=None),
                name="one_main_membership_per_partner",
            ),
            models.UniqueConstraint(
                fields=["partner", "programme"],
                condition=Q(ends_on=None),
                name="one_current_membership_per_programme",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} in {self.programme}"


class Link(models.Model):
    """Partner to partner, from a day to a day. A link alone shows nothing to either side."""

    class Kind(models.TextChoices):
        DISTRIBUTES_TO = "distributes_to", "distributes to"
        OWNED_BY = "owned_by", "is owned by"
        DELIVERS_WITH = "delivers_with", "delivers with"
        REFERRED_BY = "referred_by", "was referred by"

    kind = models.CharField(max_length=20, choices=Kind)
    of = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="links")
    to = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="linked_from")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "of", "to"], condition=Q(ends_on=None), name="one_current_link_of_a_kind"
            ),
            models.CheckConstraint(condition=~Q(of=F("to")), name="nobody_links_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.get_kind_display()} {self.to}"
