"""Fields the forms of partners share. They clean; they decide nothing."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import team.forms
from partners.countries import COUNTRIES
from prm import search


class NameField(forms.CharField):
    """A name of which something can be read."""

    def clean(self, value: Any) -> str:
        name: str = super().clean(value)
        if name and not any(unicodedata.category(letter)[0] in "LNPS" for letter in search.fold(name)):
            raise forms.ValidationError(_("Write a name that can be read."))
        return name


class ListField(forms.CharField):
    """Several texts in one field, with commas between; cleaned to a list without repeats."""

    between, joint = re.compile(r"[\n,;]+"), ", "

    def __init__(self, each: forms.Field | None = None, most: int = 50, **more: Any) -> None:
        self.each = each or forms.CharField(max_length=120)
        self.most = most
        super().__init__(**{"required": False, "max_length": 5000, **more})

    def clean(self, value: Any) -> list[str]:
        texts = [text.strip() for text in self.between.split(super().clean(value)) if text.strip()]
        if len(texts) > self.most:
            raise forms.ValidationError(_("These are more than %(most)d."), params={"most": self.most})
        return list(dict.fromkeys(self._one(text) for text in texts))

    def _one(self, text: str) -> str:
        try:
            return str(self.each.clean(text))
        except forms.ValidationError as error:
            raise forms.ValidationError(f"“{text[:60]}”: {' '.join(error.messages)}") from None

    def prepare_value(self, value: Any) -> Any:
        return self.joint.join(map(str, value)) if isinstance(value, (list, tuple)) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))


class LinesField(ListField):
    """Several texts, one a line, for those that may hold commas themselves."""

    between, joint = re.compile(r"\n+"), "\n"
    widget = forms.Textarea


class CountryField(forms.ChoiceField):
    def __init__(self, **more: Any) -> None:
        choices = [("", "—"), *COUNTRIES.items()]
        super().__init__(**{"choices": choices, "required": False, "label": gettext_lazy("Country"), **more})


class ZoneField(team.forms.ZoneField):
    def __init__(self, **more: Any) -> None:
        super().__init__(**{"required": False, "label": gettext_lazy("Time zone"), **more})
