"""The shape of what is asked about deals. Rules are the verbs'."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lifecycle.growth import customers
from lifecycle.growth.helping.models import Help
from lifecycle.growth.models import Credit, Customer, Deal, Phase, Product
from partners.forms.fields import CountryField, NameField
from partners.models import Contact, Partner
from prm import money
from prm.forms import DayField, ManyField, OnceForm, offer
from team.colleague_field import ColleagueField

COLUMNS = (
    "name",
    "amount",
    "currency",
    "probability",
    "expected_close_on",
    "next_step",
    "next_step_on",
    "owner",
    "seller_name",
    "seller_email",
    "outside_id",
    "term_months",
)


class OpportunityForm(OnceForm):
    """What one knows of an opportunity, its customer by name and website."""

    name = NameField(
        label=_("What it is about"), max_length=200, help_text=_("Such as “Warehouse roll-out, 3 sites”.")
    )
    customer = NameField(label=_("Customer"), max_length=200)
    website = forms.URLField(
        label=_("The customer’s website"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.TextInput({"inputmode": "url", "placeholder": "example.com"}),
        help_text=_("By its domain two deals are known to be about the same customer."),
    )
    country = CountryField(label=_("The customer’s country"))
    products = ManyField(
        Product.objects.filter(retired_at=None),
        label=_("Products"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    amount = money.AmountField(label=_("Amount"), required=False, help_text=_("Such as 12,500 or 12500.50."))
    currency = money.CurrencyField(initial="EUR")
    expected_close_on = DayField(label=_("Expected close"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["amount"] = money.read_into(self, "amount", "currency")
        return cleaned

    def customer_at(self, at: datetime) -> Customer:
        """The customer that was named, found again or written down now."""
        asked = self.cleaned_data
        return customers.found(asked["customer"], at, asked["website"], asked["country"])


class DealForm(OpportunityForm):
    """What we know of a deal."""

    probability = forms.IntegerField(
        label=_("Probability in %"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("Left empty, the phase’s."),
    )
    next_step = forms.CharField(label=_("Next step"), max_length=300, required=False)
    next_step_on = DayField(label=_("By"), required=False)
    owner = ColleagueField(
        label=_("Looked after by"),
        required=False,
        help_text=_("Left empty, by the partner’s owner."),
    )
    seller_name = forms.CharField(
        label=_("Our seller"), max_length=120, required=False, help_text=_("Needs no account here.")
    )
    seller_email = forms.EmailField(label=_("Our seller’s e-mail"), max_length=254, required=False)
    outside_id = forms.CharField(
        label=_("Id elsewhere"), max_length=200, required=False, help_text=_("What your CRM calls it.")
    )

    term_months = forms.IntegerField(
        label=_("Term in months"),
        min_value=1,
        max_value=240,
        required=False,
        help_text=_("Once it is won, its renewal appears 120 days before the term is over."),
    )

    def __init__(self, *args: Any, deal: Deal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=_as_it_stands(deal) if deal else None, **kwargs)
        self.deal = deal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("next_step_on") and not cleaned.get("next_step"):
            self.add_error("next_step", _("Say what the next step is."))
        return cleaned

    def clean_outside_id(self) -> str:
        given: str = self.cleaned_data["outside_id"].strip()
        others = Deal.objects.exclude(pk=self.deal.pk) if self.deal else Deal.objects.all()
        if given and others.filter(outside_id=given).exists():
            raise forms.ValidationError(_("Another deal has this id."))
        return given

    @property
    def facts(self) -> dict[str, Any]:
        """What the verb is given, the customer and the products aside."""
        return {name: self.cleaned_data[name] for name in COLUMNS}


def _as_it_stands(deal: Deal) -> dict[str, Any]:
    facts = {name: getattr(deal, name) for name in COLUMNS} | {"owner": deal.owner_id}
    customer = deal.customer
    return facts | {
        "amount": f"{deal.worth.amount:f}" if deal.worth else "",
        "customer": customer.name,
        "website": customer.website,
        "country": customer.country,
        "products": list(deal.products.values_list("pk", flat=True)),
    }


class NewDealForm(DealForm):
    """A new deal, the partner's part in it, and where it begins."""

    role = forms.ChoiceField(label=_("Their part"), choices=Credit.Role.choices, initial=Credit.Role.SOURCED)
    phase = forms.ModelChoiceField(
        Phase.objects.filter(ends=Phase.Ends.OPEN, retired_at=None), label=_("Phase"), empty_label=None
    )
    field_order = ("name", "customer", "website", "country", "role", "phase")


class MoveForm(forms.Form):
    """To which phase; won and lost take the day it closed, lost takes the reason."""

    to = forms.ModelChoiceField(
        Phase.objects.filter(retired_at=None),
        label=_("To"),
        empty_label=None,
        error_messages={"required": ""},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    closed_on = DayField(
        label=_("Closed on"), required=False, help_text=_("For won and lost; left empty, today.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, help_text=_("Why it is lost.")
    )


class PrimaryForm(forms.Form):
    """Which partner has the primary credit."""

    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("Partner"), empty_label=None)

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "partner", partners)


class CreditForm(PrimaryForm):
    """Which partner had which part."""

    role = forms.ChoiceField(label=_("Part"), choices=Credit.Role.choices)


class PhaseForm(forms.Form):
    """A phase of the pipeline."""

    name = NameField(label=_("Phase"), max_length=80)
    probability = forms.IntegerField(label=_("Probability in %"), min_value=0, max_value=100)


class RegistrationForm(OpportunityForm):
    """A deal to be registered."""

    words = forms.CharField(
        label=_("What was done, and what is planned"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Whom you talk with there, what they need, and the next step."),
    )

    @property
    def facts(self) -> dict[str, Any]:
        """What the verb is given, the customer and the products aside."""
        names = ("name", "words", "amount", "currency", "expected_close_on")
        return {name: self.cleaned_data[name] for name in names}


class RegistrationForThemForm(RegistrationForm):
    """One of us writes down what somebody there asks."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Asked by"),
        required=False,
        help_text=_("Who there reads the answer."),
    )

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contact", Contact.objects.current().filter(partner=partner))


class ExtendForm(forms.Form):
    """Until when, and for which progress."""

    until = DayField(label=_("Protected until"))
    progress = forms.CharField(
        label=_("Progress"), max_length=300, help_text=_("What has been achieved with the customer.")
    )


class CustomerForm(forms.Form):
    """Whether we sell there ourselves."""

    is_ours = forms.BooleanField(
        label=_("We sell there ourselves"),
        required=False,
        help_text=_("Registrations of this customer then say so to whoever decides."),
    )
    our_seller = forms.CharField(label=_("Our seller"), max_length=120, required=False)


class HelpForm(OnceForm):
    """What is needed for a deal."""

    kind = forms.ChoiceField(label=_("What you need"), choices=Help.Kind.choices)
    words = forms.CharField(
        label=_("What for, and by when"), max_length=5000, widget=forms.Textarea({"rows": 4})
    )
    price = money.AmountField(
        label=_("Price wanted"), required=False, help_text=_("For a special price, in the deal’s currency.")
    )

    def __init__(self, *args: Any, deal: Deal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = deal

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        deal = self.of or cleaned.get("deal")
        cleaned["currency"] = deal.currency if deal else ""
        cleaned["price"] = money.read_into(self, "price", "currency")
        wants_price = cleaned.get("kind") == Help.Kind.PRICE
        if wants_price and cleaned["price"] is None and "price" not in self.errors:
            self.add_error("price", _("Say which price."))
        if not wants_price:
            cleaned["price"] = None
        return cleaned

    @property
    def asked(self) -> dict[str, Any]:
        """What the verb is given."""
        return {name: self.cleaned_data[name] for name in ("kind", "words", "price")}


class HelpForThemForm(HelpForm):
    """One of us asks for a partner that has a part in the deal."""

    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("For"), empty_label=None)
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Asked by"), required=False, help_text=_("Who there told you.")
    )
    field_order = ("partner", "contact", "kind", "words", "price")

    def __init__(self, *args: Any, deal: Deal, **kwargs: Any) -> None:
        super().__init__(*args, deal=deal, **kwargs)
        credited = Credit.objects.current().filter(deal=deal).values("partner")
        offer(self, "partner", Partner.objects.filter(pk__in=credited))
        offer(self, "contact", Contact.objects.current().filter(partner__in=credited))
        self.initial["partner"] = deal.partner_id
