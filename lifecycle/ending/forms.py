"""The shape of what is asked when a partnership ends."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lifecycle.ending.models import Ending
from partners.models import EndReason
from prm.forms import DayField, OnceForm


class PlanEndForm(OnceForm):
    """By whose wish, why, and until when."""

    kind = forms.ChoiceField(label=_("How"), choices=Ending.Kind.choices)
    end_reason = forms.ModelChoiceField(EndReason.objects.filter(retired_at=None), label=_("Reason"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    last_on = DayField(label=_("Last day"), help_text=_("Access to the portal ends with it."))
    settle_by = DayField(label=_("All settled by"), required=False, help_text=_("Left empty, the last day."))
