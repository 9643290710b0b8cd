"""Sequences of touches, and the outreach to one prospect that follows one of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from conversations.models import Conversation, Message
from lifecycle.models.road import Task
from partners.models import Contact, Partner, seen_by
from prm import addresses
from team.models import Named, User
from team.readers import Reader
from team.roles import may


class Kind(models.TextChoices):
    MAIL = "mail", "Mail"
    CALL = "call", "Call"
    OTHER = "other", "Other"


class SequenceQuerySet(models.QuerySet["Sequence"]):
    def offered(self) -> SequenceQuerySet:
        """Those that outreach may begin by."""
        return self.filter(Exists(Step.objects.filter(sequence=OuterRef("pk"))), retired_at=None)

    def visible_to(self, user: User) -> SequenceQuerySet:
        """Who keeps them sees all; who may begin outreach, those that are offered."""
        if may(user, "edit settings"):
            return self.all()
        return self.offered() if user.roles else self.none()


class Sequence(Named):
    """Touches in an order. Its mails leave by themselves only where a named person has switched that on."""

    sends_by_itself = models.BooleanField(default=False)
    switched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    switched_at = models.DateTimeField(null=True, blank=True)

    objects = SequenceQuerySet.as_manager()

    class Meta(Named.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(sends_by_itself=False) | Q(switched_by__isnull=False),
                name="a_person_lets_a_sequence_send",
            )
        ]

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:sequence", self.pk)


class StepQuerySet(models.QuerySet["Step"]):
    def visible_to(self, user: User) -> StepQuerySet:
        """Who keeps sequences sees what they say."""
        return self.all() if may(user, "edit settings") else self.none()


class Step(models.Model):
    """One touch of a sequence: so many working days after the one before it."""

    sequence = models.ForeignKey(Sequence, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.MAIL)
    after_days = models.PositiveSmallIntegerField(default=3, help_text="Working days.")
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(help_text="The mail, or what to do; {contact} and the like are filled in.")

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_step_says_something")]

    def __str__(self) -> str:
        return self.subject or self.text[:80]


class OutreachQuerySet(models.QuerySet["Outreach"]):
    def visible_to(self, user: User | Reader) -> OutreachQuerySet:
        return self.filter(seen_by(user))

    def running(self) -> OutreachQuerySet:
        return self.filter(state=Outreach.State.RUNNING)


class Outreach(models.Model):
    """The touches planned with one prospect. It stops by itself when the prospect answers."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        ANSWERED = "answered", "They answered"
        STOPPED = "stopped", "Stopped"
        DONE = "done", "Through, no answer"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="outreaches")
    sequence = models.ForeignKey(Sequence, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who writes and calls.",
    )
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who let its mails leave as they stand.",
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    next_check_at = models.DateTimeField(null=True, blank=True)

    objects = OutreachQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(state="running"), name="one_running_outreach_per_partner"
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at=None)
                | (~Q(state="running") & Q(ended_at__isnull=False)),
                name="an_outreach_that_ended_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="outreaches_to_look_at",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sequence} with {self.partner}"

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:outreach_with", self.partner_id)

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING


class TouchQuerySet(models.QuerySet["Touch"]):
    def visible_to(self, user: User | Reader) -> TouchQuerySet:
        return self.filter(seen_by(user, "outreach__partner"))

    def ahead(self) -> TouchQuerySet:
        return self.filter(state__in=[Touch.State.PLANNED, Touch.State.DUE])


class Touch(models.Model):
    """One planned touch. Due, it waits for a person; a mail leaves by itself only where that is on."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        DUE = "due", "Due"
        DONE = "done", "Done"
        SKIPPED = "skipped", "Left out"

    outreach = models.ForeignKey(Outreach, on_delete=models.CASCADE, related_name="touches")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=5, choices=Kind)
    after_days = models.PositiveSmallIntegerField(help_text="Working days after the one before it.")
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    due_on = models.DateField()
    state = models.CharField(max_length=7, choices=State, default=State.PLANNED)
    closed_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="Why it did not leave, or was left out.")
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    task = models.OneToOneField(Task, on_delete=models.SET_NULL, null=True, blank=True, related_name="touch")

    objects = TouchQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["state", "due_on", "id"], name="touches_by_day")]

    def __str__(self) -> str:
        return self.subject or self.text[:80]

    @property
    def is_mail(self) -> bool:
        return self.kind == Kind.MAIL

    @property
    def is_ahead(self) -> bool:
        return self.state in {self.State.PLANNED, self.State.DUE}
