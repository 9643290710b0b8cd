"""The road: facts that gates ask for, and tasks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from partners.models import Contact, Partner, Stage, seen_by
from prm import addresses
from team.models import User
from team.readers import Reader


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User | Reader) -> EvidenceQuerySet:
        return self.filter(seen_by(user))

    def standing(self) -> EvidenceQuerySet:
        """What was not withdrawn."""
        return self.filter(withdrawn_at=None)


class Evidence(models.Model):
    """A dated fact that a gate can ask for. Withdrawn, it stays with its reason and counts no more."""

    class Kind(models.TextChoices):
        AGREEMENT_SIGNED = "agreement_signed", "Agreement signed"
        KICK_OFF_HELD = "kick_off_held", "Kick-off held"
        TRAINING_DONE = "training_done", "Training done"
        REVIEW_HELD = "review_held", "Review held"
        INTEGRATION_LIVE = "integration_live", "Integration live"
        PROJECT_DELIVERED = "project_delivered", "Project delivered"
        REFERRAL_MET = "referral_met", "Referral met"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=30, choices=Kind)
    on = models.DateField()
    note = models.TextField(blank=True)
    file = models.FileField(upload_to="evidence/%Y/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["partner", "kind"], name="evidence_of_a_partner")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.on}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def get_absolute_url(self) -> str:
        return self.partner.get_absolute_url()


class Side(models.TextChoices):
    """Who does it."""

    OURS = "ours", "Ours"
    THEIRS = "theirs", "Theirs"


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User | Reader) -> TaskQuerySet:
        return self.filter(seen_by(user))

    def open(self) -> TaskQuerySet:
        return self.filter(done_at=None, skipped_at=None)

    def with_blocked(self) -> TaskQuerySet:
        """With `is_blocked`: whether a task it waits for is open."""
        return self.annotate(is_blocked=_something_first())

    def unblocked(self) -> TaskQuerySet:
        """Those that can begin: what they wait for is closed."""
        return self.filter(~_something_first())


def _something_first() -> Exists:
    return Exists(Task.objects.open().filter(awaited_by=OuterRef("pk")))


class Task(models.Model):
    """A dated step with a partner, ours or theirs. Required ones stand before the next stage. One of a
    plan knows its template's by `key` and how many working days after the start it is due."""

    Side = Side

    class State(models.TextChoices):
        PENDING = "pending", "Open"
        WAITING = "waiting", "Waits for approval"
        ACTION = "action", "Action required"
        DONE = "done", "Done"
        SKIPPED = "skipped", "Left out"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="tasks")
    plan = models.ForeignKey(
        "lifecycle.Plan", on_delete=models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    key = models.UUIDField(null=True, blank=True)
    offset_days = models.PositiveSmallIntegerField(null=True, blank=True)
    waits_for = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="awaited_by")
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.ONBOARDING)
    text = models.CharField(max_length=300)
    side = models.CharField(max_length=6, choices=Side, default=Side.OURS)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        help_text="Of theirs.",
    )
    due_on = models.DateField(null=True, blank=True)
    is_required = models.BooleanField(default=False)
    needs_approval = models.BooleanField(default=False)
    evidence = models.CharField(max_length=30, choices=Evidence.Kind, blank=True)
    note = models.TextField(blank=True, help_text="What was said when it was done.")
    fact = models.ForeignKey(Evidence, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True, blank=True, help_text="Since when it waits for our yes.")
    sent_back = models.TextField(blank=True, help_text="Why it is to be done again.")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_by_contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    skipped_at = models.DateTimeField(null=True, blank=True)
    skipped_reason = models.CharField(max_length=300, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    is_blocked: bool  # of `with_blocked`

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "key"], condition=Q(key__isnull=False), name="one_task_of_a_key_per_plan"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="open_tasks"),
            models.Index(fields=["partner"], name="tasks_of_a_partner"),
            models.Index(
                fields=["plan", "due_on"],
                condition=Q(plan__isnull=False, done_at=None, skipped_at=None),
                name="open_tasks_of_a_plan",
            ),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="tasks_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        if self.plan_id is not None:
            return f"{addresses.of('lifecycle:plan', self.plan_id)}#task-{self.pk}"
        return self.partner.get_absolute_url()

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.skipped_at is None

    @property
    def is_theirs(self) -> bool:
        return self.side == Side.THEIRS

    @property
    def is_of_checklist(self) -> bool:
        """Whether it belongs to the checklist of an integration: going live waits for it, no gate does."""
        template = self.plan.template if self.plan is not None else None
        return template is not None and template.product_id is not None

    @property
    def state(self) -> State:
        if self.done_at is not None:
            return self.State.DONE
        if self.skipped_at is not None:
            return self.State.SKIPPED
        if self.handed_in_at is not None:
            return self.State.WAITING
        return self.State.ACTION if self.sent_back else self.State.PENDING


class TaskFileQuerySet(models.QuerySet["TaskFile"]):
    def visible_to(self, user: User | Reader) -> TaskFileQuerySet:
        return self.filter(task__in=Task.objects.visible_to(user))


class TaskFile(models.Model):
    """A file that somebody there attached to a task."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="tasks/%Y/")
    name = models.CharField(max_length=200)
    by_contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = TaskFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:task_file", self.pk)


class UsualStay(models.Model):
    """How long a stay in a stage usually lasts, measured over the company; kept up by the sweep."""

    stage = models.CharField(max_length=12, choices=Stage, unique=True)
    days = models.FloatField()
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.days:.1f} days"
