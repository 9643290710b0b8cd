"""What is promised, and what colleagues are asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from conversations.models import Commitment
from partners.models import Contact, Partner
from prm.forms import DayField, OnceForm, offer
from team.colleague_field import ColleagueField


class CommitmentForm(OnceForm):
    side = forms.ChoiceField(choices=Commitment.Side, initial=Commitment.Side.OURS, widget=forms.RadioSelect)
    text = forms.CharField(max_length=500, label="What is promised?", strip=True)
    promised_for = forms.DateField(
        label="By", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    owner = ColleagueField(required=False, label="Who of us", empty_label="me")
    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="Who over there", empty_label="nobody named"
    )

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contact", Contact.objects.current().filter(partner=partner))


class MoveForm(forms.Form):
    """A promise gets a new day."""

    to = forms.DateField(label="New day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    consent = forms.ChoiceField(
        label="Does the other side agree?",
        choices=[("stated", "Yes, they said so"), ("none", "Not asked, or no")],
        widget=forms.RadioSelect,
        initial="none",
    )
    note = forms.CharField(max_length=300, required=False, label="What they said, or why it moves")

    def clean_to(self) -> Any:
        to = self.cleaned_data["to"]
        if to < timezone.localdate():
            raise forms.ValidationError("That day has passed. Choose today or a later one.")
        return to


class AskForm(OnceForm):
    """A colleague outside the team is asked for something by a day."""

    name = forms.CharField(max_length=120, label="Whom do you ask?", strip=True)
    email = forms.EmailField(label="Their e-mail address", max_length=254)
    question = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 5000}),
        label="What do you need from them?",
        help_text="They see this, your name and the partner's, and nothing else.",
        strip=True,
    )
    wanted_by = DayField(label="By")


class AnswerAskForm(forms.Form):
    answer = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 5000}), label="Your answer", strip=True
    )
