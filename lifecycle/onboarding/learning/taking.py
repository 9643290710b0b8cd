"""Courses as they are taken: somebody is enrolled, hands a quiz in, passes, and holds a certificate."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lifecycle import evidence
from lifecycle.models import Evidence
from lifecycle.onboarding.learning import quiz
from lifecycle.onboarding.learning.courses import CourseRefused
from lifecycle.onboarding.learning.models import Attempt, Certificate, Course, Enrolment
from partners.models import Contact, Event
from partners.organisations import local_day
from prm import once, references
from prm.days import plus_months
from team.companies import zone_of
from team.models import User

MOST_A_DAY = 5  # attempts
RENEWABLE = timedelta(days=60)  # before its end a certificate can be renewed
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
DAY = timedelta(days=1)


@transaction.atomic
def enrol(course: Course, contact: Contact, by: User | Contact, at: datetime) -> Enrolment:
    """Somebody takes the course; twice is once."""
    if not course.is_offered:
        raise CourseRefused(_("This course is not offered."))
    who = by if isinstance(by, User) else None
    row = Enrolment(course=course, contact=contact, by=who, enrolled_at=at)
    if not once.add(row, ("course", "contact")):
        return Enrolment.objects.get(course=course, contact=contact)
    note = f"{contact}: {course}"
    Event.record("enrolled", at, by, contact.partner, references.to(course), note=note)
    return row


@transaction.atomic
def answer(course: Course, given: Mapping[int, Collection[int]], by: Contact, at: datetime) -> Attempt:
    """Hand a quiz in: `given` are the ticked choices by the id of the question."""
    if course.pass_mark is None:
        raise CourseRefused(_("This course has no quiz."))
    row = _held(course, by, at)
    if row.attempts.filter(at__gt=at - DAY).count() >= MOST_A_DAY:
        raise CourseRefused(_("That were {n} tries in a day. Try again tomorrow.").format(n=MOST_A_DAY))
    questions = list(course.questions.all())
    ticked = [given.get(question.pk, ()) for question in questions]
    score = quiz.score([question.right for question in questions], ticked)
    tried = Attempt.objects.create(enrolment=row, at=at, score=score, is_passed=score >= course.pass_mark)
    if tried.is_passed:
        _pass(row, by, at)
    return tried


@transaction.atomic
def finish(course: Course, by: Contact, at: datetime) -> Certificate:
    """Somebody says that it has finished a course without a quiz."""
    if course.pass_mark is not None:
        raise CourseRefused(_("This course ends with its quiz."))
    return _pass(_held(course, by, at), by, at)


def _held(course: Course, contact: Contact, at: datetime) -> Enrolment:
    """The enrolment, locked; refused where it was passed and the certificate holds for long still."""
    row = enrol(course, contact, contact, at)
    held = Enrolment.objects.select_for_update(of=("self",)).get(pk=row.pk)
    soon = local_day(at, zone_of()) + RENEWABLE
    if Certificate.objects.holding(soon).filter(course=course, contact=contact).exists():
        raise CourseRefused(_("You have passed this course already."))
    return held


def _pass(row: Enrolment, by: Contact, at: datetime) -> Certificate:
    Enrolment.objects.filter(pk=row.pk).update(passed_at=at)
    course, today = row.course, local_day(at, zone_of())
    former = Certificate.objects.filter(course=course, contact=by)
    former.update(next_check_at=None)  # nobody is reminded of what was renewed
    certificate = Certificate.objects.create(
        number=_number(),
        course=course,
        partner=by.partner,
        contact=by,
        name=by.name,
        issued_on=today,
        valid_until=_until(course, today),
        next_check_at=at if course.valid_months else None,
    )
    note = f"{certificate}, {certificate.number}"
    Event.record("certificate_issued", at, by, by.partner, references.to(certificate), note=note)
    if course.counts:
        kind = Evidence.Kind.TRAINING_DONE
        evidence.record(by.partner, kind, on=today, by=str(by)[:40], at=at, note=note)
    return certificate


def _until(course: Course, today: date) -> date | None:
    return plus_months(today, course.valid_months) - DAY if course.valid_months else None


def _number() -> str:
    """A number nobody can guess, in letters that are not mistaken for each other."""
    letters = "".join(secrets.choice(LETTERS) for _n in range(12))
    return "-".join(letters[n : n + 4] for n in (0, 4, 8))


@transaction.atomic
def withdraw(certificate: Certificate, reason: str, by: User, at: datetime) -> None:
    """It holds no more, for a reason that whoever checks it reads."""
    if not reason.strip():
        raise CourseRefused(_("Reason: say why it holds no more."))
    standing = Certificate.objects.filter(pk=certificate.pk, withdrawn_at=None)
    changed = {"withdrawn_at": at, "withdrawn_reason": reason.strip()[:300], "next_check_at": None}
    if not standing.update(**changed):
        raise CourseRefused(_("It was withdrawn already."))
    about, note = references.to(certificate), f"{certificate}: {reason.strip()[:300]}"
    Event.record("certificate_withdrawn", at, by, certificate.partner, about, note=note)
