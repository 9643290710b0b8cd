"""What people type when they decide, contest, or set how it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from conversations import decision_kinds
from conversations.models import Decision, DecisionKind, Matter, Policy
from conversations.policy_form import hours_field, typed
from partners.models import Contact, Partner
from prm.forms import OnceForm, choose_from, offer
from prm.money import AmountField, CurrencyField, Money, read_into
from team.models import Calendar, Role

Answer = Decision.Answer
LONGEST = 5000  # letters


class DecideForm(forms.Form):
    """Yes or no, with a reason chosen, written, or both. `seen` is the version that was looked at."""

    answer = forms.ChoiceField(choices=Answer.choices)
    chosen = forms.ChoiceField(label="Reason", required=False)
    words = forms.CharField(
        label="In your own words",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text="Whoever asked reads it.",
    )
    sort = forms.ChoiceField(label="Keep the no under", required=False, help_text="For us alone, to count.")
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    field_order = ["answer", "sort"]

    def __init__(self, data: Any = None, *, matter: Matter, sorts: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(data, auto_id=f"m{matter.pk}_%s", initial={"seen": matter.version})
        offered = matter.kind.reasons.all()
        self.of_answer = {each.words: each.answer for each in offered}
        groups = [
            (label, [(each.words, each.words) for each in offered if each.answer == answer])
            for answer, label in ((Answer.NO, "For a no"), (Answer.YES, "For a yes"))
        ]
        choose_from(self, "chosen", [("", "Choose, or write below"), *groups])
        offer_sorts(self, sorts)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen, answer = cleaned.get("chosen"), cleaned.get("answer")
        if chosen and answer and self.of_answer.get(chosen) != answer:
            self.add_error("chosen", f"These words are for the other answer; you said {answer}.")
        if answer == Answer.NO and not chosen and not cleaned.get("words"):
            self.add_error("words", "Say why not: whoever asked reads it.")
        need_sort(self, answer)
        return cleaned

    @property
    def reason(self) -> str:
        """Chosen and written words of the valid form."""
        return "\n\n".join(filter(None, [self.cleaned_data["chosen"], self.cleaned_data["words"]]))


def offer_sorts(form: forms.Form, sorts: Sequence[tuple[str, str]]) -> None:
    """Let a no be kept under one of these; nothing is asked where there are none."""
    if sorts:
        choose_from(form, "sort", [("", "Choose"), *sorts])
    else:
        del form.fields["sort"]


def need_sort(form: forms.Form, answer: str | None) -> None:
    if answer == Answer.NO and "sort" in form.fields and not form.cleaned_data.get("sort"):
        form.add_error("sort", "Choose what the no is kept under.")


class ContestForm(OnceForm):
    """Why a decision should be another one, as it came from the partner; and from whom."""

    words = forms.CharField(
        label="What they say",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 5}),
    )
    contact = forms.ModelChoiceField(Contact.objects.none(), label="Who says it", required=False)

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contact", Contact.objects.current().filter(partner=partner).order_by("name", "pk"))


class KindForm(forms.Form):
    """How soon something is decided, by whom, and until when a no can be contested."""

    name = forms.CharField(label="Name", max_length=80)
    mode = forms.ChoiceField(label="The clock runs", choices=Policy.Mode, widget=forms.RadioSelect)
    hours = hours_field("Hours to a decision", "On working days 24 hours are one day.")
    calendar = forms.ModelChoiceField(
        Calendar.objects.all(), label="Working time", required=False, empty_label="The company’s"
    )
    warn_percent = forms.IntegerField(
        label="Warn after this share of the time, in percent", min_value=1, max_value=99
    )
    lead_hours = hours_field("The lead of who decides hears after, in working hours", least="0")
    head_after_days = forms.IntegerField(
        label="The heads hear after, in working days", min_value=0, max_value=60, required=False
    )
    lead_decides = forms.BooleanField(
        label="The lead of who asks decides, where there is one",
        required=False,
        help_text="For a partner that asks, the lead of its owner.",
    )
    roles = forms.MultipleChoiceField(
        label="Else these roles",
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Where nobody is left, the heads. Nobody decides about what they ask for themselves.",
    )
    appeal_days = forms.IntegerField(
        label="Days in which a no can be contested",
        min_value=1,
        max_value=365,
        required=False,
        help_text="Empty: it is final. What is contested is decided by a second person.",
    )

    def __init__(self, data: Any = None, *, kind: DecisionKind) -> None:
        super().__init__(data, initial=_typed(kind))
        if not decision_kinds.named(kind.key).of_partner:
            del self.fields["appeal_days"]

    @property
    def settings(self) -> dict[str, Any]:
        """What the valid form says, as `decision_kinds.change` takes it."""
        said = dict(self.cleaned_data)
        seconds = round(said.pop("hours") * 3600)
        said |= {"first_seconds": seconds, "next_seconds": seconds}
        said["lead_after_seconds"] = round(said.pop("lead_hours") * 3600)
        said["warn_share"] = Decimal(said.pop("warn_percent")) / 100
        said.setdefault("appeal_days", None)
        return said


def _typed(kind: DecisionKind) -> dict[str, Any]:
    promise = decision_kinds.promise_of(kind)
    terms = {
        name: getattr(promise, name)
        for name in (
            *("mode", "first_seconds", "next_seconds"),
            *("warn_share", "lead_after_seconds", "head_after_days"),
        )
    }
    said = typed(terms)
    return said | {
        "name": kind.name,
        "hours": said["first_hours"],
        "calendar": kind.calendar_id,
        "lead_decides": kind.lead_decides,
        "roles": [each.role for each in kind.approvals.all() if not each.currency],
        "appeal_days": kind.appeal_days,
    }


class ReasonWordsForm(forms.Form):
    """Words to choose from."""

    answer = forms.ChoiceField(label="For a", choices=Answer.choices)
    words = forms.CharField(label="Words", max_length=300)


class ThresholdForm(forms.Form):
    """From which amount on a role decides."""

    amount = AmountField(label="From")
    currency = CurrencyField()
    role = forms.ChoiceField(label="Decides", choices=Role.choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        minor = read_into(self, "amount", "currency")
        if minor == 0:
            self.add_error("amount", "Say an amount above zero.")
        elif minor is not None:
            cleaned["asked"] = Money(minor, cleaned["currency"])
        return cleaned
