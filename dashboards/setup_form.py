"""What set-up asks."""

from typing import Any

from django import forms
from django.urls import reverse

from conversations.models import Policy
from dashboards.setup import PROMISES
from team.forms import NewAccountForm, ZoneField


class SetUpForm(NewAccountForm):
    code = forms.CharField(
        label="Set-up code",
        max_length=40,
        help_text="It is printed in the terminal where the server was started.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    company = forms.CharField(label="Company name", max_length=120)
    zone = ZoneField(label="Time zone", initial="UTC")
    promise = forms.ChoiceField(
        label="What you promise a partner who writes",
        choices=list(PROMISES.items()),
        initial=Policy.Mode.ELAPSED,
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(label="Your e-mail", widget=forms.EmailInput(attrs={"autocomplete": "username"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].widget.attrs |= {
            "hx-get": reverse("dashboards:due_preview"),
            "hx-target": "#due",
            "hx-swap": "outerHTML",
        }
        if not self.is_bound and "zone" not in self.initial:
            self.fields["zone"].widget.attrs["data-own-zone"] = ""  # a script offers the browser's zone
