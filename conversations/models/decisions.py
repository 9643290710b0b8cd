"""Answers of ours to a partner."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models.waits import Wait
from partners.models import Partner


class Decision(models.Model):
    """An answer of ours to a partner, with a reason it can read and contest."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=40)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    wait = models.ForeignKey(Wait, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions")
    answer = models.CharField(max_length=3, choices=Answer)
    reason = models.TextField()
    appeal_until = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_decision_says_why")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_answer_display()}"
