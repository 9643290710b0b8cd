"""Asks: what a colleague outside the team is to answer before we can go on."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models.threads import Conversation, hidden_from
from partners.models import Partner, seen_by
from prm import addresses
from team.models import User
from team.readers import Reader


class AskQuerySet(models.QuerySet["Ask"]):
    def visible_to(self, user: User | Reader) -> AskQuerySet:
        return self.filter(seen_by(user), ~hidden_from(user, "conversation"))

    def open(self) -> AskQuerySet:
        return self.filter(answered_at=None, withdrawn_at=None)


class Ask(models.Model):
    """A dated request to a colleague without an account, tied to what it holds up. It pauses no clock.

    What it holds up is `about` (a wait, a commitment …); `conversation` is where it is shown as well.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="asks")
    conversation = models.ForeignKey(Conversation, on_delete=models.SET_NULL, null=True, related_name="asks")
    about_kind = models.CharField(max_length=40)
    about_id = models.BigIntegerField()
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, help_text="Who is asked: a person or a department.")
    email = models.EmailField(max_length=254)
    question = models.TextField()
    wanted_by = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    next_check_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="an_ask_has_a_question"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="an_answered_ask_has_its_answer",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(withdrawn_at=None), name="an_ask_ends_in_one_way"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="asks_to_check"
            ),
            models.Index(fields=["about_kind", "about_id"], name="asks_about_a_thing"),
            models.Index(
                fields=["partner"], condition=Q(answered_at=None, withdrawn_at=None), name="open_asks"
            ),
        ]

    def __str__(self) -> str:
        return f"waiting for {self.name}"

    def get_absolute_url(self) -> str:
        return addresses.of("conversations:ask", self.pk)

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None
