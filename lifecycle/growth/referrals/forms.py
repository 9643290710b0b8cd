"""The shape of what is asked about referrals."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lifecycle.growth import customers
from lifecycle.growth.referrals.models import Referral
from lifecycle.growth.referrals.passing import Opportunity, ReferralRefused
from partners.forms.fields import CountryField, NameField
from partners.models import Partner
from prm import money
from prm.forms import DayField, ManyField, OnceForm, offer
from team.models import Region, Vertical


class ReferralForm(OnceForm):
    """The opportunity, and by which rule it goes to whom."""

    name = NameField(label=_("What it is about"), max_length=200)
    customer = NameField(label=_("Customer"), max_length=200)
    website = forms.URLField(
        label=_("The customer’s website"), max_length=300, required=False, assume_scheme="https"
    )
    country = CountryField(label=_("The customer’s country"))
    words = forms.CharField(
        label=_("What we know"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The partners it is offered to read this; the customer’s name only who takes it."),
    )
    amount = money.AmountField(label=_("Amount"), required=False)
    currency = money.CurrencyField(initial="EUR")
    region = forms.ModelChoiceField(
        Region.objects.filter(retired_at=None), label=_("Region"), required=False, empty_label=_("Any")
    )
    vertical = forms.ModelChoiceField(
        Vertical.objects.filter(retired_at=None), label=_("Vertical"), required=False, empty_label=_("Any")
    )
    rule = forms.ChoiceField(label=_("To whom"), choices=Referral.Rule.choices)
    days = forms.IntegerField(label=_("Working days to answer"), min_value=1, max_value=30, initial=3)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["amount"] = money.read_into(self, "amount", "currency")
        return cleaned

    def opportunity(self, at: Any) -> Opportunity:
        asked = self.cleaned_data
        customer = customers.found(asked["customer"], at, asked["website"], asked["country"])
        names = ("name", "words", "amount", "currency", "region", "vertical")
        return Opportunity(customer=customer, **{name: asked[name] for name in names})


class MetForm(forms.Form):
    """When the partner met the customer."""

    on = DayField(label=_("Day"))


def day_of(form: MetForm) -> date:
    """The day of the form; refused where there is none to read."""
    if not form.is_valid():
        raise ReferralRefused(f"{form.fields['on'].label}: {form.errors['on'][0]}")
    day: date = form.cleaned_data["on"]
    return day


class ToForm(forms.Form):
    """The partners it is offered to."""

    to = ManyField(Partner.objects.none(), error_messages={"required": _("Choose a partner to offer it to.")})

    def __init__(self, partners: Any, data: Any) -> None:
        super().__init__(data)
        offer(self, "to", partners)
