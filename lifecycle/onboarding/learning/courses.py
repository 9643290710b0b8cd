"""Courses as they are kept: described, filled with lessons and questions, published, retired."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lifecycle.onboarding.learning import quiz
from lifecycle.onboarding.learning.models import Course, Lesson, Question
from partners.models import Event
from prm import uploads
from prm.refusals import Refused
from team.models import User

MOST_LESSONS, MOST_QUESTIONS = 50, 50


class CourseRefused(Refused):
    """The course cannot be kept, published or taken so."""


@transaction.atomic
def describe(course: Course | None, facts: Mapping[str, Any], by: User, at: datetime) -> Course:
    """Write what a course is, a new one where none is given."""
    kept = course or Course(created_at=at)
    for field, value in facts.items():
        setattr(kept, field, value)
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        raise CourseRefused(_("There is a course “{title}” already.").format(title=kept.title)) from error
    if kept.is_offered:
        _must_be_whole(kept)
    _record(kept, _("described") if course else _("begun"), by, at)
    return kept


@transaction.atomic
def write_lesson(
    course: Course,
    lesson: Lesson | None,
    title: str,
    body: str,
    file: UploadedFile | None,
    by: User,
    at: datetime,
) -> Lesson:
    """Write a page of it; a file replaces the one before."""
    if lesson is None and course.lessons.count() >= MOST_LESSONS:
        raise CourseRefused(_("A course has {n} pages at most.").format(n=MOST_LESSONS))
    kept = lesson or Lesson(course=course, position=course.lessons.count())
    kept.title, kept.body = title, body
    if file is not None:
        uploads.check(file)
        kept.file_name = uploads.shown_name(file.name or "")
        kept.file.save(uploads.stored_name(file.name or ""), file, save=False)
    kept.save()
    _record(course, _("page “{title}” written").format(title=kept), by, at)
    return kept


@transaction.atomic
def write_question(
    course: Course, question: Question | None, text: str, typed: str, by: User, at: datetime
) -> Question:
    """Write a question of its quiz, its choices as they are typed."""
    if question is None and course.questions.count() >= MOST_QUESTIONS:
        raise CourseRefused(_("A quiz has {n} questions at most.").format(n=MOST_QUESTIONS))
    try:
        choices = quiz.read(typed)
    except quiz.Unreadable as error:
        raise CourseRefused(str(error)) from error
    kept = question or Question(course=course, position=course.questions.count())
    kept.text, kept.choices, kept.right = text, choices.words, choices.right
    kept.save()
    _record(course, _("question “{text}” written").format(text=kept), by, at)
    return kept


@transaction.atomic
def take_out(part: Lesson | Question, by: User, at: datetime) -> None:
    """Take a page, with its file, or a question out of its course. What is offered keeps one to learn from
    and, with a pass mark, one to answer."""
    course = Course.objects.select_for_update(of=("self",)).get(pk=part.course_id)
    part.delete()
    if course.is_offered:
        _must_be_whole(course)
    if isinstance(part, Lesson) and part.file:
        transaction.on_commit(partial(part.file.storage.delete, part.file.name or ""))
    _record(course, _("“{part}” taken out").format(part=part), by, at)


@transaction.atomic
def publish(course: Course, by: User, at: datetime) -> None:
    """Offer it to partners' people."""
    _must_be_whole(course)
    Course.objects.filter(pk=course.pk).update(published_at=at, retired_at=None)
    _record(course, _("published"), by, at)


@transaction.atomic
def retire(course: Course, by: User, at: datetime) -> None:
    """Offer it no more; certificates hold on."""
    Course.objects.filter(pk=course.pk).update(retired_at=at)
    _record(course, _("offered no more"), by, at)


def _must_be_whole(course: Course) -> None:
    if not course.link and not course.lessons.exists():
        raise CourseRefused(_("It has nothing to learn from: add a page, or a link."))
    if course.pass_mark is not None and not course.questions.exists():
        raise CourseRefused(_("It has a pass mark and no question: add one, or take the mark away."))


def _record(course: Course, what: str, by: User, at: datetime) -> None:
    Event.record("course_changed", at, by, note=f"{course}: {what}")
