"""Forms about people there: contacts that join, change, leave and are withdrawn."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.utils.translation import gettext_lazy

from partners.forms.fields import ListField, NameField, ZoneField
from partners.models import Contact, Partner
from prm.forms import DayField, OnceForm, offer

COLUMNS = ("name", "title", "email", "roles", "zone", "language", "phones", "joined_on", "do_not_contact")


class ContactForm(OnceForm):
    """Who somebody there is and how to reach them."""

    name = NameField(label=gettext_lazy("Name"), max_length=120)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    addresses = ListField(
        forms.EmailField(),
        label=gettext_lazy("Further addresses"),
        help_text=gettext_lazy("With commas between. Mail from them is theirs, too."),
    )
    phones = ListField(forms.CharField(max_length=40), most=10, label=gettext_lazy("Phones"))
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=Contact.Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    zone = ZoneField()
    language = forms.CharField(
        label=gettext_lazy("Language"),
        max_length=10,
        required=False,
        widget=forms.TextInput({"placeholder": "en"}),
    )
    joined_on = DayField(label=gettext_lazy("There since"), required=False)
    do_not_contact = forms.BooleanField(
        label=gettext_lazy("Do not contact"),
        required=False,
        help_text=gettext_lazy("No outreach and no surveys; who writes by hand is warned."),
    )
    is_primary = forms.BooleanField(label=gettext_lazy("Primary contact"), required=False)
    wrong = forms.BooleanField(
        label=gettext_lazy("The former e-mail address was wrong: forget it"), required=False
    )
    anyway = forms.BooleanField(
        label=gettext_lazy("It is another person, or a mailbox they share: save it anyway"), required=False
    )

    def __init__(self, partner: Partner, data: Any = None, contact: Contact | None = None) -> None:
        super().__init__(data, initial=_facts(contact) if contact else {"zone": partner.zone})
        self.partner, self.contact = partner, contact
        del self.fields["is_primary" if contact else "wrong"]
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        last = "wrong" if contact else "is_primary"
        fields = [name for name in self.fields if name not in {"once", "anyway", last}]
        known = HTML("{% include 'partners/known_address.html' %}")
        self.helper.layout = Layout(known, "once", Div(*fields, css_class="form-grid"), last)

    @property
    def new_addresses(self) -> list[str]:
        """The addresses typed that were not this person's before."""
        before = [self.initial.get("email", ""), *self.initial.get("addresses", ())]
        typed = [self.cleaned_data["email"], *self.cleaned_data["addresses"]]
        return [email for email in typed if email and email.lower() not in map(str.lower, before)]

    @property
    def facts(self) -> dict[str, Any]:
        """What the verb is given."""
        return {name: self.cleaned_data[name] for name in (*COLUMNS, "addresses")}


def _facts(contact: Contact) -> dict[str, Any]:
    addresses = [address.email for address in contact.addresses.order_by("pk")]
    return {name: getattr(contact, name) for name in COLUMNS} | {"addresses": addresses}


class LeaveForm(forms.Form):
    """When somebody left, and who follows."""

    on = DayField(label=gettext_lazy("Left on"))
    successor = forms.ModelChoiceField(
        Contact.objects.none(),
        label=gettext_lazy("Who follows?"),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )

    def __init__(self, contact: Contact, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        others = Contact.objects.current().filter(partner=contact.partner_id).exclude(pk=contact.pk)
        offer(self, "successor", others)
        self.helper = plain_helper(self)


class WithdrawForm(forms.Form):
    """Why an entry was wrong."""

    reason = forms.CharField(
        label=gettext_lazy("What was wrong?"),
        max_length=300,
        help_text=gettext_lazy("It stays with the entry, for whoever looks later."),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.helper = plain_helper(self)


def plain_helper(form: forms.BaseForm) -> FormHelper:
    """Crispy without a form tag of its own."""
    helper = FormHelper(form)
    helper.form_tag = False
    return helper
