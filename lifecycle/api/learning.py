"""Who takes courses, and what they have shown."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from lifecycle.api import rows
from lifecycle.models import Certificate, Course, Enrolment
from lifecycle.onboarding.learning import taking
from partners.api.inputs import Reason, contacts_there
from partners.models import seen_by
from prm import clock
from prm.api.fields import Among
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Makes, Reads, Typed, step
from prm.api.rows import Row
from prm.paging import Order
from team.api.permits import permitted_anywhere, permitted_towards

Ids = serializers.IntegerField


class EnrolmentRow(Row):
    course = Ids(source="course_id")
    course_title = serializers.CharField(source="course.title")
    contact = Ids(source="contact_id")
    partner = Ids(source="contact.partner_id")
    by = Ids(source="by_id", allow_null=True, help_text="Who of us asked for it; null: they began it.")
    enrolled_at = serializers.DateTimeField()
    passed_at = serializers.DateTimeField(allow_null=True)


class NewEnrolment(serializers.Serializer[Any]):
    """It stands in the portal under Learn. Twice is once."""

    course = Among(lambda user: Course.objects.all())
    contact = Among(contacts_there)


class Enrolments(Reads, Makes):
    noun, words = "enrolments", "Who takes which course. Results from elsewhere come in by imports."
    model, row, new = Enrolment, EnrolmentRow, NewEnrolment
    filterset_class = filters(
        Enrolment,
        keys={"course": "course", "contact": "contact", "partner": "contact__partner"},
        moments=["enrolled_at", "passed_at"],
    )

    def seen(self) -> QuerySet[Enrolment]:
        return Enrolment.objects.filter(seen_by(self.user, "contact__partner"))

    may_make = permitted_towards("write to partner", "contact")

    def make(self, typed: Typed) -> Enrolment:
        return taking.enrol(typed["course"], typed["contact"], by=self.user, at=clock.now())


class Certificates(Reads):
    noun, words = "certificates", "What partners' people have shown that they can, and until when it holds."
    model, row = Certificate, rows.CertificateRow
    filterset_class = filters(
        Certificate,
        keys=["partner", "course", "contact"],
        texts=["number"],
        days=["issued_on", "valid_until"],
    )
    sorts = USUAL_SORTS | {"valid_until": Order("valid_until")}

    def seen(self) -> QuerySet[Certificate]:
        return Certificate.objects.visible_to(self.user)

    @step(permitted_anywhere("keep courses"), Reason, related=("partner__owner", "course"))
    def withdraw(self, thing: Certificate, typed: Typed) -> None:
        """It holds no more; whoever checks its number reads that, and why."""
        taking.withdraw(thing, typed["reason"], by=self.user, at=clock.now())
