"""What we tell people, when each wants to hear it, and how."""

from __future__ import annotations

from datetime import datetime, time

from django.conf import settings
from django.db import models
from django.db.models import Q

MOST_COUNTED = 99  # unread notices


class Way(models.TextChoices):
    """How a notice travels. Whatever is given stands in the list of notices, too."""

    AT_ONCE = "at_once", "Mail at once"
    DIGEST = "digest", "Daily digest"
    APP = "app", "Only here"
    OFF = "off", "Not at all"


class NoticeSet(models.QuerySet["Notice"]):
    def shown(self) -> NoticeSet:
        """Those that are not snoozed."""
        return self.filter(snoozed_until=None)

    def ringing(self) -> NoticeSet:
        """Unread ones that need the person."""
        return self.shown().filter(rings=True, read_at=None)

    def to_mail(self, at: datetime) -> NoticeSet:
        """Those to look at for mailing at `at`, oldest first."""
        return self.filter(next_check_at__lte=at).order_by("pk")


class Notice(models.Model):
    """A reminder or alert to a person, given once for each cause, kind and due time.

    `next_check_at` is when it is looked at for mailing; none where it was mailed, read or stays here.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    cause_kind = models.CharField(max_length=40)
    cause_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    for_others = models.CharField(
        max_length=300, blank=True, help_text="What others read instead, where its words are private."
    )
    why = models.CharField(max_length=300, blank=True)
    way = models.CharField(max_length=7, choices=Way, default=Way.AT_ONCE)
    rings = models.BooleanField(default=True, help_text="It needs the person: the bell shows it.")
    mail_key = models.CharField(max_length=200, blank=True)
    next_check_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "cause_kind", "cause_id", "due_at"], name="one_notice_per_cause"
            )
        ]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notices_of_a_person"),
            models.Index(
                fields=["person"],
                condition=Q(read_at=None, rings=True, snoozed_until=None),
                name="ringing_notices",
            ),
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="notices_to_mail"
            ),
            models.Index(
                fields=["snoozed_until"], condition=Q(snoozed_until__isnull=False), name="snoozed_notices"
            ),
            models.Index(fields=["cause_kind", "cause_id"], name="notices_about_a_thing"),
            models.Index(fields=["mail_key"], condition=~Q(mail_key=""), name="notices_of_a_mail"),
        ]

    def __str__(self) -> str:
        return self.text


class NoticeTimes(models.Model):
    """When a person wants no mail, and when the digest. Without a row the defaults hold."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notice_times"
    )
    digest_at = models.TimeField(default=time(8, 30))
    quiet_from = models.TimeField(default=time(20))
    quiet_until = models.TimeField(default=time(8), help_text="The same as its beginning: no quiet hours.")
    quiet_weekends = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.person}: {self.quiet_from:%H:%M}–{self.quiet_until:%H:%M}"


class NoticeChoice(models.Model):
    """How a person wants to hear of one kind; without a row as the kind says."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices"
    )
    kind = models.CharField(max_length=40)
    way = models.CharField(max_length=7, choices=Way)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_choice_per_kind")]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind} {self.way}"
