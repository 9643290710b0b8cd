"""A planned end, and the things of the record that it must settle."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from lifecycle.models.road import Task
from partners.models import EndReason, Partner, seen_by
from prm import addresses
from prm.references import Reference
from team.models import User
from team.readers import Reader


class EndingQuerySet(models.QuerySet["Ending"]):
    def visible_to(self, user: User | Reader) -> EndingQuerySet:
        return self.filter(seen_by(user))

    def planned(self) -> EndingQuerySet:
        return self.filter(state=Ending.State.PLANNED)


class Ending(models.Model):
    """How a partnership ends: by whose wish, for which reason, with which last day."""

    class Kind(models.TextChoices):
        OURS = "ours", "We end it"
        THEIRS = "theirs", "They end it"
        MUTUAL = "mutual", "By mutual agreement"
        INSOLVENCY = "insolvency", "Insolvency"
        MERGER = "merger", "Merged with another firm"
        TERM = "term", "The agreement ran out"

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        DONE = "done", "Ended"
        CALLED_OFF = "called_off", "Called off"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="endings")
    kind = models.CharField(max_length=10, choices=Kind)
    end_reason = models.ForeignKey(EndReason, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    last_on = models.DateField(help_text="The last day of the partnership; access ends with it.")
    settle_by = models.DateField(help_text="By when what stands is to be settled.")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)

    objects = EndingQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(state="planned"), name="one_planned_end_per_partner"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="ends_to_look_at"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, last day {self.last_on:%-d %B %Y}"

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:ending", self.partner_id)

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED


class Loose(models.Model):
    """One thing that stands when the partnership ends, and what happens to it."""

    ending = models.ForeignKey(Ending, on_delete=models.CASCADE, related_name="loose_ends")
    part = models.CharField(max_length=30, help_text="The sort of thing, as registered.")
    about_kind = models.CharField(max_length=40)
    about_id = models.BigIntegerField()
    words = models.CharField(max_length=300)
    outcome = models.CharField(max_length=300, help_text="What happens to it.")
    task = models.OneToOneField(Task, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ending", "about_kind", "about_id"], name="each_thing_once_per_ending"
            )
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def about(self) -> Reference:
        return Reference(self.about_kind, self.about_id)
