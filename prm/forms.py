"""Form manners all apps share."""

import uuid
from datetime import datetime
from typing import Any

from django import forms

from prm.models import OnceKey


class OnceForm(forms.Form):
    """A form that sends something: it carries a one-time key, so that a double press sends once."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid.uuid4

    def spend(self, at: datetime) -> bool:
        """Spend the key; False when this very form was sent before. Call inside a transaction."""
        key = self.cleaned_data.get("once")
        return key is None or OnceKey.is_fresh(key, at)
