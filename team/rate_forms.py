"""What the pages of rates ask."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm import tables
from prm.forms import DayField, choose_from
from prm.money import CurrencyField, currencies
from team import rate_list
from team.rates import Wanted

MOST_PASTED = 200_000  # characters


class WorthField(forms.CharField):
    """A rate as a person writes it."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"label": gettext_lazy("Rate"), "max_length": 24, "widget": widget, **more})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return rate_list.number(text)
        except ValueError as error:
            raise forms.ValidationError(str(error).removeprefix(_("Rate: "))) from None


class SourceField(forms.CharField):
    def __init__(self, **more: Any) -> None:
        label = gettext_lazy("Where it is from")
        super().__init__(**{"label": label, "max_length": 200, "required": False, **more})


class WhyField(forms.CharField):
    def __init__(self, **more: Any) -> None:
        super().__init__(**{"label": gettext_lazy("Why"), "max_length": 300, **more})


class RateForm(forms.Form):
    """One rate of a currency into the reporting one."""

    currency = CurrencyField(label=gettext_lazy("One unit of"))
    worth = WorthField()
    since_on = DayField(label=gettext_lazy("From"))
    source = SourceField()

    def __init__(self, into: str, data: Any = None) -> None:
        super().__init__(data)
        self.fields["worth"].label = _("is worth, in {into}").format(into=into)
        others = [(code, f"{code} · {name}") for code, name in currencies().items() if code != into]
        choose_from(self, "currency", others)

    @property
    def wanted(self) -> Wanted:
        return Wanted(**self.cleaned_data)


class CorrectionForm(forms.Form):
    """The right number for a rate, and why."""

    worth = WorthField()
    source = SourceField()
    why = WhyField()

    def __init__(self, into: str, data: Any = None, worth: Decimal | None = None, source: str = "") -> None:
        super().__init__(data, initial={"worth": worth, "source": source})
        self.fields["worth"].label = _("Is worth, in {into}").format(into=into)


class TakeBackForm(forms.Form):
    why = WhyField(label=gettext_lazy("Why it should not be there"))


class RatesForm(forms.Form):
    """A list of rates, pasted or as a file; all of it goes in, or nothing."""

    text = forms.CharField(
        label=gettext_lazy("Paste a table"),
        required=False,
        max_length=MOST_PASTED,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false", "placeholder": "Currency;From;Rate"}),
        help_text=gettext_lazy("The first row names the columns: Currency, From, Rate; Source may follow."),
    )
    file = forms.FileField(label=gettext_lazy("Or choose a file, CSV or XLSX"), required=False)
    source = SourceField(label=gettext_lazy("Where they are from"))
    why = WhyField(
        required=False,
        label=gettext_lazy("Why, where a rate that stands is corrected"),
    )

    def __init__(self, into: str, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.into = into
        self.wanted: list[Wanted] = []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        name = "file" if cleaned.get("file") else "text"
        if not self.errors:
            self._read(name, cleaned)
        return cleaned

    def _read(self, name: str, cleaned: dict[str, Any]) -> None:
        file, text = cleaned.get("file"), cleaned.get("text", "")
        if not file and not text.strip():
            self.add_error("text", _("Paste a table, or choose a file."))
            return
        try:
            table = tables.read(file or io.BytesIO(text.encode()), file.name if file else "")
            self.wanted = rate_list.read(table, self.into, cleaned["source"])
        except rate_list.ListRefused as refusal:
            self.add_error(name, refusal.said)
        except tables.Unreadable as refusal:
            self.add_error(name, str(refusal))
