"""Issues, how each was solved, to whom it was escalated, and the causes they are counted by."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models import Conversation, Wait, hidden_from
from partners.models import Contact, Partner, seen_by
from prm import addresses
from team.models import Named, User
from team.readers import Reader


class Severity(models.TextChoices):
    """How much it hinders; each has a promised time of its own."""

    CRITICAL = "critical", "Critical"
    SERIOUS = "serious", "Serious"
    MINOR = "minor", "Minor"


class Cause(Named):
    """Why issues come about, as an entry of a kept list."""

    class Meta(Named.Meta):
        pass


class IssueRules(models.Model):
    """What holds for all issues; there is one row."""

    reopen_days = models.PositiveSmallIntegerField(
        default=14, help_text="How long the partner can open a solved issue again."
    )

    def __str__(self) -> str:
        return f"open again within {self.reopen_days} days"


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, user: User | Reader) -> IssueQuerySet:
        return self.filter(seen_by(user), ~hidden_from(user, "wait__conversation"))

    def open(self) -> IssueQuerySet:
        return self.filter(state=Issue.State.OPEN)

    def overdue(self, at: datetime) -> IssueQuerySet:
        """Those not solved whose promised time has passed."""
        return self.open().filter(wait__due_at__lt=at)

    def shared(self) -> IssueQuerySet:
        """Those both sides may read: none whose conversation is private."""
        return self.exclude(wait__conversation__in=Conversation.objects.private().values("pk"))


class Issue(models.Model):
    """Something that is wrong and has to be solved. Its thread and its owner are those of its wait's
    conversation, whose clock ends with the resolution; one that was opened again has a new wait."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SOLVED = "solved", "Solved"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="issues")
    title = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    severity = models.CharField(max_length=8, choices=Severity)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    wait = models.OneToOneField(Wait, on_delete=models.CASCADE, related_name="issue")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who of us raised it; nobody where the partner did.",
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who there raised it, or whom it is solved with.",
    )
    review = models.ForeignKey(
        "reviews.Review", on_delete=models.SET_NULL, null=True, blank=True, related_name="issues"
    )
    raised_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True, blank=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="an_issue_has_a_title"),
            models.CheckConstraint(
                condition=Q(state="open", solved_at=None) | Q(state="solved", solved_at__isnull=False),
                name="a_solved_issue_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-raised_at"], name="issues_of_a_partner"),
            models.Index(fields=["raised_at", "id"], name="issues_by_raising"),
            models.Index(fields=["partner"], condition=Q(state="open"), name="open_issues_of_a_partner"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return addresses.of("reviews:issue", self.pk)

    @property
    def is_open(self) -> bool:
        return self.state == Issue.State.OPEN

    @property
    def is_theirs(self) -> bool:
        """Whether the partner raised it."""
        return self.raised_by_id is None

    @property
    def conversation(self) -> Conversation:
        return self.wait.conversation

    @property
    def owner(self) -> User | None:
        """Who of us sees to it."""
        return self.conversation.responsible


class Resolution(models.Model):
    """How an issue was solved, and why it had come about; kept where it was opened again."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="resolutions")
    words = models.TextField(help_text="The partner reads them.")
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, related_name="resolutions")
    wait = models.ForeignKey(Wait, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reopen_until = models.DateTimeField(help_text="Until when the partner can open it again.")
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reopened_by_contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    reopened_why = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=Q(reopened_at=None), name="one_standing_resolution_per_issue"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="a_resolution_says_how"),
            models.CheckConstraint(
                condition=Q(reopened_at=None) | ~Q(reopened_why=""), name="an_issue_opened_again_says_why"
            ),
        ]
        indexes = [models.Index(fields=["cause", "-at"], name="resolutions_by_cause")]

    def __str__(self) -> str:
        return self.words

    @property
    def stands(self) -> bool:
        return self.reopened_at is None


class Escalation(models.Model):
    """An issue was brought before somebody further up: to whom, why, by whom and when."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="escalations")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="an_escalation_says_why")]

    def __str__(self) -> str:
        return f"{self.to}: {self.why}"
