"""How somebody of a partner's comes in."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from partners.models import Contact, Partner, Status


class PassQuerySet(models.QuerySet["Pass"]):
    def open(self, at: datetime) -> PassQuerySet:
        """Those that open the page at this moment."""
        there = self.filter(
            contact__left_on=None,
            contact__withdrawn_at=None,
            contact__merged_into=None,
            contact__partner__merged_into=None,
        )
        standing = there.exclude(contact__partner__status=Status.ENDED)
        return standing.filter(ended_at=None, expires_at__gt=at)


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

    objects = PassQuerySet.as_manager()

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


class PartnerDigest(models.Model):
    """A partner whose people get a digest: by whom it was switched on."""

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"digest for {self.partner}"


class Digest(models.Model):
    """The digest of a contact, looked at every morning while its partner is told. `said` are the keys of the
    lines in the last mail; who stopped it stays without it."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="digest")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    said = models.JSONField(default=list)
    sent_on = models.DateField(null=True, help_text="The last day, in the contact's zone, with a mail.")
    month_told_on = models.DateField(null=True, help_text="The last day it told of the month before.")
    stopped_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="digests_to_look_at"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(next_check_at=None), name="a_stopped_digest_is_not_looked_at"
            )
        ]

    def __str__(self) -> str:
        return f"digest of {self.contact}"
