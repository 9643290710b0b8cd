"""What the pages about notices ask."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from team import hooks, notices
from team.models import Hook, NoticeTimes, Way

SPANS = {
    "30": _("30 minutes"),
    "60": _("1 hour"),
    "120": _("2 hours"),
    "240": _("4 hours"),
    "1440": _("1 day"),
}


class ClockField(forms.TimeField):
    """A time of day, to the minute."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TimeInput({"type": "time"}, format="%H:%M")
        wrong = {"invalid": _("Write a time of day like 08:30.")}
        super().__init__(widget=widget, input_formats=["%H:%M"], error_messages=wrong, **more)


class TimesForm(forms.Form):
    """When a person wants to be told."""

    quiet_from = ClockField(label=_("No mail from"))
    quiet_until = ClockField(
        label=_("No mail until"), help_text=_("The same time in both: mail may come at any hour.")
    )
    quiet_weekends = forms.BooleanField(
        label=_("No mail on days when the calendar is closed, like weekends"), required=False
    )
    digest_at = ClockField(label=_("Daily digest at"))

    def __init__(self, times: NoticeTimes, data: Any = None) -> None:
        super().__init__(data, initial={name: getattr(times, name) for name in self.base_fields})


class WaysForm(forms.Form):
    """How a person wants to hear of each kind. The fields are named by kind."""

    def __init__(self, ways: dict[str, str], data: Any = None) -> None:
        super().__init__(data, prefix="way", initial=ways)
        for kind in ways:
            registered = notices.kinds()[kind]
            choices = [each for each in Way.choices if registered.may_be_off or each[0] != Way.OFF]
            widget = forms.Select({"class": "form-select"})
            self.fields[kind] = forms.ChoiceField(
                label=registered.name, help_text=registered.why, choices=choices, widget=widget
            )


class SnoozeForm(forms.Form):
    """For how long a notice is hidden, in minutes."""

    minutes = forms.ChoiceField(choices=list(SPANS.items()))

    @property
    def span(self) -> timedelta:
        return timedelta(minutes=int(self.cleaned_data["minutes"]))


class HookForm(forms.Form):
    """Where notices are sent beside people, and which."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Begins with https://. The chat tool or program that takes the notices gives it to you."),
        widget=forms.URLInput({"autocomplete": "off", "placeholder": "https://"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What is sent"), choices=[], widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, hook: Hook | None, data: Any = None) -> None:
        known = {"url": hook.url, "kinds": hook.kinds} if hook else {"kinds": list(hooks.USUAL)}
        super().__init__(data, initial=known)
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        kinds.choices = [(kind, registered.name) for kind, registered in notices.kinds().items()]
