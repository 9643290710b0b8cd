"""A conversation is handed over or done, and why."""

from __future__ import annotations

from typing import Any

from django import forms

from team.colleague_field import ColleagueField


class HandOverForm(forms.Form):
    to = ColleagueField(label="Hand over to", empty_label=None)
    note = forms.CharField(
        label="What they should know",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands in the conversation, for our team only.",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why?", strip=True)


class WithdrawForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "A partner that reads the promise reads this in the next review."


class ResolveForm(forms.Form):
    reason = forms.CharField(max_length=300, required=False, label="Why is no reply needed?", strip=True)
