"""Deals: joint opportunities, who is credited for them, and what they were at any moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from partners.models import Partner, seen_by
from prm import addresses
from prm.days import plus_months
from prm.money import Money
from prm.search import FoldedField
from team.models import Named, User
from team.readers import Reader


class Product(Named):
    """What is sold: deals name the products they are about."""

    class Meta(Named.Meta):
        pass


class Phase(Named):
    """How far a deal is: open ones in order, and how it ends."""

    class Ends(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    ends = models.CharField(max_length=4, choices=Ends, default=Ends.OPEN)
    probability = models.PositiveSmallIntegerField(help_text="In percent, where a deal has none of its own.")

    class Meta(Named.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(probability__lte=100), name="a_phase_is_at_most_certain"),
            models.UniqueConstraint(fields=["ends"], condition=~Q(ends="open"), name="one_won_one_lost"),
        ]


class Customer(models.Model):
    """The company that buys: a customer of ours and of the partner."""

    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, help_text="The folded name without legal form.")
    website = models.URLField(max_length=300, blank=True)
    domain = models.CharField(max_length=253, blank=True, help_text="The registrable domain.")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2.")
    is_ours = models.BooleanField(default=False, help_text="We sell there ourselves.")
    our_seller = models.CharField(max_length=120, blank=True, help_text="Who of us looks after it.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["domain"], condition=~Q(domain=""), name="one_customer_per_domain"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_customer_has_a_name"),
        ]
        indexes = [models.Index(fields=["key"], name="customers_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:customer", self.pk)


class DealQuerySet(models.QuerySet["Deal"]):
    def visible_to(self, user: User | Reader) -> DealQuerySet:
        """Deals of partners this person may read: whoever reads own partners only sees a deal where
        one of them is credited."""
        if not user.is_active or not user.roles or not user.reads_own_only:
            return self.filter(seen_by(user))
        credited = Credit.objects.current().filter(seen_by(user))
        return self.filter(pk__in=credited.values("deal"))

    def open(self) -> DealQuerySet:
        return self.filter(state=Deal.State.OPEN)

    def with_likelihood(self) -> DealQuerySet:
        """With `likely`: its own probability, else its phase's, in percent."""
        return self.annotate(likely=Coalesce("probability", "phase__probability"))


class Deal(models.Model):
    """A joint opportunity with a customer. What a column was before stands in its versions."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    name = models.CharField(max_length=200)
    sort_name = FoldedField(max_length=200, of="name")
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="deals", help_text="Who has the primary credit."
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="deals")
    products = models.ManyToManyField(Product, blank=True, related_name="deals")
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="deals")
    phase_since = models.DateTimeField()
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)  # pushed from the phase
    amount = models.BigIntegerField(null=True, blank=True, help_text="In minor units of the currency.")
    currency = models.CharField(max_length=3, default="EUR", help_text="ISO 4217.")
    probability = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="In percent; empty, the phase's."
    )
    expected_close_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    lost_reason = models.CharField(max_length=300, blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="deals"
    )
    seller_name = models.CharField(max_length=120, blank=True, help_text="Who of us sells; needs no account.")
    seller_email = models.EmailField(blank=True)
    outside_id = models.CharField(max_length=200, blank=True, help_text="What another system calls it.")
    term_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="For how long it holds, from the day it closed."
    )
    renews = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewal"
    )
    next_check_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = DealQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_deal_has_a_name"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0), name="a_deal_is_worth_nothing_or_more"
            ),
            models.CheckConstraint(
                condition=Q(probability=None) | Q(probability__lte=100), name="a_deal_is_at_most_certain"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None) | (~Q(state="open") & Q(closed_on__isnull=False)),
                name="a_closed_deal_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="lost") | ~Q(lost_reason=""), name="a_lost_deal_says_why"
            ),
            models.UniqueConstraint(
                fields=["outside_id"], condition=~Q(outside_id=""), name="an_outside_id_names_one_deal"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "expected_close_on", "id"], name="deals_by_expected_close"),
            models.Index(fields=["state", "phase", "expected_close_on", "id"], name="deals_of_a_phase"),
            models.Index(fields=["partner", "state", "expected_close_on"], name="deals_of_a_partner"),
            models.Index(fields=["owner", "state", "expected_close_on"], name="deals_of_an_owner"),
            models.Index(fields=["state", "-closed_on", "-id"], name="deals_by_closing"),
            models.Index(fields=["expected_close_on", "id"], name="all_deals_by_expected_close"),
            models.Index(fields=["sort_name", "id"], name="deals_by_name"),
            models.Index(fields=["amount", "id"], name="deals_by_amount"),
            models.Index(
                fields=["state", "currency"],
                include=["phase", "amount", "partner"],
                name="deals_summed",  # without a look at the rows
            ),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="deals_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:deal", self.pk)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def worth(self) -> Money | None:
        return None if self.amount is None else Money(self.amount, self.currency)

    @property
    def term_ends_on(self) -> date | None:
        """The last day of what was won; None where it has no term."""
        if self.state != self.State.WON or self.closed_on is None or not self.term_months:
            return None
        return plus_months(self.closed_on, self.term_months) - timedelta(days=1)


M = TypeVar("M", bound=models.Model)


class DatedQuerySet(models.QuerySet[M]):
    """Rows that hold from a moment to a moment."""

    def current(self) -> Self:
        return self.filter(to_at=None)

    def at(self, moment: datetime) -> Self:
        """Those that held at a moment; what changed at that very moment holds already."""
        return self.filter(Q(to_at=None) | Q(to_at__gt=moment), from_at__lte=moment)


class DealVersion(models.Model):
    """What a deal was from a moment to a moment, so that a past quarter is reckoned as it stood."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="versions")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=4, choices=Deal.State)
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    likely = models.PositiveSmallIntegerField(help_text="In percent.")
    expected_close_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["from_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deal"], condition=Q(to_at=None), name="one_current_version_per_deal"
            ),
            models.CheckConstraint(
                condition=Q(to_at=None) | Q(to_at__gte=F("from_at")), name="a_version_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["from_at", "to_at"], name="versions_by_moment")]

    def __str__(self) -> str:
        return f"{self.deal} from {self.from_at}"


class Credit(models.Model):
    """A partner's part in a deal, from a moment to a moment. The primary one is the deal's own column."""

    class Role(models.TextChoices):
        SOURCED = "sourced", "Sourced"
        INFLUENCED = "influenced", "Influenced"
        RESOLD = "resold", "Resold"
        FULFILLED = "fulfilled", "Fulfilled"
        DELIVERED = "delivered", "Delivered"

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="credits")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="credits")
    role = models.CharField(max_length=10, choices=Role)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["from_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "partner", "role"],
                condition=Q(to_at=None),
                name="one_current_credit_of_a_kind",
            ),
        ]
        indexes = [models.Index(fields=["partner", "to_at"], name="credits_of_a_partner")]

    def __str__(self) -> str:
        return f"{self.partner}: {self.get_role_display()}"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: User | Reader) -> RegistrationQuerySet:
        return self.filter(seen_by(user))

    def standing(self) -> RegistrationQuerySet:
        """What keeps others off a customer: asked for, or protected."""
        return self.filter(state__in=[Registration.State.ASKED, Registration.State.PROTECTED])


class Registration(models.Model):
    """A partner's claim on a deal with a customer: once accepted, it is protected until a day."""

    class State(models.TextChoices):
        ASKED = "asked", "To be decided"
        PROTECTED = "protected", "Protected"
        DECLINED = "declined", "Declined"
        EXPIRED = "expired", "Run out"
        WITHDRAWN = "withdrawn", "Taken back"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="registrations")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="registrations")
    products = models.ManyToManyField(Product, blank=True, related_name="+")
    name = models.CharField(max_length=200, help_text="What the deal is about.")
    words = models.TextField(blank=True, help_text="What was done there so far, and what is planned.")
    amount = models.BigIntegerField(null=True, blank=True, help_text="In minor units of the currency.")
    currency = models.CharField(max_length=3, default="EUR", help_text="ISO 4217.")
    expected_close_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    protected_until = models.DateField(null=True, blank=True, help_text="The last day of its protection.")
    deal = models.OneToOneField(
        Deal, on_delete=models.PROTECT, null=True, blank=True, related_name="registration"
    )
    next_check_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="protected") | Q(protected_until__isnull=False, deal__isnull=False),
                name="a_protected_registration_has_its_deal_and_its_day",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_registration_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["customer", "state"], name="registrations_of_a_customer"),
            models.Index(fields=["partner", "-asked_at"], name="registrations_of_a_partner"),
            models.Index(fields=["state", "protected_until", "id"], name="registrations_by_their_end"),
            models.Index(fields=["asked_at", "id"], name="all_registrations_by_age"),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="registrations_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.customer}"

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:registration", self.pk)

    @property
    def worth(self) -> Money | None:
        return None if self.amount is None else Money(self.amount, self.currency)

    @property
    def is_protected(self) -> bool:
        return self.state == self.State.PROTECTED
