"""Integrations of products by partners, their environments, and what stands in their way."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from conversations.models import Conversation
from lifecycle.growth.models import Product
from lifecycle.models.road import Evidence, Side
from lifecycle.onboarding.models import Plan
from partners.models import Contact, Partner, seen_by
from prm import addresses
from team.models import User
from team.readers import Reader


class IntegrationQuerySet(models.QuerySet["Integration"]):
    def visible_to(self, user: User | Reader) -> IntegrationQuerySet:
        return self.filter(seen_by(user))

    def standing(self) -> IntegrationQuerySet:
        """What is built or live."""
        return self.filter(state__in=Integration.STANDING)

    def blocked(self) -> IntegrationQuerySet:
        """Those not live that an open obstacle holds back."""
        obstacles = Obstacle.objects.open().filter(integration=OuterRef("pk"), is_blocking=True)
        return self.filter(Exists(obstacles), state=Integration.State.RUNNING)


class Integration(models.Model):
    """A partner connects a product of ours. Its plan is the checklist; each side names somebody technical."""

    class State(models.TextChoices):
        RUNNING = "running", "Being built"
        LIVE = "live", "Live"
        ENDED = "ended", "Ended"
        STOPPED = "stopped", "Stopped"

    STANDING = (State.RUNNING, State.LIVE)

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="integrations")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="integrations")
    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, related_name="integration")
    about = models.TextField(blank=True, help_text="What is connected with what.")
    our_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="integrations"
    )
    their_contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="integrations"
    )
    target_on = models.DateField(null=True, blank=True, help_text="The day it is meant to be live.")
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    live_on = models.DateField(null=True, blank=True)
    fact = models.ForeignKey(Evidence, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was stopped or ended.")
    ours_missed_at = models.DateTimeField(null=True, blank=True, help_text="When a successor was asked for.")
    theirs_missed_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)

    objects = IntegrationQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "product"],
                condition=Q(state__in=["running", "live"]),
                name="one_standing_integration_per_partner_and_product",
            ),
            models.CheckConstraint(
                condition=~Q(state="live") | Q(live_on__isnull=False), name="a_live_integration_has_its_day"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "live"]) | (Q(closed_at__isnull=False) & ~Q(reason="")),
                name="an_integration_that_is_over_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-begun_at", "-id"], name="integrations_by_age"),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="integrations_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} with {self.partner}"

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:integration", self.pk)

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_live(self) -> bool:
        return self.state == self.State.LIVE

    @property
    def is_standing(self) -> bool:
        return self.state in self.STANDING

    @property
    def misses_ours(self) -> bool:
        """Whether nobody of us is there for it: never named, or switched off."""
        return self.our_contact is None or not self.our_contact.is_active

    @property
    def misses_theirs(self) -> bool:
        """Whether nobody there is: never named, left or withdrawn."""
        there = self.their_contact
        return there is None or there.left_on is not None or there.withdrawn_at is not None


class Environment(models.Model):
    """A place where the integration runs or is tried. How to sign in there is kept elsewhere."""

    class Kind(models.TextChoices):
        SANDBOX = "sandbox", "Sandbox"
        TEST = "test", "Test"
        PRODUCTION = "production", "Production"
        OTHER = "other", "Other"

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        READY = "ready", "Ready"
        CLOSED = "closed", "Closed"

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="environments")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SANDBOX)
    name = models.CharField(max_length=100)
    address = models.URLField(max_length=500, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="Region, version, limits.")
    host = models.CharField(max_length=6, choices=Side, default=Side.OURS)
    state = models.CharField(max_length=7, choices=State, default=State.PLANNED)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "name"], name="one_environment_of_a_name_per_integration"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ObstacleQuerySet(models.QuerySet["Obstacle"]):
    def open(self) -> ObstacleQuerySet:
        return self.filter(closed_at=None)


class Obstacle(models.Model):
    """What is in the way of an integration, named by either side: an item of its checklist. One named in the
    portal has a conversation, whose clock runs until we answer; what needs a promise to be solved is made an
    issue, of the reviews."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="obstacles")
    text = models.TextField()
    is_blocking = models.BooleanField(default=False, help_text="Going live waits for it.")
    side = models.CharField(max_length=6, choices=Side, default=Side.OURS, help_text="Who solves it.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    raised_by_contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    resolution = models.TextField(blank=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ObstacleQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(resolution=""), name="a_closed_obstacle_says_how"
            )
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 80 else f"{self.text[:79]}…"

    def get_absolute_url(self) -> str:
        return f"{addresses.of('lifecycle:integration', self.integration_id)}#obstacle-{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
