"""Templates of plans, in versions, and the plans that were made from them."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from conversations.models import Message
from lifecycle.growth.models import Product
from lifecycle.models.road import Evidence, Side
from partners.models import Contact, Partner, PartnerType, seen_by
from prm import addresses
from team.models import Role, User
from team.readers import Reader

WANTED = [choice for choice in Evidence.Kind.choices if choice[0] != Evidence.Kind.AGREEMENT_SIGNED]
LONGEST = 250  # working days
ROLES: dict[str, dict[str, str]] = {
    Side.OURS: {str(role.value): str(role.label) for role in Role},
    Side.THEIRS: {str(role.value): str(role.label) for role in Contact.Role},
}


class PlanTemplate(models.Model):
    """What plans of a type of partner are made from; one without a type is for all. One that names a
    product is the checklist of its integrations."""

    name = models.CharField(max_length=100, unique=True)
    kind = models.ForeignKey(
        PartnerType, on_delete=models.PROTECT, null=True, blank=True, related_name="plan_templates"
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="checklists"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:plan_template", self.pk)


class TemplateVersion(models.Model):
    """The tasks of a template as they were published; the one that is not yet is its draft."""

    template = models.ForeignKey(PlanTemplate, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    begun_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_template_version_of_a_number"),
            models.UniqueConstraint(
                fields=["template"], condition=Q(published_at=None), name="one_draft_per_template"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template}, version {self.number}"


class TemplateTask(models.Model):
    """What becomes a task of each plan. `key` is the same in all versions; `waits_for` holds keys."""

    version = models.ForeignKey(TemplateVersion, on_delete=models.CASCADE, related_name="tasks")
    key = models.UUIDField(default=uuid.uuid4)
    text = models.CharField(max_length=300)
    side = models.CharField(max_length=6, choices=Side, default=Side.OURS)
    role = models.CharField(max_length=20, blank=True, help_text="Of us or of theirs, as its side says.")
    offset_days = models.PositiveSmallIntegerField(help_text="Working days from the start to its due day.")
    is_required = models.BooleanField(default=False)
    needs_approval = models.BooleanField(default=False, help_text="Done by them, it waits for our yes.")
    evidence = models.CharField(max_length=30, choices=WANTED, blank=True)
    waits_for = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["offset_days", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="one_template_task_of_a_key"),
            models.CheckConstraint(
                condition=Q(side="theirs") | Q(needs_approval=False), name="only_theirs_waits_for_our_yes"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def role_label(self) -> str:
        """The role it falls to, in words; "" for whoever owns the partner, or anybody there."""
        return ROLES[self.side].get(self.role, "")


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: User | Reader) -> PlanQuerySet:
        return self.filter(seen_by(user))

    def running(self) -> PlanQuerySet:
        return self.filter(finished_at=None)


class Plan(models.Model):
    """The tasks of one partner, copied from a template or with a name of their own, from a day on. Finished
    once nothing is open. One that is not shared the partner does not see."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="plans")
    template = models.ForeignKey(
        PlanTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="plans"
    )
    version = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="plans"
    )
    name = models.CharField(max_length=100, blank=True, help_text="Of a plan without a template.")
    aim = models.TextField(blank=True, help_text="What good looks like.")
    look_again_on = models.DateField(null=True, blank=True, help_text="When both look whether it is so.")
    is_shared = models.BooleanField(default=True, help_text="The partner sees it.")
    starts_on = models.DateField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    stopped_reason = models.CharField(max_length=300, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(template__isnull=False, version__isnull=False)
                | Q(template=None, version=None) & ~Q(name=""),
                name="a_plan_has_a_template_or_a_name",
            )
        ]
        indexes = [
            models.Index(fields=["template", "finished_at"], name="plans_of_a_template"),
            models.Index(fields=["-starts_on", "-id"], name="plans_by_start"),
            models.Index(
                fields=["-starts_on", "-id"], condition=Q(finished_at=None), name="running_plans_by_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} for {self.partner}"

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:plan", self.pk)

    @property
    def title(self) -> str:
        """Its name, or its template's."""
        return self.name or str(self.template)

    @property
    def is_running(self) -> bool:
        return self.finished_at is None

    def days_since(self, on: date) -> int:
        """How many days it has run by a day."""
        return max(0, (on - self.starts_on).days)


class KickOffQuerySet(models.QuerySet["KickOff"]):
    def visible_to(self, user: User | Reader) -> KickOffQuerySet:
        return self.filter(seen_by(user))


class KickOff(models.Model):
    """The meeting onboarding begins with: who is asked, when, about what, and what came of it."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        CALLED_OFF = "called_off", "Called off"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="kick_offs")
    title = models.CharField(max_length=300)
    organiser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    colleagues = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    contacts = models.ManyToManyField(Contact, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=300, blank=True)
    agenda = models.TextField(blank=True)
    uid = models.CharField(max_length=300, unique=True)
    sequence = models.PositiveIntegerField(default=0, help_text="Goes up with each change that is mailed.")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    minutes = models.TextField(blank=True, help_text="What was said.")
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was called off.")
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    objects = KickOffQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_kick_off_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(state="called_off") | ~Q(reason=""), name="a_kick_off_called_off_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:kick_off", self.pk)

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def length(self) -> int:
        """In minutes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


class FirstEventRule(models.Model):
    """Which first commercial event is looked for, of a type of partner or of all, from a moment on."""

    class What(models.TextChoices):
        REGISTRATION_ACCEPTED = "registration_accepted", "Deal registration accepted"
        DEAL_WON = "deal_won", "Deal won"
        PROJECT_DELIVERED = "project_delivered", "Project delivered"
        INTEGRATION_LIVE = "integration_live", "Integration live"
        REFERRAL_MET = "referral_met", "Referral met"

    kind = models.ForeignKey(PartnerType, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    what = models.CharField(max_length=30, choices=What)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-from_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Coalesce("kind", 0, output_field=models.BigIntegerField()),
                condition=Q(to_at=None),
                name="one_current_first_event_per_type",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind or 'All types'}: {self.get_what_display()}"


class FirstEvent(models.Model):
    """Whether the event that was chosen for a partner has happened since it was signed."""

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="first_event")
    signed_on = models.DateField()
    what = models.CharField(max_length=30, choices=FirstEventRule.What)
    happened_on = models.DateField(null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="first_events_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.get_what_display()}"

    def get_absolute_url(self) -> str:
        return self.partner.get_absolute_url()
