"""The kinds of questions: the field each is asked with, how an answer is kept and read, and where it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lifecycle.recruitment.applications.models import ApplicationQuestion
from partners import countries, profiles
from partners.models import Criterion, Profile
from team.models import Region, Vertical

Kind = ApplicationQuestion.Kind
FIELD, CRITERION = "field:", "criterion:"
MOST_CHOICES = 50
LARGEST = 2_000_000_000

FIELDS: dict[str, tuple[str, Any]] = {
    "legal_name": (Kind.TEXT, gettext_lazy("Legal name")),
    "city": (Kind.TEXT, gettext_lazy("City")),
    "about": (Kind.LONG, gettext_lazy("About the partner")),
    "employees": (Kind.NUMBER, gettext_lazy("Employees")),
    "country": (Kind.COUNTRY, gettext_lazy("Country")),
    "region": (Kind.CHOICE, gettext_lazy("Region")),
    "verticals": (Kind.CHOICES, gettext_lazy("Verticals")),
    "certifications": (Kind.CHOICES, gettext_lazy("Certifications")),
}
ASKS = {
    Criterion.Kind.NUMBER: Kind.NUMBER,
    Criterion.Kind.RATING: Kind.NUMBER,
    Criterion.Kind.CHOICE: Kind.CHOICE,
    Criterion.Kind.YES_NO: Kind.YES_NO,
    Criterion.Kind.OVERLAP: Kind.CHOICES,
}
NAMED = {"region": Region, "verticals": Vertical}


@dataclass(frozen=True)
class Target:
    """Where an answer can go: a field of the partner, or a criterion that people answer."""

    value: str
    label: str
    kind: str


def targets() -> list[Target]:
    """Every place an answer can go, fields first."""
    fields = [Target(f"{FIELD}{name}", str(label), kind) for name, (kind, label) in FIELDS.items()]
    live = Profile.objects.filter(state=Profile.State.PUBLISHED).order_by("pk")
    criteria = {each.key: each for profile in live for each in profiles.criteria(profile) if not each.source}
    return fields + [
        Target(f"{CRITERION}{key}", each.name, ASKS[Criterion.Kind(each.kind)])
        for key, each in criteria.items()
    ]


def fault(kind: str, maps_to: str, choices: Iterable[str]) -> str:
    """Why an answer of this kind cannot go there; "" where it can."""
    if not maps_to:
        return ""
    target = next((each for each in targets() if each.value == maps_to), None)
    if target is None:
        return _("There is no such place any more. Choose another.")
    if target.kind != kind:
        return _("“{place}” takes the answer to a question of the kind “{kind}”.").format(
            place=target.label, kind=Kind(target.kind).label
        )
    noun = NAMED.get(maps_to.removeprefix(FIELD))
    known = set(noun._default_manager.values_list("name", flat=True)) if noun else set()
    strange = [choice for choice in choices if noun and choice not in known]
    return _("“{name}” is none of our {list}.").format(name=strange[0], list=target.label) if strange else ""


# --- asked --------------------------------------------------------------------------------------------


def field(question: ApplicationQuestion) -> forms.Field:
    """The field that asks it."""
    asked = {"label": question.words, "help_text": question.help, "required": question.is_required}
    return _MAKERS[Kind(question.kind)](question, asked)


def address(**asked: Any) -> forms.Field:
    """A web address, typed with or without https://."""
    widget = forms.TextInput({"inputmode": "url"})
    return forms.URLField(max_length=300, assume_scheme="https", widget=widget, **asked)


def _choice(question: ApplicationQuestion, asked: dict[str, Any]) -> forms.Field:
    offered = [("", _("Choose…")), *((each, each) for each in question.choices)]
    return forms.ChoiceField(choices=offered, **asked)


def _choices(question: ApplicationQuestion, asked: dict[str, Any]) -> forms.Field:
    offered = [(each, each) for each in question.choices]
    return forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple, **asked)


def _country(question: ApplicationQuestion, asked: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(
        choices=[("", _("Choose…")), *sorted(countries.COUNTRIES.items(), key=lambda each: each[1])], **asked
    )


def _yes_no(question: ApplicationQuestion, asked: dict[str, Any]) -> forms.Field:
    offered = [("yes", _("Yes")), ("no", _("No"))]
    return forms.ChoiceField(choices=offered, widget=forms.RadioSelect, **asked)


_MAKERS: dict[str, Any] = {
    Kind.TEXT: lambda question, asked: forms.CharField(max_length=300, **asked),
    Kind.LONG: lambda question, asked: forms.CharField(
        max_length=5000, widget=forms.Textarea({"rows": 5}), **asked
    ),
    Kind.NUMBER: lambda question, asked: forms.IntegerField(min_value=0, max_value=LARGEST, **asked),
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.COUNTRY: _country,
    Kind.URL: lambda question, asked: address(**asked),
    Kind.EMAIL: lambda question, asked: forms.EmailField(max_length=254, **asked),
}


# --- kept ---------------------------------------------------------------------------------------------


def kept(question: ApplicationQuestion, answer: Any) -> dict[str, Any]:
    """The answer with the words it was asked in, as it is kept."""
    return {"words": question.words, "kind": question.kind, "said": _said(question.kind, answer)}


def _said(kind: str, answer: Any) -> str:
    """An answer as a person reads it; "" where nothing was said."""
    if answer in (None, "", []):
        return ""
    if kind == Kind.CHOICES:
        return ", ".join(answer)
    if kind == Kind.YES_NO:
        return _("Yes") if answer == "yes" else _("No")
    if kind == Kind.COUNTRY:
        return countries.name_of(answer)
    return str(answer) if kind == Kind.LONG else " ".join(str(answer).split())


def mapped(questions: Iterable[ApplicationQuestion], answers: Mapping[int, Any]) -> dict[str, Any]:
    """The answers that go somewhere, by where."""
    found = {}
    for question in questions:
        answer = answers.get(question.pk)
        if question.maps_to and answer not in (None, "", []):
            found[question.maps_to] = answer == "yes" if question.kind == Kind.YES_NO else answer
    return found
