"""The shape of what is typed about the formula of health."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.health import formulas, reckoning
from reviews.health.measures import PARTS
from reviews.health.models import HealthFormula

WEIGHT = "weight_"


class FormulaForm(forms.Form):
    """A weight for each measure, and the numbers of the formula."""

    healthy_from = forms.IntegerField(label=_("Healthy from"), min_value=2, max_value=100)
    watch_from = forms.IntegerField(
        label=_("Watch from"), min_value=1, max_value=99, help_text=_("Below it a partner is at risk.")
    )
    half_life_days = forms.IntegerField(
        label=_("Half-life in days"),
        min_value=7,
        max_value=365,
        help_text=_("What happened so long ago counts half."),
    )
    answers_months = forms.IntegerField(
        label=_("Answers expire after months"), min_value=1, max_value=36, help_text=_("Of surveys.")
    )
    certified_wanted = forms.IntegerField(label=_("Certified people wanted"), min_value=1, max_value=1000)

    def __init__(self, data: Any = None, *, formula: HealthFormula) -> None:
        initial = {name: getattr(formula, name) for name in formulas.FIELDS}
        super().__init__(data, initial=initial)
        for key, measure in reckoning.MEASURES.items():
            self.fields[f"{WEIGHT}{key}"] = forms.IntegerField(
                label=measure.name,
                min_value=0,
                max_value=1000,
                initial=formula.weights.get(key, 0),
                help_text=measure.words,
            )

    @property
    def weights(self) -> dict[str, int]:
        return {key: self.cleaned_data[f"{WEIGHT}{key}"] for key in reckoning.MEASURES}

    @property
    def numbers(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in formulas.FIELDS}

    @property
    def parts(self) -> Iterable[tuple[str, list[forms.BoundField]]]:
        """The fields of the weights, part by part."""
        for part, name in PARTS.items():
            keys = [key for key, each in reckoning.MEASURES.items() if each.part == part]
            yield name, [self[f"{WEIGHT}{key}"] for key in keys]

    @property
    def rest(self) -> list[forms.BoundField]:
        return [self[name] for name in formulas.FIELDS]


class PublishForm(forms.Form):
    """Why the formula is so; `seen` is the draft whose effect was looked at."""

    why = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Colleagues read it beside the version."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
