"""What we promise and the clocks that run by it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from conversations.models.threads import Conversation, Message, hidden_from
from partners.models import Partner, PartnerType, Tier, seen_by
from prm import addresses
from team.models import Calendar, Region, User
from team.readers import Reader


class Policy(models.Model):
    """What we promise: how soon we answer, and when we are told. An edit makes a new version.

    It holds for partners of any of its tiers, types and regions and for its channel; none means all.
    """

    class Mode(models.TextChoices):
        ELAPSED = "elapsed", "Round the clock"
        WORKING_DAYS = "working_days", "On working days"
        BUSINESS_HOURS = "business_hours", "In business hours"

    family = models.CharField(max_length=60, default="standard")
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=80, default="Standard")
    priority = models.SmallIntegerField(default=0)
    tiers = models.ManyToManyField(Tier, blank=True, related_name="+")
    kinds = models.ManyToManyField(PartnerType, blank=True, related_name="+")
    regions = models.ManyToManyField(Region, blank=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Message.Channel, blank=True)
    decides = models.CharField(
        max_length=40, blank=True, help_text="The kind of decision it is the promise of; empty: of replies."
    )
    mode = models.CharField(max_length=20, choices=Mode, default=Mode.ELAPSED)
    first_seconds = models.PositiveIntegerField(default=24 * 3600)
    next_seconds = models.PositiveIntegerField(default=24 * 3600)
    warn_share = models.DecimalField(max_digits=3, decimal_places=2, default="0.75")
    lead_after_seconds = models.PositiveIntegerField(
        default=4 * 3600, help_text="Working time after the due time."
    )
    head_after_days = models.PositiveSmallIntegerField(
        default=2, null=True, blank=True, help_text="Working days after the due time; empty: no head is told."
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["family", "version"], name="policy_versions_are_numbered"),
            models.UniqueConstraint(
                fields=["family"], condition=Q(is_active=True), name="one_active_version"
            ),
            models.CheckConstraint(
                condition=Q(first_seconds__gt=0, next_seconds__gt=0), name="targets_are_positive"
            ),
            models.CheckConstraint(
                condition=Q(warn_share__gt=0, warn_share__lt=1), name="warned_before_it_is_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    def get_absolute_url(self) -> str:
        return addresses.of("conversations:policy", self.pk)

    @property
    def first_words(self) -> str:
        return f"{self.first_seconds / 3600:.4g} h"

    @property
    def next_words(self) -> str:
        return f"{self.next_seconds / 3600:.4g} h"

    @property
    def is_for_all(self) -> bool:
        """Whether it holds for everybody, on every channel."""
        scopes = (self.tiers, self.kinds, self.regions)
        return not self.channel and not any(scope.all() for scope in scopes)


class WaitQuerySet(models.QuerySet["Wait"]):
    def open(self) -> WaitQuerySet:
        """Still waiting: open, or open and late."""
        return self.filter(state__in=[Wait.State.OPEN, Wait.State.LATE])

    def for_reply(self) -> WaitQuerySet:
        """Those that a reply answers."""
        return self.filter(metric__in=[Wait.Metric.FIRST, Wait.Metric.NEXT])

    def due_before(self, at: datetime) -> WaitQuerySet:
        return self.filter(due_at__lt=at)

    def visible_to(self, user: User | Reader) -> WaitQuerySet:
        return self.filter(seen_by(user), ~hidden_from(user, "conversation"))


class Wait(models.Model):
    """A partner is waiting for our answer. Policy and calendar are copied here when it opens."""

    class Metric(models.TextChoices):
        FIRST = "first", "First reply"
        NEXT = "next", "Next reply"
        DECISION = "decision", "Decision"
        ISSUE = "issue", "Issue"

    class State(models.TextChoices):
        OPEN = "open", "Waiting"
        LATE = "late", "Waiting, late"
        MET = "met", "Answered in time"
        MET_LATE = "met_late", "Answered late"
        CANCELLED = "cancelled", "No reply needed"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="waits")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, db_index=False, related_name="waits")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="+",
        help_text="Pushed by conversations.responsibility: who is responsible for its conversation.",
    )
    opened_by = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="opened_waits")
    metric = models.CharField(max_length=10, choices=Metric)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    lead_at = models.DateTimeField()
    head_at = models.DateTimeField(null=True, help_text="When the head hears of it; empty: never.")
    paused_until = models.DateTimeField(null=True, help_text="The end of its last pause.")
    due_outside = models.BooleanField(default=False, help_text="It falls due outside working time.")
    next_check_at = models.DateTimeField(null=True)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="waits")
    target_seconds = models.PositiveIntegerField()
    calendar = models.JSONField(help_text="The office hours as they were: zone, weekly, exceptions.")
    calendar_of = models.ForeignKey(
        Calendar, on_delete=models.SET_NULL, null=True, blank=True, related_name="waits"
    )
    calendar_version = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answer = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="closed_waits")
    elapsed_seconds = models.PositiveBigIntegerField(null=True)
    working_seconds = models.PositiveBigIntegerField(null=True)
    breached_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField(null=True)
    reply_reported = models.BooleanField(default=False, help_text="Somebody reports a reply; not confirmed.")
    asked_again = models.BooleanField(
        default=False, help_text="They wrote again within two working days of the answer."
    )
    only_thanks = models.BooleanField(
        default=False, help_text="All they wrote since it opened only says thanks."
    )
    cleared = models.BooleanField(default=False, help_text="It was put away as thanks, with one press.")
    breach_voided_reason = models.CharField(max_length=300, blank=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = WaitQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(state__in=["open", "late"], metric__in=["first", "next"]),
                include=["partner", "due_at", "state", "only_thanks"],  # counted without a look at the rows
                name="one_open_reply_wait_per_conversation",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["met", "met_late"], answered_at__isnull=False)
                | ~Q(state__in=["met", "met_late"]),
                name="an_answered_wait_has_its_answer_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="met") | Q(answered_at__lte=F("due_at")), name="met_means_in_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="met_late") | Q(answered_at__gt=F("due_at")), name="met_late_means_late"
            ),
            models.CheckConstraint(
                condition=~Q(state="late") | Q(breached_at__isnull=False), name="a_late_wait_has_its_breach"
            ),
            models.CheckConstraint(
                condition=Q(breached_at=None) | Q(breached_at=F("due_at")), name="the_breach_is_the_due_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason=""), name="a_cancelled_wait_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="waits_to_check"
            ),
            models.Index(fields=["due_at"], condition=Q(state__in=["open", "late"]), name="open_waits"),
            models.Index(
                fields=["id"], condition=Q(state__in=["open", "late"]), name="open_waits_as_they_came"
            ),
            models.Index(
                fields=["partner", "due_at"],
                condition=Q(state__in=["open", "late"]),
                name="open_waits_of_a_partner",
            ),
            models.Index(
                fields=["responsible", "due_at"],
                condition=Q(state__in=["open", "late"]),
                name="open_waits_of_a_person",
            ),
            models.Index(fields=["partner", "state"], name="waits_of_a_partner"),
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["open", "late"], only_thanks=True),
                name="open_waits_of_thanks",
            ),
            models.Index(
                fields=["calendar_of", "calendar_version"],
                condition=Q(state="open"),
                name="open_waits_by_calendar",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} since {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.state in {Wait.State.OPEN, Wait.State.LATE}

    @property
    def is_late(self) -> bool:
        return self.state in {Wait.State.LATE, Wait.State.MET_LATE}
