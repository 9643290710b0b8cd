"""Firms that apply to become partners, and the forms they apply by, for other programs."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lifecycle.api import rows
from lifecycle.models import Application, ApplicationForm, ApplicationQuestion
from lifecycle.recruitment.applications import applying, editing, questions
from lifecycle.recruitment.applications.forms import SAYS, ApplyForm, NewForm, QuestionForm, SetForm
from partners.api.inputs import colleagues
from partners.models import Programme
from prm import clock
from prm.api.fields import Among, AsInForm, Named
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Drops, Makes, Reads, Typed, step
from prm.api.rows import Row
from prm.paging import Order
from team.api.permits import permitted_anywhere
from team.models import User
from team.roles import permitted_or_403

Ids = serializers.IntegerField
EDIT = "edit application forms"
ASKED = ApplyForm.base_fields


def seen_forms(user: User) -> QuerySet[ApplicationForm]:
    return ApplicationForm.objects.visible_to(user)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string"},
            {"type": "integer"},
            {"type": "boolean"},
            {"type": "array", "items": {"type": "string"}},
        ]
    }
)
class Said(serializers.Field[Any, Any, Any, Any]):
    """An answer: words, a whole number, yes or no, or some of the choices."""

    default_error_messages = {
        "no_answer": _("Give words, a whole number, true or false, or a list of words.")
    }

    def to_internal_value(self, given: Any) -> Any:
        if isinstance(given, bool):
            return "yes" if given else "no"
        if isinstance(given, str | int) or (
            isinstance(given, list) and all(isinstance(each, str) for each in given)
        ):
            return given
        self.fail("no_answer")


class ApplicationAnswer(serializers.Serializer[Any]):
    question = serializers.IntegerField(min_value=0, max_value=2**31, help_text="See application-questions.")
    said = Said()


class NewApplication(serializers.Serializer[Any]):
    """As by the form: a mail asks its address whether it is meant. It is among applications once that was
    confirmed, which no program does; of a firm that is here already it comes to that partner."""

    form = Among(seen_forms)
    organisation = AsInForm(ASKED["organisation"])
    website = AsInForm(ASKED["website"])
    person = AsInForm(ASKED["person"])
    email = AsInForm(ASKED["email"])
    answers = ApplicationAnswer(many=True, required=False)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        said = {each["question"]: each["said"] for each in asked.pop("answers", [])}
        there = {each.pk: each for each in asked["form"].questions.all()}
        faults = {pk: [_("This form does not ask it.")] for pk in sorted(set(said) - set(there))}
        asked["answers"] = {}
        for pk, question in there.items():
            try:
                asked["answers"][pk] = questions.field(question).clean(said.get(pk))
            except ValidationError as error:
                faults[pk] = error.messages
        if faults:
            raise serializers.ValidationError({"answers": {str(pk): words for pk, words in faults.items()}})
        return asked


class Applications(Reads, Makes):
    noun, words = "applications", "Firms that applied to become partners. Decide on one by its wait."
    model, row, new = Application, rows.ApplicationRow, NewApplication
    filterset_class = filters(Application, keys=["partner", "form"], choices=["state"], moments=["sent_at"])
    sorts = USUAL_SORTS | {"sent_at": Order("sent_at", nullable=False)}
    may_make = permitted_anywhere("add partner")

    def seen(self) -> QuerySet[Application]:
        """Who sends one reads it in the answer; the address has not confirmed it yet."""
        if getattr(self, "action", "") == "create":
            return Application.objects.all()
        return Application.objects.visible_to(self.user)

    def make(self, typed: Typed) -> Application:
        return applying.send(**typed, at=clock.now())


class ApplicationFormRow(Row):
    name = serializers.CharField()
    slug = serializers.CharField(help_text="The last part of its address: /apply/…/.")
    intro = serializers.CharField(help_text="What stands above the questions.")
    programme = Ids(source="programme_id", allow_null=True)
    owner = Ids(source="owner_id", help_text="Who looks after those that apply.")
    is_open = serializers.BooleanField(help_text="Closed, it takes nothing.")
    created_at = serializers.DateTimeField()


class NewApplicationForm(serializers.Serializer[Any]):
    """It stays closed until it is opened."""

    name = AsInForm(NewForm.base_fields["name"])
    slug = AsInForm(NewForm.base_fields["slug"], help_text="The last part of its address.")
    owner = Among(colleagues)


class ApplicationFormChange(NewApplicationForm):
    """What differs; what is left out stays. Another slug leaves the former address leading nowhere."""

    intro = AsInForm(SetForm.base_fields["intro"])
    programme = Named(
        lambda user: Programme.objects.filter(retired_at=None),
        required=False,
        allow_null=True,
        help_text="It gives those that apply their partner type.",
    )


class Forms(Reads, Makes, Changes, Drops):
    noun, words = "application-forms", "Forms that firms apply by. Who does not keep them sees those open."
    model, row, new, changed = ApplicationForm, ApplicationFormRow, NewApplicationForm, ApplicationFormChange
    filterset_class = filters(ApplicationForm, keys=["programme", "owner"], booleans=["is_open"])
    sorts = USUAL_SORTS | {"name": Order("name", nullable=False)}
    related = ("owner", "programme")
    may_make = may_change = permitted_anywhere(EDIT)

    def seen(self) -> QuerySet[ApplicationForm]:
        return ApplicationForm.objects.visible_to(self.user)

    def make(self, typed: Typed) -> ApplicationForm:
        typed["slug"] = typed["slug"].lower()
        return editing.add(**typed, by=self.user, at=clock.now())

    def change(self, thing: ApplicationForm, typed: Typed) -> None:
        told = {name: getattr(thing, name) for name in ("name", "slug", "intro", "programme", "owner")}
        told |= typed
        told["slug"] = told["slug"].lower()
        editing.change(thing, **told, by=self.user, at=clock.now())

    def drop(self, thing: ApplicationForm) -> None:
        """Only one that nobody has answered goes; another one is closed."""
        permitted_or_403(self.user, EDIT)
        editing.remove(thing, by=self.user, at=clock.now())

    @step(permitted_anywhere(EDIT))
    def open(self, thing: ApplicationForm, typed: Typed) -> None:
        """Let anybody apply by it."""
        editing.switch(thing, True, by=self.user, at=clock.now())

    @step(permitted_anywhere(EDIT))
    def close(self, thing: ApplicationForm, typed: Typed) -> None:
        """Take no more. What was sent before goes on."""
        editing.switch(thing, False, by=self.user, at=clock.now())


class FormQuestionRow(Row):
    form = Ids(source="form_id")
    position = serializers.IntegerField()
    words = serializers.CharField()
    help = serializers.CharField()
    kind = serializers.ChoiceField(ApplicationQuestion.Kind.choices)
    choices = serializers.ListField(child=serializers.CharField())
    is_required = serializers.BooleanField()
    maps_to = serializers.CharField(
        help_text="Where the answer goes: “field:city”, “criterion:…” or nowhere, which is empty."
    )


class FormQuestionChange(serializers.Serializer[Any]):
    """What differs; what is left out stays."""

    words = AsInForm(QuestionForm.base_fields["words"])
    help = AsInForm(QuestionForm.base_fields["help"])
    kind = serializers.ChoiceField(ApplicationQuestion.Kind.choices)
    choices: Any = serializers.ListField(
        child=serializers.CharField(max_length=SAYS), max_length=questions.MOST_CHOICES, required=False
    )
    is_required = serializers.BooleanField(required=False)
    maps_to = serializers.CharField(max_length=80, required=False, allow_blank=True)


class NewFormQuestion(FormQuestionChange):
    form = Among(seen_forms)


class Questions(Reads, Makes, Changes, Drops):
    noun, words = "application-questions", "What the forms ask, in their order."
    model, row, new, changed = ApplicationQuestion, FormQuestionRow, NewFormQuestion, FormQuestionChange
    filterset_class = filters(ApplicationQuestion, keys=["form"], choices=["kind"])
    sorts = USUAL_SORTS | {"position": Order("position", nullable=False)}
    first_sort = "position"
    related = ("form",)
    may_make = may_change = permitted_anywhere(EDIT)

    def seen(self) -> QuerySet[ApplicationQuestion]:
        return ApplicationQuestion.objects.filter(form__in=seen_forms(self.user))

    def make(self, typed: Typed) -> ApplicationQuestion:
        question = ApplicationQuestion(form=typed.pop("form"))
        return editing.ask(question, **typed, by=self.user, at=clock.now())

    def change(self, thing: ApplicationQuestion, typed: Typed) -> None:
        kept = ("words", "kind", "help", "choices", "is_required", "maps_to")
        told = {name: getattr(thing, name) for name in kept} | typed
        editing.ask(thing, **told, by=self.user, at=clock.now())

    def drop(self, thing: ApplicationQuestion) -> None:
        """It is asked no more; what was answered stays."""
        permitted_or_403(self.user, EDIT)
        editing.drop(thing, by=self.user, at=clock.now())

    @step(permitted_anywhere(EDIT), related=("form",))
    def up(self, thing: ApplicationQuestion, typed: Typed) -> None:
        """Ask it before the one above it."""
        editing.raise_up(thing, by=self.user, at=clock.now())
