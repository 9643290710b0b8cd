"""What we tell people."""

from django.conf import settings
from django.db import models
from django.db.models import Q

MOST_COUNTED = 99  # unread notices


class Notice(models.Model):
    """A reminder or alert to a person, given once for each cause, kind and due time."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    cause_kind = models.CharField(max_length=40)
    cause_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=300, blank=True)
    at_once = models.BooleanField(default=True)
    mail_key = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "cause_kind", "cause_id", "due_at"], name="one_notice_per_cause"
            )
        ]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notices_of_a_person"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="unread_notices"),
            models.Index(fields=["person"], condition=Q(mail_key=""), name="unmailed_notices"),
        ]

    def __str__(self) -> str:
        return self.text
