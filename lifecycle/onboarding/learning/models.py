"""Courses for partners' people, who took them, and the certificates they hold."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from partners.models import Contact, Partner, seen_by
from prm import addresses
from team.models import User
from team.readers import Reader


class CourseQuerySet(models.QuerySet["Course"]):
    def offered(self) -> CourseQuerySet:
        return self.filter(published_at__isnull=False, retired_at=None)


class Course(models.Model):
    """Pages to read or a link, perhaps a quiz; passed, it gives a certificate."""

    title = models.CharField(max_length=200, unique=True)
    about = models.CharField(max_length=500, blank=True)
    link = models.URLField(max_length=300, blank=True, help_text="Where it is held, if not here.")
    pass_mark = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="In percent of the questions; empty, there is no quiz."
    )
    valid_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How long a certificate holds; empty, for good."
    )
    counts = models.BooleanField(
        default=False, help_text="Passed by somebody there, it is evidence of training."
    )
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_mark=None) | Q(pass_mark__gte=1, pass_mark__lte=100),
                name="a_pass_mark_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:course", self.pk)

    @property
    def is_offered(self) -> bool:
        return self.published_at is not None and self.retired_at is None


class Lesson(models.Model):
    """A page of a course, in Markdown, perhaps with a file."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lessons")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    file = models.FileField(upload_to="courses/%Y/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """A question of the quiz; `right` are the numbers of the choices that are, from 0."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(max_length=500)
    choices = models.JSONField(default=list)
    right = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def typed(self) -> str:
        """As it is typed: a choice a line, right ones behind a star."""
        return "\n".join(f"{'*' if n in self.right else ''}{choice}" for n, choice in enumerate(self.choices))


class Enrolment(models.Model):
    """Somebody takes a course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="enrolments")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="enrolments")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who of us asked for it; nobody where the person began by itself.",
    )
    enrolled_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-enrolled_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "contact"], name="one_enrolment_per_course_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.contact}: {self.course}"


class Attempt(models.Model):
    """A quiz that was handed in, or a result that a list brought."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    score = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="In percent; unknown where a list said only how it ended."
    )
    is_passed = models.BooleanField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.enrolment}: {'passed' if self.is_passed else 'failed'}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: User | Reader) -> CertificateQuerySet:
        return self.filter(seen_by(user))

    def holding(self, on: date) -> CertificateQuerySet:
        """Those that hold on a day."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=on), withdrawn_at=None)

    def standing(self) -> CertificateQuerySet:
        """Neither withdrawn nor over: for good, or looked at until its end."""
        return self.filter(Q(valid_until=None) | Q(next_check_at__isnull=False), withdrawn_at=None)


class Certificate(models.Model):
    """That somebody passed a course, until a day or for good; anybody can check it by its number."""

    number = models.CharField(max_length=20, unique=True)
    outside_number = models.CharField(
        max_length=60, blank=True, help_text="In the system that gave it; ours can be checked by anybody."
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="certificates")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="certificates")
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="certificates"
    )
    name = models.CharField(max_length=200, help_text="As it was when it was given.")
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="Its last day.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="a_withdrawn_certificate_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["-issued_on", "-id"], name="certificates_by_issue"),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="certificates_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.name}"

    def get_absolute_url(self) -> str:
        return addresses.of("lifecycle:verified", self.number)
