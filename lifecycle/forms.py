"""The shape of what is asked on the road's pages. Rules are the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms

from lifecycle import gates
from lifecycle.models import Evidence, Plan, Task
from lifecycle.transitions import SIDES
from partners.models import EndReason, Partner, Stage
from prm.forms import DayField, OnceForm, offer
from team.colleague_field import ColleagueField


def _words(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea({"rows": 3}), max_length=2000, **more)


class AdvanceForm(forms.Form):
    """Where to; `seen` is where the page showed it; `reason` overrides a gate or names the end."""

    to = forms.ChoiceField(label="To", choices=[(place.value, place.label) for place in gates.PLACES])
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))


class EvidenceForm(OnceForm):
    """A dated fact, with a note and perhaps a file."""

    kind = forms.ChoiceField(label="What", choices=Evidence.Kind.choices)
    on = DayField(label="Day")
    note = _words("Note", required=False)
    file = forms.FileField(
        label="File", required=False, help_text="PDF, picture, office file or text; 10 MB."
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="Reason", max_length=300)


class ReopenForm(forms.Form):
    """Why a declined prospect is talked with again."""

    reason = forms.CharField(label="Reason", max_length=300, required=False)


class ParkForm(forms.Form):
    """Until when, and why."""

    until = DayField(label="Until", help_text="On this day it comes back by itself.")
    reason = forms.CharField(label="Reason", max_length=300, required=False)


class EndForm(forms.Form):
    """Why it ends. The reasons are a list under Settings."""

    end_reason = forms.ModelChoiceField(EndReason.objects.filter(retired_at=None), label="Reason")
    note = _words("Note", required=False)


class DeclineForm(EndForm):
    """Who says no, and why, in words that the partner may read."""

    side = forms.ChoiceField(
        label="Declined", choices=[(key, side.word) for key, side in SIDES.items()], initial="us"
    )
    note = _words("Reason in words", required=False, help_text="Written so that the partner may read it.")
    field_order = ["side", "end_reason", "note"]


class PlanField(forms.ModelChoiceField):
    """Plans by their name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class TaskForm(OnceForm):
    """A step of the plan."""

    text = forms.CharField(label="Task", max_length=300)
    side = forms.ChoiceField(label="Whose", choices=Task.Side.choices, initial=Task.Side.OURS)
    owner = ColleagueField(label="Owner", required=False)
    due_on = DayField(label="Due", required=False)
    is_required = forms.BooleanField(
        label="Required", required=False, help_text="Growth waits for it while it is open."
    )
    stage = forms.ChoiceField(
        label="Stage",
        choices=[(stage.value, stage.label) for stage in Stage if stage != Stage.ENDED],
        initial=Stage.ONBOARDING,
    )

    plan = PlanField(
        Plan.objects.none(),
        label="Plan",
        required=False,
        empty_label="none: a task by itself",
        help_text="The partner sees what belongs to a plan.",
    )

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = Plan.objects.running().filter(partner=partner).select_related("template")
        offer(self, "plan", running)
        self.fields["owner"].help_text = "Left empty, one of ours is the partner owner’s."


class ChangeTaskForm(forms.Form):
    """What of one task may change."""

    text = forms.CharField(label="Task", max_length=300)
    owner = ColleagueField(label="Owner", required=False)
    due_on = DayField(label="Due", required=False)
