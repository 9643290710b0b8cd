"""What is asked for a new API token."""

from django import forms
from django.utils.translation import gettext_lazy

from prm.forms import DayField, OnceForm
from team.models import ApiToken


class TokenForm(OnceForm):
    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=80,
        help_text=gettext_lazy("The program that uses it, so that you know it again."),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What may it do?"),
        choices=ApiToken.Scope.choices,
        initial=ApiToken.Scope.READ,
        widget=forms.RadioSelect,
    )
    until = DayField(
        label=gettext_lazy("Its last day"),
        required=False,
        help_text=gettext_lazy("Empty: it lasts until it is revoked."),
    )
