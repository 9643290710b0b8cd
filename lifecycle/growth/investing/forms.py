"""The shape of what is asked about investments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lifecycle.growth.investing.investments import Spent, refusal
from lifecycle.growth.investing.models import Investment
from prm import money
from prm.forms import DayField, OnceForm

FIELDS = {"minutes": "hours"}  # a person says hours


class InvestmentForm(OnceForm):
    """What we gave, when, and whether they read it."""

    kind = forms.ChoiceField(label=_("What"), choices=Investment.Kind.choices)
    on = DayField(label=_("Day"))
    words = forms.CharField(label=_("What it was for"), max_length=300)
    hours = forms.DecimalField(
        label=_("Hours"),
        min_value=Decimal("0.05"),
        max_value=Decimal(10_000),
        decimal_places=2,
        required=False,
        help_text=_("For hours: such as 1.5."),
    )
    amount = money.AmountField(
        label=_("Amount"),
        required=False,
        help_text=_("For funds. Read by the owner, its lead, heads and operations."),
    )
    currency = money.CurrencyField(initial="EUR")
    to = forms.CharField(
        label=_("Introduced to"), max_length=200, required=False, help_text=_("For an introduction.")
    )
    is_shown = forms.BooleanField(
        label=_("The partner reads it in its review"),
        required=False,
        help_text=_("With its amount or hours, beside what we got."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["amount"] = money.read_into(self, "amount", "currency")
        if not self.errors:
            self._check(self.spent)
        return cleaned

    def _check(self, spent: Spent) -> None:
        if field := spent.lacking():
            self.add_error(FIELDS.get(field, field), refusal(field, lacks=True))
        if field := spent.beside():
            self.add_error(FIELDS.get(field, field), refusal(field, lacks=False))

    @property
    def spent(self) -> Spent:
        asked, hours = self.cleaned_data, self.cleaned_data["hours"]
        names = ("kind", "on", "words", "amount", "currency", "to", "is_shown")
        minutes = None if hours is None else round(60 * hours)
        return Spent(minutes=minutes, **{name: asked[name] for name in names})
