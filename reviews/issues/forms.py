"""The shape of what is asked about issues. Rules are the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.models import Policy
from conversations.policy_form import HOUR, hours_field
from partners.models import Contact, Partner
from prm.forms import OnceForm, offer
from reviews.issues.models import Cause, Issue, Severity
from reviews.issues.promises import Promise
from team.colleague_field import ColleagueField

LONGEST = 10_000  # letters


def _words(label: Any, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea({"rows": rows}), **more)


class RaiseForm(OnceForm):
    """What is wrong, and how much it hinders."""

    title = forms.CharField(label=_("What is wrong"), max_length=200)
    words = _words(_("More of it"), required=False)
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=Severity.choices,
        initial=Severity.SERIOUS,
        help_text=_("Critical: work has stopped. Serious: it hinders. Minor: it can wait."),
    )


class OurRaiseForm(RaiseForm):
    """The same, written down by us."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("With whom there"),
        required=False,
        empty_label=_("nobody in particular"),
        help_text=_("They are written to that it is open. Nobody: it stands in their portal only."),
    )
    owner = ColleagueField(
        label=_("Who sees to it"),
        required=False,
        empty_label=_("whoever looks after the partner"),
    )

    def __init__(self, partner: Partner, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.current().filter(partner=partner)
        offer(self, "contact", people.order_by("name", "pk"))


class HandForm(OnceForm):
    """Who sees to it from now on."""

    to = ColleagueField(label=_("To whom"))
    note = _words(
        _("What they should know"), required=False, help_text=_("It stands in the conversation, for us only.")
    )


class EscalateForm(OnceForm):
    """Before whom, and why."""

    to = ColleagueField(label=_("Before whom"))
    why = forms.CharField(label=_("Why"), max_length=300, help_text=_("What you need of them. For us only."))


class RegradeForm(OnceForm):
    """Another severity, and why."""

    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    why = forms.CharField(label=_("Why"), max_length=300)


class SolveForm(OnceForm):
    """How it was solved, and why it had come about."""

    words = _words(_("Resolution"), help_text=_("The partner reads it, and can open the issue again."))
    cause = forms.ModelChoiceField(
        Cause.objects.none(), label=_("Cause"), help_text=_("Why it came about, to be counted. For us only.")
    )
    tell = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Tell"),
        required=False,
        empty_label=_("nobody: it stands in their portal"),
    )

    def __init__(self, issue: Issue, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "cause", Cause.objects.filter(retired_at=None))
        people = Contact.objects.current().filter(partner=issue.partner_id)
        offer(self, "tell", people.order_by("name", "pk"))


class AgainForm(OnceForm):
    """What is still wrong."""

    why = _words(_("What is still wrong"), rows=3)


class PromisesForm(forms.Form):
    """How soon issues of each severity are solved, and how long they can be opened again."""

    reopen_days = forms.IntegerField(
        label=_("Days in which the partner can open a solved issue again"), min_value=1, max_value=365
    )

    def __init__(self, now: dict[str, Policy], days: int, data: Any = None) -> None:
        super().__init__(data, initial={"reopen_days": days})
        for severity, policy in now.items():
            name = Severity(severity).label
            hours = hours_field(f"{name}: hours to the resolution")
            hours.initial = f"{policy.next_seconds / HOUR:g}"
            self.fields[f"{severity}_hours"] = hours
            self.fields[f"{severity}_mode"] = forms.ChoiceField(
                label=f"{name}: the clock runs", choices=Policy.Mode.choices, initial=policy.mode
            )
        self.order_fields([*(name for name in self.fields if name != "reopen_days"), "reopen_days"])

    @property
    def promised(self) -> dict[str, Promise]:
        """What the valid form promises, by severity."""
        said = self.cleaned_data
        return {
            severity: Promise(said[f"{severity}_mode"], round(said[f"{severity}_hours"] * HOUR))
            for severity in Severity.values
        }
