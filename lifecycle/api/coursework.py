"""Courses as they are kept, for other programs: described, filled with pages and questions, published."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from lifecycle.api import rows
from lifecycle.models import Course, Lesson, Question
from lifecycle.onboarding.learning import courses, quiz
from lifecycle.onboarding.learning.forms import CourseForm, LessonForm, QuestionForm
from prm import clock, downloads
from prm.access import found_or_404
from prm.api.fields import Among, AsInForm, Upload
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, WITH_FILES, Changes, Drops, Makes, Reads, Typed, file_of, step
from prm.api.rows import Row, Told
from prm.paging import Order
from team.api.permits import permitted_anywhere
from team.models import User
from team.roles import may, permitted_or_403

Ids = serializers.IntegerField
KEEP = "keep courses"
DESCRIBED, WRITTEN = CourseForm.base_fields, LessonForm.base_fields


def seen_courses(user: User) -> QuerySet[Course]:
    return Course.objects.all() if user.roles else Course.objects.none()


class CourseChange(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    title = AsInForm(DESCRIBED["title"])
    about = AsInForm(DESCRIBED["about"], help_text="What one learns.")
    link = AsInForm(DESCRIBED["link"], help_text="Where it is held, if not on pages here.")
    pass_mark = serializers.IntegerField(
        min_value=1, max_value=100, required=False, allow_null=True, help_text="Null: there is no quiz."
    )
    valid_months = serializers.IntegerField(
        min_value=1, max_value=120, required=False, allow_null=True, help_text="Null: for good."
    )
    counts = serializers.BooleanField(
        required=False, help_text="Whoever passes records the evidence “Training done” of the partner."
    )


class NewCourse(CourseChange):
    """It is offered to partners' people once it is published."""


class Courses(Reads, Makes, Changes):
    noun, words = "courses", "What partners' people can learn."
    model, row, new, changed = Course, rows.CourseRow, NewCourse, CourseChange
    filterset_class = filters(Course, booleans=["counts"])
    may_make = may_change = permitted_anywhere(KEEP)

    def seen(self) -> QuerySet[Course]:
        return seen_courses(self.user)

    def make(self, typed: Typed) -> Course:
        return courses.describe(None, typed, by=self.user, at=clock.now())

    def change(self, thing: Course, typed: Typed) -> None:
        courses.describe(thing, typed, by=self.user, at=clock.now())

    @step(permitted_anywhere(KEEP))
    def publish(self, thing: Course, typed: Typed) -> None:
        """Offer it to partners' people, again where it was retired."""
        courses.publish(thing, by=self.user, at=clock.now())

    @step(permitted_anywhere(KEEP))
    def retire(self, thing: Course, typed: Typed) -> None:
        """Offer it no more; certificates hold on."""
        courses.retire(thing, by=self.user, at=clock.now())


class Part(Makes, Changes, Drops, Reads):
    """A page or a question of a course, in its order."""

    sorts = USUAL_SORTS | {"position": Order("position", nullable=False)}
    first_sort = "position"
    may_make = may_change = permitted_anywhere(KEEP)

    def seen(self) -> QuerySet[Any]:
        return self.model._default_manager.filter(course__in=seen_courses(self.user))

    def drop(self, thing: Any) -> None:
        """What is offered keeps something to learn from, and with a pass mark something to answer."""
        permitted_or_403(self.user, KEEP)
        courses.take_out(thing, by=self.user, at=clock.now())


class PageRow(Row):
    course = Ids(source="course_id")
    title = serializers.CharField()
    body = serializers.CharField(help_text="In Markdown.")
    file_name = serializers.CharField(help_text="Empty: it has no file.")
    position = serializers.IntegerField()


class PageChange(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    title = AsInForm(WRITTEN["title"])
    body = AsInForm(WRITTEN["body"], help_text="In Markdown.")
    file = Upload(required=False, help_text="PDF, picture, office file or text; 10 MB.")


class NewPage(PageChange):
    course = Among(seen_courses)


class Pages(Part):
    noun, words = "course-pages", "Pages of courses, to read, perhaps with a file."
    model, row, new, changed = Lesson, PageRow, NewPage, PageChange
    parser_classes = WITH_FILES
    filterset_class = filters(Lesson, keys=["course"])

    def make(self, typed: Typed) -> Lesson:
        title, body = typed["title"], typed.get("body", "")
        file, by = typed.get("file"), self.user
        return courses.write_lesson(typed["course"], None, title, body, file, by=by, at=clock.now())

    def change(self, thing: Lesson, typed: Typed) -> None:
        title, body = typed.get("title", thing.title), typed.get("body", thing.body)
        file, by = typed.get("file"), self.user
        courses.write_lesson(thing.course, thing, title, body, file, by=by, at=clock.now())

    file = file_of(
        "Its file as a download.",
        lambda self, thing: downloads.of(
            found_or_404(self.seen().exclude(file=""), pk=thing.pk).file, thing.file_name
        ),
    )


class QuestionRow(Row):
    course = Ids(source="course_id")
    text = serializers.CharField()
    choices = serializers.ListField(child=serializers.CharField())
    right = serializers.ListField(
        child=Ids(),
        allow_null=True,
        help_text="Which of the choices are right, from 0; null for those who do not keep courses.",
    )
    position = serializers.IntegerField()

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        if not may(user, KEEP):
            for row in rows:
                row["right"] = None


class QuestionChange(serializers.Serializer[Any]):
    """What differs; what is left out stays. One choice at least is right, and one is not."""

    text = AsInForm(QuestionForm.base_fields["text"])
    choices: Any = serializers.ListField(
        child=serializers.CharField(max_length=500), min_length=2, max_length=quiz.MOST
    )
    right: Any = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=quiz.MOST - 1), max_length=quiz.MOST
    )

    def validate_choices(self, choices: list[str]) -> list[str]:
        if any(each.startswith("*") or len(each.splitlines()) != 1 for each in choices):
            raise serializers.ValidationError(_("A choice stands in one line, and begins with no star."))
        return choices


class NewQuestion(QuestionChange):
    course = Among(seen_courses)


class Questions(Part):
    noun, words = "course-questions", "Questions of the quizzes of courses."
    model, row, new, changed = Question, QuestionRow, NewQuestion, QuestionChange
    filterset_class = filters(Question, keys=["course"])

    def make(self, typed: Typed) -> Question:
        course, asked = typed.pop("course"), Question(**typed)
        return courses.write_question(course, None, asked.text, asked.typed, by=self.user, at=clock.now())

    def change(self, thing: Question, typed: Typed) -> None:
        asked = Question(**{"text": thing.text, "choices": thing.choices, "right": thing.right} | typed)
        courses.write_question(thing.course, thing, asked.text, asked.typed, by=self.user, at=clock.now())
