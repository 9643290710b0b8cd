"""The business review with a partner."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lifecycle.models import Plan
from partners.models import Contact, Partner, seen_by
from prm import addresses
from team.models import User
from team.readers import Reader

WINDOW = timedelta(days=14)


class ReviewState(models.TextChoices):
    """How far a review is."""

    PLANNED = "planned", _("Planned")
    PREPARING = "preparing", _("Preparing")
    PRE_READ = "pre_read", _("Pre-read sent")
    HELD = "held", _("Held")
    MINUTES = "minutes", _("Minutes sent")
    SIGNED = "signed", _("Signed by both")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


AHEAD = (ReviewState.PLANNED, ReviewState.PREPARING, ReviewState.PRE_READ)
OVER = (ReviewState.CLOSED, ReviewState.CANCELLED)


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: User | Reader) -> ReviewQuerySet:
        return self.filter(seen_by(user))

    def ahead(self) -> ReviewQuerySet:
        """Those still to be held."""
        return self.filter(state__in=AHEAD)

    def open(self) -> ReviewQuerySet:
        """Those of which a step is still to come."""
        return self.exclude(state__in=OVER)

    def overdue(self, today: date) -> ReviewQuerySet:
        """Those whose next step should have been taken."""
        return self.filter(due_on__lt=today)

    def out_of_window(self, today: date) -> ReviewQuerySet:
        """Those held more than 14 days from their day by the cadence, and those that cannot be any more."""
        missed = Q(state__in=AHEAD, slot_on__lt=today - WINDOW)
        return self.filter(Q(in_window=False) | missed)


class Review(models.Model):
    """A business review: its day by the cadence, the day it takes place, how far it is, what came of it.

    `due_on` is the day of its next step; a step taken sets the next one's.
    """

    State = ReviewState

    class Side(models.TextChoices):
        OURS = "ours", _("Us")
        THEIRS = "theirs", _("The partner")

    class Outcome(models.TextChoices):
        INVEST = "invest", _("Invest")
        KEEP = "keep", _("Keep")
        REPAIR = "repair", _("Repair")
        PART = "part", _("Part ways")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="reviews")
    slot_on = models.DateField(help_text="Its day by the cadence; it is never moved.")
    since_on = models.DateField(help_text="The first day it looks back at.")
    since_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When the packet before was frozen, on the day before: what was recorded later is its own.",
    )
    on = models.DateField(help_text="The day it takes place.")
    prepare_on = models.DateField()
    pre_read_on = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    minutes_by = models.DateField(null=True, blank=True)
    sign_by = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.PLANNED)
    minutes = models.TextField(blank=True, help_text="As they are being written.")
    readers = models.ManyToManyField(
        Contact, blank=True, related_name="+", help_text="Who there gets the pre-read and the minutes."
    )
    came = models.ManyToManyField(Contact, blank=True, related_name="+", help_text="Who of them was there.")
    came_of_us = models.ManyToManyField(User, blank=True, related_name="+")
    in_window = models.BooleanField(null=True, help_text="Held within 14 days of its day by the cadence.")
    our_moves = models.PositiveSmallIntegerField(default=0)
    their_moves = models.PositiveSmallIntegerField(default=0)
    cancelled_by = models.CharField(max_length=6, choices=Side, blank=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)
    outcome_note = models.TextField(blank=True)
    outcome_is_shared = models.BooleanField(default=False)
    look_again_on = models.DateField(null=True, blank=True, help_text="When a repair is looked at again.")
    definitions = models.JSONField(
        default=dict, blank=True, help_text="The versions that were confirmed, by section of the packet."
    )
    definitions_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who confirmed them.",
    )
    definitions_at = models.DateTimeField(null=True, blank=True)
    repair_plan = models.OneToOneField(
        Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="review"
    )
    next_check_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "slot_on"], name="one_review_per_partner_and_day"),
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(state__in=["planned", "preparing", "pre_read"]),
                name="one_review_ahead_per_partner",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason="") & ~Q(cancelled_by=""),
                name="a_cancelled_review_says_why_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "minutes", "signed", "closed"])
                | Q(held_on__isnull=False, in_window__isnull=False),
                name="a_held_review_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(outcome=""), name="a_closed_review_has_its_outcome"
            ),
            models.CheckConstraint(
                condition=Q(prepare_on__lte=F("on"), pre_read_on__lte=F("on")),
                name="a_review_is_prepared_beforehand",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-slot_on"], name="reviews_of_a_partner"),
            models.Index(fields=["on", "id"], name="reviews_by_day"),
            models.Index(fields=["state", "on", "id"], name="reviews_by_state"),
            models.Index(
                fields=["due_on", "id"], condition=Q(due_on__isnull=False), name="reviews_by_next_step"
            ),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="reviews_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return f"Review with {self.partner}, {self.on:%-d %B %Y}"

    def get_absolute_url(self) -> str:
        return addresses.of("reviews:review", self.pk)

    @property
    def is_ahead(self) -> bool:
        return self.state in AHEAD

    @property
    def is_held(self) -> bool:
        return self.held_on is not None

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_moved(self) -> bool:
        return bool(self.our_moves or self.their_moves)

    @property
    def next_step(self) -> str:
        """What is due on `due_on`, in words; "" where nothing is."""
        return str(STEPS.get(ReviewState(self.state), ""))


STEPS = {
    ReviewState.PLANNED: _("Prepare it"),
    ReviewState.PREPARING: _("Send the pre-read"),
    ReviewState.PRE_READ: _("Hold it"),
    ReviewState.HELD: _("Send the minutes"),
    ReviewState.MINUTES: _("Both sign"),
    ReviewState.SIGNED: _("Close it"),
}
