"""Meetings with partners' people that are planned, and what became of them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from conversations.models.threads import Message
from partners.models import Contact, Partner, seen_by
from team.models import User
from team.readers import Reader


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User | Reader) -> MeetingQuerySet:
        """Those with partners this person reads."""
        return self.filter(seen_by(user))

    def mine(self, user: User) -> MeetingQuerySet:
        """Those of this person itself."""
        return self.visible_to(user).filter(person=user.pk)

    def planned(self) -> MeetingQuerySet:
        return self.filter(state=Meeting.State.PLANNED)


class Meeting(models.Model):
    """A meeting of one of us with a partner's people, as it was last invited to.

    One that was called off or did not take place stays as a row, so that an older invitation that comes
    late plans nothing. `recurrence` is the time it was first planned for in its series ("" for none).
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        LOGGED = "logged", "Logged"
        NOT_HELD = "not_held", "Did not take place"
        CALLED_OFF = "called_off", "Called off"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="meetings")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="meetings")
    contacts = models.ManyToManyField(Contact, related_name="+", blank=True)
    title = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    uid = models.CharField(max_length=500)
    sequence = models.PositiveIntegerField(default=0)
    recurrence = models.CharField(max_length=16, blank=True, help_text="Like 20260603T080000Z.")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    message = models.ForeignKey(
        Message,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="What was logged of it.",
    )
    created_at = models.DateTimeField()

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "uid", "recurrence"], name="one_row_per_meeting_of_a_person"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")), name="a_meeting_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(
                fields=["partner", "starts_at"],
                condition=Q(state="planned"),
                name="planned_meetings_of_a_partner",
            ),
            models.Index(
                fields=["person", "starts_at"],
                condition=Q(state="planned"),
                name="planned_meetings_of_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    def is_over(self, at: datetime) -> bool:
        return self.ends_at <= at
