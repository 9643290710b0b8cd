"""How somebody of a partner's comes in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from partners.models import Contact


class Pass(models.Model):
    """Lets a contact open its firm's page without an account, until a day or until it is ended.

    Who has the address is in: it is made from `key`, signed, and written down nowhere.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="passes")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("given_at")), name="a_pass_runs_out_after_it_is_given"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an_ended_pass_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"pass of {self.contact}"
