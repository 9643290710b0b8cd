"""The shape of what is asked about agreements. Rules are the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lifecycle.growth.models import Product
from lifecycle.recruitment.funnel import Period
from lifecycle.recruitment.models import Agreement, AgreementVersion
from lifecycle.recruitment.terms import Terms
from partners.countries import COUNTRIES
from partners.forms.fields import ListField
from partners.models import Contact
from prm.forms import DayField, ManyField, OnceForm, offer

MOST_MONTHS, MOST_DAYS = 240, 1095
_CODES = {name.casefold(): code for code, name in COUNTRIES.items()}


class CountryText(forms.CharField):
    """A country by its name or its code, cleaned to the code."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        code = text.upper() if text.upper() in COUNTRIES else _CODES.get(text.casefold(), "")
        if not code:
            raise forms.ValidationError(_("is no country we know; write its name or its two letters"))
        return code


def _percent(label: Any, help_text: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=100, decimal_places=2, required=False, help_text=help_text
    )


class TermsForm(OnceForm):
    """What is agreed. The file is the contract as you want it signed, where the words here are not all."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AgreementVersion.Kind.choices)
    territory = ListField(
        each=CountryText(max_length=60),
        most=250,
        label=_("Territory"),
        help_text=_("Countries, with commas between. Left empty, everywhere."),
    )
    products = ManyField(
        Product.objects.filter(retired_at=None),
        label=_("Products"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    is_exclusive = forms.BooleanField(
        label=_("Exclusive"), required=False, help_text=_("Nobody else there, for these products.")
    )
    margin = _percent(_("Margin in %"), _("What a reseller buys below list price."))
    commission = _percent(_("Commission in %"), _("What a referral earns of the amount."))
    starts_on = DayField(label=_("Starts on"), required=False, help_text=_("Left empty, when it is signed."))
    term_months = forms.IntegerField(
        label=_("Term in months"),
        min_value=1,
        max_value=MOST_MONTHS,
        required=False,
        help_text=_("Left empty, until it is ended."),
    )
    renewal = forms.ChoiceField(label=_("Renewal"), choices=AgreementVersion.Renewal.choices)
    renewal_months = forms.IntegerField(
        label=_("Renewed for, in months"),
        min_value=1,
        max_value=MOST_MONTHS,
        required=False,
        help_text=_("Left empty, as long as the term."),
    )
    notice_days = forms.IntegerField(
        label=_("Notice in days"), min_value=0, max_value=MOST_DAYS, initial=0, required=False
    )
    words = forms.CharField(
        label=_("Further terms"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 6}),
        strip=True,
    )
    file = forms.FileField(label=_("File"), required=False, help_text=_("PDF or office file; 10 MB."))
    without_file = forms.BooleanField(label=_("Without the file it has"), required=False)

    def __init__(self, *args: Any, version: AgreementVersion | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=_as_it_stands(version) if version else None, **kwargs)
        if version is None or not version.file:
            del self.fields["without_file"]

    def clean_words(self) -> str:
        """One kind of line end, so that a text sent back unchanged is unchanged."""
        return "\n".join(str(self.cleaned_data["words"]).splitlines())

    @property
    def terms(self) -> Terms:
        """What the verb is given."""
        asked = self.cleaned_data
        return Terms(
            kind=asked["kind"],
            territory=tuple(asked["territory"]),
            products=tuple(sorted(product.name for product in asked["products"])),
            is_exclusive=asked["is_exclusive"],
            margin=asked["margin"],
            commission=asked["commission"],
            starts_on=asked["starts_on"],
            term_months=asked["term_months"],
            renewal=asked["renewal"],
            renewal_months=asked["renewal_months"],
            notice_days=asked["notice_days"] or 0,
            words=asked["words"],
        )


def _as_it_stands(version: AgreementVersion) -> dict[str, Any]:
    names = ("kind", "is_exclusive", "margin", "commission", "starts_on", "term_months", "renewal")
    facts = {name: getattr(version, name) for name in (*names, "renewal_months", "notice_days", "words")}
    return facts | {
        "territory": [COUNTRIES.get(code, code) for code in version.territory],
        "products": list(version.products.values_list("pk", flat=True)),
    }


class SendForm(OnceForm):
    """To whom it is sent."""

    to = forms.ModelChoiceField(Contact.objects.none(), label=_("To"), empty_label=None)
    anyway = forms.BooleanField(
        label=_("It collides with an exclusive agreement: send it anyway"), required=False
    )

    def __init__(self, *args: Any, agreement: Agreement, collides: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = Contact.objects.current().filter(partner=agreement.partner_id).exclude(email="")
        offer(self, "to", there)
        if not collides:
            del self.fields["anyway"]


class SignForm(forms.Form):
    """The typed name, and that one may sign."""

    name = forms.CharField(
        label=_("Your full name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    authorised = forms.BooleanField(label=_("I have read the terms and may sign for my company."))


class SignedElsewhereForm(OnceForm):
    """The signed file, and when."""

    file = forms.FileField(label=_("The signed file"), help_text=_("PDF, picture or office file; 10 MB."))
    on = DayField(label=_("Signed on"), help_text=_("The day the second side signed."))


class EndAgreementForm(forms.Form):
    """Its last day, and why."""

    on = DayField(label=_("Last day"), help_text=_("To come: notice is given, and it holds until then."))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class PeriodForm(forms.Form):
    """From a day to a day; left empty, what is usual."""

    came_from = DayField(label=_("From"), required=False)
    came_until = DayField(label=_("until"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("came_from"), cleaned.get("came_until")
        if since and until and until < since:
            raise forms.ValidationError(_("The last day is before the first one."))
        if bool(since) != bool(until) and not self.errors:
            self.add_error("came_until" if since else "came_from", _("Say from which day to which."))
        return cleaned

    @property
    def period(self) -> Period | None:
        """What was asked for; None where a day is missing or cannot be."""
        if not self.is_valid() or not all(self.cleaned_data.values()):
            return None
        return Period(self.cleaned_data["came_from"], self.cleaned_data["came_until"])
