"""The shape of what is asked about sequences and outreach. Rules are the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lifecycle.recruitment.outreach.models import Kind, Sequence, Step, Touch
from partners.models import Contact, Partner
from prm.forms import OnceForm, offer

LONGEST = 10_000


class BeginForm(OnceForm):
    """By which sequence, and to whom."""

    sequence = forms.ModelChoiceField(Sequence.objects.offered(), label=_("Sequence"), empty_label=None)
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("To"), required=False, empty_label="—")

    def __init__(self, partner: Partner, data: Any = None) -> None:
        people = Contact.objects.current().filter(partner=partner, do_not_contact=False)
        super().__init__(data, initial={"contact": people.first()})
        offer(self, "contact", people)


class TouchForm(forms.Form):
    """The words of one touch."""

    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    text = forms.CharField(
        label=_("Words"), max_length=LONGEST, widget=forms.Textarea({"rows": 7, "class": "form-control"})
    )

    def __init__(self, touch: Touch, data: Any = None) -> None:
        super().__init__(
            data, initial={"subject": touch.subject, "text": touch.text}, auto_id=f"id_{touch.pk}_%s"
        )
        self.fields["subject"].widget.attrs["class"] = "form-control"


class StepForm(forms.Form):
    """One touch of a sequence."""

    kind = forms.ChoiceField(label=_("What"), choices=Kind.choices)
    after_days = forms.IntegerField(
        label=_("Working days after the one before"), min_value=0, max_value=250, initial=3
    )
    subject = forms.CharField(
        label=_("Subject of a mail"),
        max_length=200,
        required=False,
        help_text=_("The first mail needs one; those after it answer in the same conversation."),
    )
    text = forms.CharField(
        label=_("Words"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "The mail, or what to do. Filled in: {contact}, {contact first name}, {partner}, {me}. "
            "What only the writer can say stands in [[double brackets]]."
        ),
    )

    @classmethod
    def of(cls, step: Step, data: Any = None) -> StepForm:
        names = ("kind", "after_days", "subject", "text")
        return cls(data, initial={name: getattr(step, name) for name in names}, auto_id=f"id_{step.pk}_%s")
