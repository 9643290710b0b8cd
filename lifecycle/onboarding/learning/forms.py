"""The shape of what is asked about courses. Rules are the verbs'."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from lifecycle.onboarding.learning import courses
from lifecycle.onboarding.learning.models import Course, Lesson, Question
from partners.forms.fields import NameField
from team.models import User


class CourseForm(forms.Form):
    """What a course is."""

    title = NameField(label=_("Title"), max_length=200)
    about = forms.CharField(label=_("What one learns"), max_length=500, required=False)
    link = forms.URLField(
        label=_("Link"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=_("Where it is held, if not on pages here."),
    )
    pass_mark = forms.IntegerField(
        label=_("Pass mark in %"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Of the questions of the quiz; empty, there is none."),
    )
    valid_months = forms.IntegerField(
        label=_("A certificate holds for months"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Empty, for good."),
    )
    counts = forms.BooleanField(
        label=_("Counts as training"),
        required=False,
        help_text=_("Whoever passes records the evidence “Training done” of the partner."),
    )


class LessonForm(forms.Form):
    """A page of a course."""

    title = forms.CharField(label=_("Title"), max_length=200)
    body = forms.CharField(
        label=_("Words"),
        max_length=50_000,
        required=False,
        widget=forms.Textarea({"rows": 14}),
        help_text=_("In Markdown: # heading, **bold**, - list, [words](https://…)."),
    )
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("PDF, picture, office file or text; 10 MB.")
    )

    def write(self, course: Course, kept: Lesson | Question | None, by: User, at: datetime) -> None:
        """Keep it with the course."""
        assert not isinstance(kept, Question)
        said = self.cleaned_data
        courses.write_lesson(course, kept, said["title"], said["body"], said["file"], by, at)


class QuestionForm(forms.Form):
    """A question of the quiz."""

    text = forms.CharField(label=_("Question"), max_length=500)
    choices = forms.CharField(
        label=_("Choices"),
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("One in each line; put a star before each right one: *Paris"),
    )

    def write(self, course: Course, kept: Lesson | Question | None, by: User, at: datetime) -> None:
        """Keep it with the course."""
        assert not isinstance(kept, Lesson)
        said = self.cleaned_data
        courses.write_question(course, kept, said["text"], said["choices"], by, at)


class EnrolForm(forms.Form):
    """Which course somebody takes."""

    course = forms.ModelChoiceField(Course.objects.offered(), label=_("Course"), empty_label=None)
