"""A clock is put away or paused."""

from __future__ import annotations

from datetime import datetime

from django import forms

from conversations import pauses
from conversations.commitments import end_of
from prm.forms import DayField


class NoReplyForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why is no reply needed?", strip=True)


class PauseForm(forms.Form):
    """A clock is paused: on which ground, and for how long."""

    ground = forms.ChoiceField(
        label="Why does it stand still?",
        choices=[(ground.value, ground.label) for ground in pauses.PRESSED],
        widget=forms.RadioSelect,
    )
    until = DayField(label="Until the end of", help_text="The clock runs on by itself after that day.")
    note = forms.CharField(max_length=300, required=False, label="What was said", strip=True)

    def ends_at(self, zone: str) -> datetime:
        """24:00 of the day, in the zone of who typed it."""
        return end_of(self.cleaned_data["until"], zone)
