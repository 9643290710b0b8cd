"""The shape of what is typed about a joint plan. Rules are the verbs'."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models import Partner
from prm import money
from prm.forms import DayField, OnceForm, choose_from, offer
from prm.quarters import Quarter
from reviews.planning.company import Wanted as WantedOfCompany
from reviews.planning.measures import MEASURES
from reviews.planning.models import CompanyObjective, Goal, Objective, Target
from reviews.planning.objectives import Wanted as WantedObjective
from reviews.planning.targets import Wanted as WantedTarget
from team.colleague_field import ColleagueField

SHARED = _("The partner reads it.")
LARGEST = 10**9


def _words(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea({"rows": rows}), **more)


class GoalForm(OnceForm):
    """What a partner wants, and what we do for it."""

    text = forms.CharField(label=_("Its goal"), max_length=300, help_text=_("In the partner’s own words."))
    ours = _words(_("What we do for it"), required=False, help_text=SHARED)


class ObjectiveForm(OnceForm):
    """An objective, or an experiment."""

    text = forms.CharField(label=_("What both want to reach"), max_length=300, help_text=SHARED)
    trying = _words(_("What we try"), help_text=SHARED)
    how_we_know = _words(_("How we will know"), help_text=SHARED)
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until"), help_text=_("Two to three years; an experiment is shorter."))
    goal = forms.ModelChoiceField(
        Goal.objects.none(), label=_("For which goal of theirs"), required=False, empty_label="–"
    )
    serves = forms.ModelChoiceField(
        CompanyObjective.objects.none(),
        label=_("Which objective of ours it serves"),
        required=False,
        empty_label="–",
        help_text=_("For us alone."),
    )
    note = _words(_("Note"), required=False, help_text=_("For us alone: the partner never reads it."))

    def __init__(self, partner: Partner, is_experiment: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_experiment = is_experiment
        offer(self, "goal", partner.goals.filter(state=Goal.State.OPEN))
        offer(self, "serves", CompanyObjective.objects.filter(dropped_at=None))
        if not is_experiment:
            del self.fields["trying"], self.fields["how_we_know"]

    def wanted(self, copied_from: Objective | None = None) -> WantedObjective:
        given = {name: value for name, value in self.cleaned_data.items() if name != "once"}
        return WantedObjective(**given, is_experiment=self.is_experiment, copied_from=copied_from)


class EndForm(OnceForm):
    """What came of an objective."""

    state = forms.ChoiceField(
        label=_("What came of it"), choices=Objective.State.choices[1:], widget=forms.RadioSelect
    )
    result = _words(_("Result"), help_text=_("What came of it, and what was learnt. The partner reads it."))


class MarkForm(OnceForm):
    """What should be true by a day."""

    on = DayField(label=_("By"), help_text=_("Mostly the last day of a year."))
    text = forms.CharField(label=_("What should be true by then"), max_length=300, help_text=SHARED)


class _AmountForm(OnceForm):
    """How much is wanted, read once the measure is known."""

    wanted = money.AmountField(
        label=_("How much"), help_text=_("A number; an amount for what is won; per cent for satisfaction.")
    )

    def read(self, measure: str, currency: str) -> int | None:
        """The number that was typed; None where the field says what is wrong with it."""
        typed = self.cleaned_data.get("wanted", "")
        found = MEASURES.get(measure)
        if found is None or not typed:
            return None
        if found.is_money:
            self.cleaned_data["currency"] = currency
            return money.read_into(self, "wanted", "currency")
        if not typed.isascii() or not typed.isdigit() or int(typed) > LARGEST:
            self.add_error("wanted", _("Write a whole number, such as 3."))
            return None
        return int(typed)


class TargetForm(_AmountForm):
    """How much of a measure a quarter should bring."""

    quarter = forms.TypedChoiceField(label=_("Quarter"), coerce=date.fromisoformat)
    measure = forms.ChoiceField(label=_("Measure"))
    currency = money.CurrencyField(
        initial="EUR", help_text=_("For what is won: only deals in it count, none is converted.")
    )
    objective = forms.ModelChoiceField(
        Objective.objects.none(), label=_("Towards which objective"), required=False, empty_label="–"
    )
    field_order = ["quarter", "measure", "wanted", "currency", "objective"]

    def __init__(self, partner: Partner, quarters: Sequence[Quarter], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "quarter", [(each.first.isoformat(), each.name) for each in quarters])
        choose_from(self, "measure", [(each.key, each.name) for each in MEASURES.values()])
        offer(self, "objective", partner.objectives.running())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["wanted"] = self.read(cleaned.get("measure", ""), cleaned.get("currency", ""))
        return cleaned

    @property
    def asked(self) -> WantedTarget:
        given = self.cleaned_data
        return WantedTarget(
            given["measure"], given["wanted"], given["quarter"], given["currency"], given["objective"]
        )


class TargetChangeForm(_AmountForm):
    """Another amount for a target."""

    objective = forms.ModelChoiceField(
        Objective.objects.none(), label=_("Towards which objective"), required=False, empty_label="–"
    )

    def __init__(self, target: Target, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        offer(self, "objective", target.partner.objectives.running())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["wanted"] = self.read(self.target.measure, self.target.currency)
        return cleaned


class CompanyObjectiveForm(OnceForm):
    """What the company wants to reach."""

    text = forms.CharField(label=_("Objective"), max_length=300)
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    owner = ColleagueField(label=_("Who answers for it"), empty_label=None)

    def __init__(self, years: Sequence[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "year", years)

    @property
    def wanted(self) -> WantedOfCompany:
        return WantedOfCompany(*(self.cleaned_data[name] for name in ("text", "year", "owner")))
