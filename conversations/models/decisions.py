"""What waits for our yes or no, who decides, and what was decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models.decision_kinds import DecisionKind, DecisionReason
from conversations.models.waits import Wait
from partners.models import Contact, Partner, seen_by
from prm import addresses
from prm.references import Reference
from team.models import User
from team.readers import Reader


class Decision(models.Model):
    """An answer of ours, with a reason: to a partner, who can read and contest it, or to a colleague."""

    Answer = DecisionReason.Answer

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=40)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    wait = models.ForeignKey(Wait, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions")
    answer = models.CharField(max_length=3, choices=Answer)
    reason = models.TextField()
    appeal_until = models.DateTimeField(null=True, blank=True)
    visible_to_partner = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_decision_says_why")]
        indexes = [models.Index(fields=["partner", "-at", "-id"], name="decisions_of_a_partner")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_answer_display()}"

    @property
    def is_yes(self) -> bool:
        return self.answer == self.Answer.YES


class MatterQuerySet(models.QuerySet["Matter"]):
    def open(self) -> MatterQuerySet:
        return self.filter(ended_at=None)

    def visible_to(self, user: User | Reader) -> MatterQuerySet:
        return self.filter(seen_by(user))


class Matter(models.Model):
    """Something that waits for our yes or no: who asks for what. Its clock is its wait, which only a
    decision closes; taken back, the wait is cancelled."""

    kind = models.ForeignKey(DecisionKind, on_delete=models.PROTECT, related_name="matters")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="matters")
    wait = models.OneToOneField(Wait, on_delete=models.CASCADE, related_name="matter")
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    words = models.TextField(blank=True)
    amount_minor = models.PositiveBigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, related_name="matters", help_text="Who asks, there."
    )
    appeals = models.OneToOneField(Decision, on_delete=models.CASCADE, null=True, related_name="appeal")
    decision = models.OneToOneField(Decision, on_delete=models.SET_NULL, null=True, related_name="matter")
    version = models.PositiveIntegerField(default=1, help_text="Goes up when what is asked changes.")
    ended_at = models.DateTimeField(null=True)
    sort = ""  # of `decisions.decide`: what a no is kept under

    objects = MatterQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about_kind", "about_id"],
                condition=Q(ended_at=None, about_id__isnull=False),
                name="one_open_matter_about_a_thing",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor=None, currency="") | Q(amount_minor__isnull=False) & ~Q(currency=""),
                name="an_asked_amount_has_its_currency",
            ),
        ]
        indexes = [models.Index(fields=["kind"], condition=Q(ended_at=None), name="open_matters")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.partner}"

    def get_absolute_url(self) -> str:
        return f"{addresses.at('conversations:to_decide')}#m{self.pk}"

    @property
    def about(self) -> Reference | None:
        return Reference(self.about_kind, self.about_id) if self.about_id is not None else None

    @property
    def who(self) -> Contact | User | None:
        """Who asks: a person there, else the colleague."""
        return self.contact or self.asked_by


class Decider(models.Model):
    """Somebody who decides on an open matter, and why. Kept in line with roles, leads and leave."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="deciders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="to_decide")
    why = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "person"], name="one_decider_per_matter_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.matter}"
