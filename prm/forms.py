"""Form manners all apps share."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from prm import clock
from prm.models import OnceKey

LONGEST_KEY = 18  # digits of an id


def faults(form: forms.BaseForm) -> list[str]:
    """What of it cannot be read, each with the name of its field; of the form as a whole without one."""
    labels = {name: f"{field.label}: " for name, field in form.fields.items()}
    return [f"{labels.get(name, '')}{error}" for name, errors in form.errors.items() for error in errors]


def offer(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> forms.ModelChoiceField:
    """Let a field of the form choose among these rows; the field, for what else is to be said of it."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} is no field that chooses among rows")
    field.queryset = rows
    return field


def choose_from(form: forms.BaseForm, name: str, choices: Iterable[Any]) -> None:
    """Let a field of the form choose among these (value, words)."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no field that chooses among words")
    field.choices = list(choices)


class DayField(forms.DateField):
    """A day within living memory or in sight: a mistyped year is refused."""

    earliest, years_ahead = 1950, 30

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **more)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if (
            value
            and not self.earliest <= value.year <= timezone.localdate(clock.now()).year + self.years_ahead
        ):
            raise forms.ValidationError(
                _("The year %(year)d cannot be right. Check it."), params={"year": value.year}
            )


class ManyField(forms.ModelMultipleChoiceField):
    """Some of the rows that are offered. A number beyond all ids is none of them: databases fail over it."""

    def clean(self, value: Any) -> Any:
        for one in value if isinstance(value, list | tuple) else ():
            if len(str(one)) > LONGEST_KEY:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": f"{str(one)[:LONGEST_KEY]}…"},
                )
        return super().clean(value)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, none among them; cleaned to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in given]


class OnceForm(forms.Form):
    """A form that sends something: it carries a one-time key, so that a double press sends once."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid.uuid4

    def spend(self, at: datetime) -> bool:
        """Spend the key; False when this very form was sent before. Call inside a transaction."""
        key = self.cleaned_data.get("once")
        return key is None or OnceKey.is_fresh(key, at)
