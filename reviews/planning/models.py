"""What a joint plan is made of."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models import Contact, Partner, seen_by
from prm import addresses
from team.models import User
from team.readers import Reader


class CompanyObjective(models.Model):
    """What the company wants to reach in a fiscal year, with somebody who answers for it. Ours alone."""

    text = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField(help_text="The calendar year in which the fiscal year begins.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-year", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_company_objective_has_words"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return addresses.of("reviews:company_objective", self.pk)


class GoalQuerySet(models.QuerySet["Goal"]):
    def visible_to(self, user: User | Reader) -> GoalQuerySet:
        return self.filter(seen_by(user))

    def standing(self) -> GoalQuerySet:
        """Those pursued, and those reached."""
        return self.exclude(state=Goal.State.DROPPED)


class Goal(models.Model):
    """What a partner wants for itself, and what we do for it. Both sides read it."""

    class State(models.TextChoices):
        OPEN = "open", _("Pursued")
        REACHED = "reached", _("Reached")
        DROPPED = "dropped", _("Dropped")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="goals")
    text = models.CharField(max_length=300)
    ours = models.TextField(blank=True, help_text="What we do for it.")
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    by_contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_goal_has_words")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{addresses.of('reviews:joint_plan', self.partner_id)}#goals"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_theirs(self) -> bool:
        """Whether the partner wrote it down itself."""
        return self.by_user_id is None


class ObjectiveQuerySet(models.QuerySet["Objective"]):
    def visible_to(self, user: User | Reader) -> ObjectiveQuerySet:
        return self.filter(seen_by(user))

    def running(self) -> ObjectiveQuerySet:
        return self.filter(state=Objective.State.RUNNING)

    def experiments(self) -> ObjectiveQuerySet:
        return self.filter(is_experiment=True)


class Objective(models.Model):
    """What both want to reach in two to three years, or an experiment: what we try, until when, and how we
    will know. Both sides read it but for `serves` and `note`, which are ours."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        REACHED = "reached", _("Reached")
        PARTLY = "partly", _("Partly reached")
        MISSED = "missed", _("Not reached")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="objectives")
    text = models.CharField(max_length=300)
    goal = models.ForeignKey(
        Goal, on_delete=models.SET_NULL, null=True, blank=True, related_name="objectives"
    )
    serves = models.ForeignKey(
        CompanyObjective, on_delete=models.PROTECT, null=True, blank=True, related_name="served_by"
    )
    from_on = models.DateField()
    until_on = models.DateField()
    is_experiment = models.BooleanField(default=False)
    trying = models.TextField(blank=True, help_text="What we try.")
    how_we_know = models.TextField(blank=True, help_text="How we will know whether it worked.")
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    result = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, help_text="For us alone.")
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="copies"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    next_check_at = models.DateTimeField(null=True, blank=True)

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        ordering = ["until_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="an_objective_has_words"),
            models.CheckConstraint(
                condition=Q(until_on__gt=F("from_on")), name="an_objective_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(is_experiment=False) | ~Q(trying="") & ~Q(how_we_know=""),
                name="an_experiment_says_what_is_tried_and_how_we_know",
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_on=None)
                | ~Q(state="running") & Q(ended_on__isnull=False) & ~Q(result=""),
                name="an_objective_that_ended_says_what_came_of_it",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "until_on"], name="objectives_of_a_partner"),
            models.Index(
                fields=["until_on", "id"], condition=Q(is_experiment=True), name="experiments_by_their_end"
            ),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="objectives_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{addresses.of('reviews:joint_plan', self.partner_id)}#o{self.pk}"

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    def is_overdue(self, today: date) -> bool:
        return self.is_running and self.until_on < today


class YearMark(models.Model):
    """What should be true of an objective by a day, mostly the end of a year; met or not is said later."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="marks")
    on = models.DateField()
    text = models.CharField(max_length=300)
    is_met = models.BooleanField(null=True, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_mark_has_words"),
            models.UniqueConstraint(fields=["objective", "on"], name="one_mark_of_an_objective_a_day"),
        ]

    def __str__(self) -> str:
        return self.text

    def is_overdue(self, today: date) -> bool:
        return self.is_met is None and self.on < today


class TargetQuerySet(models.QuerySet["Target"]):
    def visible_to(self, user: User | Reader) -> TargetQuerySet:
        return self.filter(seen_by(user))


class Target(models.Model):
    """How much of a measure a quarter should bring. What it brought is read from the record, never typed.

    The quarter stands by its first day, so that it stays what it was when the fiscal year is set anew.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="targets")
    objective = models.ForeignKey(
        Objective, on_delete=models.SET_NULL, null=True, blank=True, related_name="targets"
    )
    measure = models.CharField(max_length=20)
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217; for money.")
    first_on = models.DateField(help_text="The first day of its quarter.")
    wanted = models.PositiveBigIntegerField(help_text="Money in minor units of the currency.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["first_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "first_on", "measure", "currency"],
                name="one_target_of_a_measure_a_quarter",
            ),
            models.CheckConstraint(condition=Q(wanted__gt=0), name="a_target_wants_something"),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.first_on}"

    def get_absolute_url(self) -> str:
        return addresses.of("reviews:target", self.pk)
