"""Courses as they are taken: somebody is enrolled, hands a quiz in or brings a result from elsewhere,
passes, and holds a certificate."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
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


@dataclass(frozen=True)
class Result:
    """What came of a course on a day."""

    on: date
    is_passed: bool
    score: int | None = None  # percent
    outside_number: str = ""  # of the certificate, in the system it was given by
    valid_until: date | None = None  # else as long as the course says


@transaction.atomic
def enrol(course: Course, contact: Contact, by: User | Contact, at: datetime) -> Enrolment:
    """Somebody takes the course; twice is once."""
    if not course.is_offered:
        raise CourseRefused(_("This course is not offered."))
    row, is_new = _enrolment(course, contact, by, at)
    if is_new:
        note = f"{contact}: {course}"
        Event.record("enrolled", at, by, contact.partner, references.to(course), note=note)
    return row


def _enrolment(
    course: Course, contact: Contact, by: User | Contact | str, at: datetime
) -> tuple[Enrolment, bool]:
    """That somebody takes the course, and whether it is new."""
    who = by if isinstance(by, User) else None
    row = Enrolment(course=course, contact=contact, by=who, enrolled_at=at)
    if once.add(row, ("course", "contact")):
        return row, True
    return Enrolment.objects.get(course=course, contact=contact), False


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
        _pass(row, Result(local_day(at, zone_of()), is_passed=True), by, at)
    return tried


@transaction.atomic
def finish(course: Course, by: Contact, at: datetime) -> Certificate:
    """Somebody says that it has finished a course without a quiz."""
    if course.pass_mark is not None:
        raise CourseRefused(_("This course ends with its quiz."))
    passed = Result(local_day(at, zone_of()), is_passed=True)
    return _pass(_held(course, by, at), passed, by, at)


@transaction.atomic
def record(
    course: Course, contact: Contact, result: Result, by: User | str, at: datetime
) -> Certificate | None:
    """Record a result reached elsewhere, perhaps long ago and of a course no longer offered; passed, it
    gives a certificate."""
    if result.on > local_day(at, zone_of()):
        raise CourseRefused(_("Day: it is still to come."))
    row, _is_new = _enrolment(course, contact, by, _moment(result.on, at))
    Attempt.objects.create(
        enrolment=row, at=_moment(result.on, at), score=result.score, is_passed=result.is_passed
    )
    return _pass(row, result, by, at) if result.is_passed else None


def _held(course: Course, contact: Contact, at: datetime) -> Enrolment:
    """The enrolment, locked; refused where it was passed and the certificate holds for long still."""
    row = enrol(course, contact, contact, at)
    held = Enrolment.objects.select_for_update(of=("self",)).get(pk=row.pk)
    soon = local_day(at, zone_of()) + RENEWABLE
    if Certificate.objects.holding(soon).filter(course=course, contact=contact).exists():
        raise CourseRefused(_("You have passed this course already."))
    return held


def _pass(row: Enrolment, result: Result, by: User | Contact | str, at: datetime) -> Certificate:
    contact, course, passed_at = row.contact, row.course, _moment(result.on, at)
    earlier = Q(passed_at=None) | Q(passed_at__lt=passed_at)
    Enrolment.objects.filter(earlier, pk=row.pk).update(passed_at=passed_at)
    until = result.valid_until or _until(course, result.on)
    certificate = Certificate.objects.create(
        number=_number(),
        outside_number=result.outside_number,
        course=course,
        partner=contact.partner,
        contact=contact,
        name=contact.name,
        issued_on=result.on,
        valid_until=until,
        next_check_at=at if until and until >= local_day(at, zone_of()) else None,
    )
    _remind_of_the_latest(certificate)
    note = f"{certificate}, {certificate.number}"
    Event.record("certificate_issued", at, by, contact.partner, references.to(certificate), note=note)
    if course.counts:
        who = by if isinstance(by, User) else str(by)[:40]
        evidence.record(contact.partner, Evidence.Kind.TRAINING_DONE, on=result.on, by=who, at=at, note=note)
    return certificate


def _remind_of_the_latest(certificate: Certificate) -> None:
    """Nobody is reminded of what was renewed, in whichever order the results came."""
    held = Certificate.objects.filter(
        course=certificate.course, contact=certificate.contact, withdrawn_at=None
    )
    latest = held.order_by("-issued_on", "-pk")[0]
    held.exclude(pk=latest.pk).update(next_check_at=None)


def _moment(on: date, at: datetime) -> datetime:
    """Now, or the beginning of a day that is over."""
    zone = zone_of()
    return at if on == local_day(at, zone) else datetime.combine(on, time(), ZoneInfo(zone))


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
