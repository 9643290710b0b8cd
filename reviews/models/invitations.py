"""Who is asked to a review, when and where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from partners.models import Contact
from reviews.models.reviews import Review


class ReviewInvitation(models.Model):
    """The meeting of a review. `sequence` goes up with each change that is mailed."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="invitation")
    title = models.CharField(max_length=300)
    organiser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    colleagues = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    contacts = models.ManyToManyField(Contact, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=300, blank=True)
    agenda = models.TextField(blank=True)
    uid = models.CharField(max_length=300, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    is_off = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_review_meeting_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return self.title
