"""The shape of what is asked about plans and their templates. Rules are the verbs'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lifecycle.models import Plan, PlanTemplate, Side, TemplateTask
from lifecycle.onboarding.models import LONGEST, WANTED
from partners.forms.fields import NameField
from partners.models import PartnerType
from prm.forms import DayField, OnceForm, choose_from, offer


class TemplateForm(forms.Form):
    """What a template is called, and whom it is for."""

    name = NameField(label=_("Name"), max_length=100)
    kind = forms.ModelChoiceField(
        PartnerType.objects.filter(retired_at=None),
        label=_("For partners of type"),
        required=False,
        empty_label=_("all types"),
    )


class TemplateTaskForm(forms.Form):
    """A task of a template."""

    text = forms.CharField(label=_("Task"), max_length=300)
    side = forms.ChoiceField(label=_("Whose"), choices=Side.choices, initial=Side.OURS)
    offset_days = forms.IntegerField(
        label=_("Due after working days"),
        min_value=0,
        max_value=LONGEST,
        help_text=_("Counted from the start of the plan; 0 is its first day."),
    )
    waits_for = forms.MultipleChoiceField(
        label=_("Comes after"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_required = forms.BooleanField(
        label=_("Required"), required=False, help_text=_("Growth waits for it while it is open.")
    )
    needs_approval = forms.BooleanField(
        label=_("Needs our approval"),
        required=False,
        help_text=_("Of theirs only: done by them, it waits for our yes."),
    )
    evidence = forms.ChoiceField(
        label=_("Evidence"),
        required=False,
        choices=[("", _("none")), *WANTED],
        help_text=_("Recorded once it is done; they are asked for a note or a file."),
    )

    def __init__(self, *args: Any, others: Iterable[TemplateTask], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "waits_for", [(str(task.key), task.text) for task in others])


class MakePlanForm(OnceForm):
    """From which template, and from which day on."""

    template = forms.ModelChoiceField(PlanTemplate.objects.none(), label=_("Template"), empty_label=None)
    starts_on = DayField(label=_("Starts on"), help_text=_("Due days are working days of ours after it."))

    def __init__(self, *args: Any, templates: list[PlanTemplate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = offer(self, "template", PlanTemplate.objects.filter(pk__in=[t.pk for t in templates]))
        choices.choices = [(template.pk, str(template)) for template in templates]


class StartForm(forms.Form):
    """From which day on the plan runs."""

    starts_on = DayField(label=_("Starts on"))


class OfferForm(forms.Form):
    """Which plans take a change over, and which version of the template was shown."""

    version = forms.IntegerField(min_value=1)
    plans = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, plans: Iterable[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "plans", [(plan.pk, str(plan)) for plan in plans])

    @property
    def seen(self) -> int:
        """The number of the version; 0 where none can be read."""
        return self.cleaned_data.get("version", 0) if self.is_valid() else 0

    @property
    def ticked(self) -> set[int]:
        return set(self.cleaned_data["plans"]) if self.is_valid() else set()
