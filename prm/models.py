"""What the kernel keeps: mail to send, jobs to do, and how the sweep is."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from prm import once


class OutboxItem(models.Model):
    """One mail that must go out, exactly once in effect. See `prm.outbox`."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        KEPT = "kept", "Kept here, no mail server is set"
        DROPPED = "dropped", "Not needed any more"
        FAILED = "failed", "Could not be sent"
        BOUNCED = "bounced", "Came back"
        HELD = "held", "Held back, the address takes no mail"

    kind = models.CharField(max_length=60)
    key = models.CharField(
        max_length=200, unique=True, help_text="What it is sent for; a second one is not made."
    )
    about = models.JSONField(default=dict)
    message_id = models.CharField(max_length=250, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    next_check_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    to = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    body = models.TextField(blank=True)
    is_private = models.BooleanField(default=False, help_text="Its words are for who gets it alone.")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", next_check_at__isnull=False) | ~Q(state="waiting"),
                name="waiting_mail_has_a_next_check",
            ),
        ]
        indexes = [
            models.Index(fields=["next_check_at"], condition=Q(state="waiting"), name="mail_to_send"),
            models.Index(fields=["-created_at", "-id"], name="mail_newest_first"),
        ]

    def __str__(self) -> str:
        return self.subject or self.kind


class BouncedAddress(models.Model):
    """An address our mail came back from; suppressed, it gets no automatic mail. See `prm.bounces`."""

    email = models.EmailField(unique=True)
    bounces = models.PositiveSmallIntegerField()
    last_bounced_at = models.DateTimeField()
    suppressed_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["suppressed_until"],
                condition=Q(suppressed_until__isnull=False),
                name="suppressed_addresses",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def is_dead(self, at: datetime) -> bool:
        return self.suppressed_until is not None and self.suppressed_until > at


class Job(models.Model):
    """Long work, claimed with a lease that the worker renews. See `prm.jobs`."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=60)
    about = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    says = models.TextField(blank=True)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(state__in=["waiting", "running"]), name="jobs_to_do"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class Heartbeat(models.Model):
    """When a recurring piece of work last ended, and how far behind it found itself."""

    name = models.CharField(max_length=40, primary_key=True)
    ended_at = models.DateTimeField()
    lag_seconds = models.FloatField(default=0)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class OnceKey(models.Model):
    """A form's one-time key, spent: a double press sends once."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    spent_at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["spent_at"], name="once_keys_by_age")]

    def __str__(self) -> str:
        return str(self.key)

    @classmethod
    def is_fresh(cls, key: uuid.UUID, at: datetime) -> bool:
        """Spend the key; False when it was spent before. Call inside the verb's transaction."""
        return once.add(cls(key=key, spent_at=at), ("key",))


class Import(models.Model):
    """A file handed in: how it was read, what its columns and values mean, and what came of it.

    The file is the truth; its `rows` are made from it at each check. See `prm.importing`.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "Being checked"
        READY = "ready", "Ready to go in"
        RUNNING = "running", "Going in"
        DONE = "done", "In"
        BROKEN = "broken", "Cannot be read"
        DROPPED = "dropped", "Dropped"

    noun = models.CharField(max_length=40)
    file = models.FileField(upload_to="imports/%Y/")
    file_name = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    said = models.CharField(max_length=200, blank=True, help_text="How the file was read.")
    columns = models.JSONField(default=list, help_text="[{name, samples, values: {text: count}}]")
    headers = models.CharField(max_length=64, blank=True, help_text="One figure for the column names.")
    mapping = models.JSONField(default=dict)
    settled_at = models.DateTimeField(null=True, help_text="When somebody settled what the columns mean.")
    read_as = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="+", help_text="Whose mapping was taken."
    )
    counts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, help_text="Of the preview.")
    says = models.TextField(blank=True)
    skip_rejected = models.BooleanField(default=False)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["by", "-created_at"], name="imports_of_a_person"),
            models.Index(
                fields=["noun", "headers", "-settled_at"],
                condition=Q(settled_at__isnull=False),
                name="how_such_files_were_read",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        return self.state in {self.State.CHECKING, self.State.RUNNING}

    @property
    def tone(self) -> str:
        """The colour of its state."""
        if self.is_stuck:
            return "warn"
        tones = {self.State.DONE: "ok", self.State.BROKEN: "bad", self.State.READY: "info"}
        return tones.get(self.State(self.state), "")

    @property
    def has_rejected(self) -> bool:
        return bool(self.counts.get("rejected"))

    @property
    def has_something(self) -> bool:
        """Whether there is a row that would change anything."""
        return bool(self.counts.get("new") or self.counts.get("changed"))

    @property
    def is_stuck(self) -> bool:
        """Whether it was checked and no row can go in as things are, some being rejected."""
        return self.state == self.State.READY and self.has_rejected and not self.has_something


class ImportRow(models.Model):
    """One row of the file: its cells, what was read from them, and what becomes of it."""

    class Outcome(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        SAME = "same", "Same"
        REJECTED = "rejected", "Rejected"

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="As the spreadsheet numbers it; the header is 1.")
    cells = models.JSONField()
    facts = models.JSONField(null=True, help_text="What was read from the cells; null where that failed.")
    outcome = models.CharField(max_length=8, choices=Outcome)
    title = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True, help_text="Why it is rejected, and the way out.")
    note = models.TextField(blank=True, help_text="What else is to be known.")
    together = models.PositiveIntegerField(null=True, help_text="The first row of the same thing.")
    target = models.BigIntegerField(null=True, help_text="What stands already, or what it became.")
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="one_row_of_a_number_per_import")
        ]
        indexes = [models.Index(fields=["of", "outcome", "number"], name="rows_by_outcome")]

    def __str__(self) -> str:
        return f"row {self.number}"
