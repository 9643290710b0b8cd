"""What a partner's person types, and for how long somebody is let in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from prm.forms import OnceForm

LONGEST = 20_000  # letters


class WordsForm(OnceForm):
    """A message to us."""

    body = forms.CharField(
        max_length=LONGEST,
        label="Your message",
        strip=True,
        widget=forms.Textarea(
            {"class": "form-control", "rows": 4, "placeholder": "A question, a lead, a worry."}
        ),
        error_messages={"required": "Write a few words first."},
    )


class ContestForm(OnceForm):
    """Why a decision of ours should be another one."""

    words = forms.CharField(
        max_length=5000,
        label="Why it should be decided otherwise",
        strip=True,
        widget=forms.Textarea({"class": "form-control", "rows": 4}),
        error_messages={"required": "Say why it should be decided otherwise."},
    )


class DoneForm(OnceForm):
    """A task is done: what there is to say, and what shows it."""

    note = forms.CharField(
        max_length=5000,
        label="Note",
        required=False,
        strip=True,
        widget=forms.Textarea({"class": "form-control", "rows": 3}),
    )
    file = forms.FileField(label="File", required=False, widget=forms.FileInput({"class": "form-control"}))


class GoalForm(OnceForm):
    """What the partner wants for itself."""

    text = forms.CharField(
        max_length=300,
        label=_("Your goal"),
        strip=True,
        error_messages={"required": _("Say what you want to reach.")},
    )


class PassForm(OnceForm):
    """How long the pass lasts, and whether the address is mailed."""

    days = forms.TypedChoiceField(
        label="Open for",
        coerce=int,
        initial=90,
        choices=[(7, "a week"), (30, "30 days"), (90, "90 days"), (365, "a year")],
    )
    mailed = forms.BooleanField(label="Send the address by mail", required=False)
