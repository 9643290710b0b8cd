"""What is said and owed: conversations, messages, waits, commitments, decisions."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from partners.models import Contact, Partner, seen_by
from prm import addresses
from prm.models import OutboxItem
from team.models import Calendar, User


class Policy(models.Model):
    """What we promise: how soon we answer, and when we are told. An edit makes a new version."""

    class Mode(models.TextChoices):
        ELAPSED = "elapsed", "Round the clock"
        WORKING_DAYS = "working_days", "On working days"
        BUSINESS_HOURS = "business_hours", "In business hours"

    family = models.CharField(max_length=60, default="standard")
    version = models.PositiveIntegerField(default=1)
    mode = models.CharField(max_length=20, choices=Mode, default=Mode.ELAPSED)
    first_seconds = models.PositiveIntegerField(default=24 * 3600)
    next_seconds = models.PositiveIntegerField(default=24 * 3600)
    warn_share = models.DecimalField(max_digits=3, decimal_places=2, default="0.75")
    lead_after_seconds = models.PositiveIntegerField(
        default=4 * 3600, help_text="Working time after the due time."
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
        return f"{self.family} v{self.version}"


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: User) -> ConversationQuerySet:
        return self.filter(seen_by(user), merged_into=None)


class Conversation(models.Model):
    """A thread with a partner."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="conversations")
    subject = models.CharField(max_length=300)
    state = models.CharField(max_length=5, choices=State, default=State.OPEN)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    membership = models.ForeignKey(
        "partners.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    last_message_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = ConversationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["partner", "-last_message_at"], name="conversations_of_a_partner")]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return addresses.of("conversations:conversation", self.pk)

    @property
    def whose(self) -> User | None:
        """Who is responsible: who took it, else the owner."""
        return self.responsible or self.partner.owner


class Message(models.Model):
    """An item in a conversation. Withdrawn ones stay with their trace and count for nothing."""

    class Direction(models.TextChoices):
        IN = "in", "From the partner"
        OUT = "out", "From us"

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        CALL = "call", "Call"
        MEETING = "meeting", "Meeting"
        PORTAL = "portal", "Portal message"
        CHAT = "chat", "Chat"
        NOTE = "note", "Note"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    channel = models.CharField(max_length=10, choices=Channel)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    clamped = models.BooleanField(default=False, help_text="The provider's time was later than ours.")
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    visible_to_partner = models.BooleanField(default=True)
    is_automatic = models.BooleanField(default=False)
    is_holding = models.BooleanField(default=False)
    is_copy = models.BooleanField(default=False, help_text="We stand only in Cc: it opens no wait by itself.")
    asks = models.BooleanField(
        default=False, help_text="Opens a wait though its kind does not: a call after which they still wait."
    )
    answers = models.BooleanField(
        default=False, help_text="Answers though its kind does not: a call, a holding reply with a promise."
    )
    also_answers = models.ManyToManyField(
        Conversation, blank=True, related_name="answered_elsewhere", help_text="Other threads it answers."
    )
    unconfirmed = models.BooleanField(
        default=False, help_text="Reported too long afterwards: answers only once a lead has approved it."
    )
    bounced_at = models.DateTimeField(null=True, blank=True)
    address = models.CharField(max_length=320, blank=True, help_text="The other side's mail address.")
    external_id = models.CharField(max_length=995, blank=True, help_text="The Message-ID of a mail.")
    in_reply_to = models.TextField(
        blank=True, help_text="Message-IDs it answers, from In-Reply-To and References."
    )
    outbox = models.OneToOneField(OutboxItem, on_delete=models.PROTECT, null=True, related_name="message")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")

    class Meta:
        ordering = ["occurred_at", "recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="one_message_per_message_id"
            ),
            models.CheckConstraint(
                condition=~Q(channel="note") | Q(visible_to_partner=False), name="a_note_is_internal"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-occurred_at", "-id"], name="messages_of_a_partner"),
            models.Index(fields=["conversation", "occurred_at", "id"], name="messages_of_a_thread"),
            models.Index(
                fields=["partner", "occurred_at"],
                condition=Q(channel="meeting"),
                name="meetings_of_a_partner",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or f"{self.get_channel_display()} {self.pk}"

    @property
    def is_shared(self) -> bool:
        return self.visible_to_partner


class WaitQuerySet(models.QuerySet["Wait"]):
    def open(self) -> WaitQuerySet:
        """Still waiting: open, or open and late."""
        return self.filter(state__in=[Wait.State.OPEN, Wait.State.LATE])

    def due_before(self, at: datetime) -> WaitQuerySet:
        return self.filter(due_at__lt=at)

    def visible_to(self, user: User) -> WaitQuerySet:
        return self.filter(seen_by(user))


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
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="waits")
    opened_by = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="opened_waits")
    metric = models.CharField(max_length=10, choices=Metric)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    lead_at = models.DateTimeField()
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
            models.Index(fields=["partner", "state"], name="waits_of_a_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.partner} since {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.state in {Wait.State.OPEN, Wait.State.LATE}

    @property
    def is_late(self) -> bool:
        return self.state in {Wait.State.LATE, Wait.State.MET_LATE}


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, user: User) -> CommitmentQuerySet:
        return self.filter(seen_by(user))

    def open(self) -> CommitmentQuerySet:
        return self.filter(status=Commitment.Status.OPEN)


class Commitment(models.Model):
    """Who promised what to whom by when. A promise for a day ends at 24:00 in its owner's zone."""

    class Side(models.TextChoices):
        OURS = "ours", "We owe"
        THEIRS = "theirs", "They owe"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        KEPT = "kept", "Kept by its first date"
        RENEGOTIATED = "renegotiated", "Kept by a date moved beforehand"
        LATE = "late", "Kept late"
        BROKEN = "broken", "Broken"
        WITHDRAWN = "withdrawn", "Withdrawn"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="commitments")
    side = models.CharField(max_length=6, choices=Side)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    text = models.CharField(max_length=500)
    promised_for = models.DateField()
    original_promised_for = models.DateField()
    ends_at = models.DateTimeField(help_text="24:00 of the promised day in its owner's zone.")
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    made_in = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    visible_to_partner = models.BooleanField(default=False)
    moved_beforehand = models.BooleanField(
        default=False, help_text="Each move was before the date, with consent."
    )
    note = models.TextField(blank=True)
    next_check_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["promised_for", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(side="ours") | Q(owner__isnull=False), name="our_promise_has_an_owner"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_promise_has_words"),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="promises_to_check"
            ),
            models.Index(fields=["owner", "promised_for"], condition=Q(status="open"), name="open_promises"),
            models.Index(fields=["partner", "status"], name="promises_of_a_partner"),
            models.Index(
                fields=["promised_for"],
                condition=Q(status="open", side="theirs"),
                name="open_promises_of_theirs",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.status == Commitment.Status.OPEN


class Decision(models.Model):
    """An answer of ours to a partner, with a reason it can read and contest."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=40)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    wait = models.ForeignKey(Wait, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions")
    answer = models.CharField(max_length=3, choices=Answer)
    reason = models.TextField()
    appeal_until = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_decision_says_why")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_answer_display()}"
