"""The assessment of one partner: a field and a note for each criterion that a person rates."""

from __future__ import annotations

from typing import Any

from django import forms

from partners.fits import Standard
from partners.models import Criterion, Rating
from partners.ratings import Answer

Kind = Criterion.Kind
NONE = "-"
LONGEST_NOTE = 1000


def _as_number(criterion: Criterion) -> forms.Field:
    return forms.FloatField(widget=forms.NumberInput(attrs={"step": "any"}))


def _as_stars(criterion: Criterion) -> forms.Field:
    return forms.IntegerField(
        min_value=0, max_value=5, widget=forms.NumberInput(attrs={"placeholder": "0 to 5"})
    )


def _as_choice(criterion: Criterion) -> forms.Field:
    options = [option for option, _ in criterion.rule["options"]]
    return forms.ChoiceField(
        choices=[("", "not answered"), *((each, each) for each in options), ("other", "other")]
    )


def _as_yes_no(criterion: Criterion) -> forms.Field:
    return forms.TypedChoiceField(
        choices=[("", "not answered"), ("yes", "yes"), ("no", "no")],
        coerce=lambda chosen: chosen == "yes",
        empty_value=None,
    )


def _as_overlap(criterion: Criterion) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=[*((each, each) for each in criterion.rule["wanted"]), (NONE, "none of these")],
        widget=forms.CheckboxSelectMultiple,
    )


FIELDS = {
    Kind.NUMBER: _as_number,
    Kind.RATING: _as_stars,
    Kind.CHOICE: _as_choice,
    Kind.YES_NO: _as_yes_no,
    Kind.OVERLAP: _as_overlap,
}


def typed_of(value: Any) -> Any:
    """An answer as the form takes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return [NONE] if value == [] else value


def _shown(criterion: Criterion, value: Any) -> Any:
    """A kept answer as the form shows it."""
    if isinstance(value, bool) or criterion.kind == Kind.OVERLAP:
        return typed_of(value)
    if criterion.kind == Kind.CHOICE and value not in [option for option, _ in criterion.rule["options"]]:
        return "other"
    return value


class AssessmentForm(forms.Form):
    """Fields are named value_KEY and note_KEY, one pair for each criterion rated by people."""

    def __init__(self, *args: Any, standard: Standard, stood: dict[str, Rating], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rated = [each for each in standard.criteria if not each.source]
        self.keys = {each.key for each in self.rated}
        points = {each.key: each.rule.points for each in standard.asked}
        for criterion in self.rated:
            rating = stood.get(criterion.key)
            suits = rating is not None and points[criterion.key](rating.value) is not None
            self._ask(criterion, rating, rating.value if suits and rating else None)

    def _ask(self, criterion: Criterion, rating: Rating | None, value: Any) -> None:
        field = FIELDS[Kind(criterion.kind)](criterion)
        field.label, field.required = criterion.name, False
        field.help_text = criterion.help
        field.initial = None if value is None else _shown(criterion, value)
        self.fields[f"value_{criterion.key}"] = field
        self.fields[f"note_{criterion.key}"] = forms.CharField(
            label=f"Note on {criterion.name}",
            required=False,
            max_length=LONGEST_NOTE,
            initial=rating.note if rating else "",
            widget=forms.TextInput(attrs={"placeholder": "Note"}),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for criterion in self.rated:
            name = f"value_{criterion.key}"
            ticked = cleaned.get(name) if criterion.kind == Kind.OVERLAP else None
            if ticked and NONE in ticked:
                cleaned[name] = []
                if len(ticked) > 1:
                    self.add_error(name, "Tick what is there, or “none of these”, not both.")
            elif ticked == [] or cleaned.get(name) == "":
                cleaned[name] = None
        return cleaned

    def answers(self) -> dict[str, Answer]:
        """What was typed, by key; None where a criterion is left open."""
        return {
            each.key: Answer(self.cleaned_data[f"value_{each.key}"], self.cleaned_data[f"note_{each.key}"])
            for each in self.rated
        }

    def rows(self) -> list[tuple[Criterion, Any, Any]]:
        """Each criterion with its two bound fields."""
        return [(each, self[f"value_{each.key}"], self[f"note_{each.key}"]) for each in self.rated]
