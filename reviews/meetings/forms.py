"""The shape of what is asked about reviews. Rules are the verbs'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.models import Commitment
from partners.models import Contact, Partner, Tier
from prm.forms import DayField, ManyField, OnceForm, offer
from reviews.meetings.actions import Wanted
from reviews.models import Action, Every, Review
from team.colleague_field import ColleagueField, ColleaguesField, offer_several
from team.models import User


def _words(label: Any, most: int = 2000, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea({"rows": rows}), **more)


class MoveForm(OnceForm):
    """To which day, who wanted that, and why."""

    to = DayField(label=_("New day"))
    side = forms.ChoiceField(label=_("Who moves it"), choices=Review.Side.choices)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class CancelForm(OnceForm):
    """Who cancels it, and why."""

    side = forms.ChoiceField(label=_("Who cancels it"), choices=Review.Side.choices)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class OutcomeForm(OnceForm):
    """What came of it."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Review.Outcome.choices, widget=forms.RadioSelect)
    note = _words(
        _("Words"),
        required=False,
        help_text=_("Internal until you share it. For a repair: what good looks like."),
    )
    look_again_on = DayField(label=_("Look again on"), required=False, help_text=_("For a repair."))


class RhythmForm(OnceForm):
    """From which day reviews are counted, and how often they are."""

    anchor_on = DayField(label=_("Counted from"))
    months = forms.TypedChoiceField(
        label=_("How often"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("as its tier")), *Every.choices],
    )


class CadencesForm(forms.Form):
    """How often the partners of each tier are reviewed."""

    def __init__(self, tiers: Iterable[Tier], now: dict[int, int], data: Any = None) -> None:
        super().__init__(data)
        for tier in tiers:
            self.fields[f"tier_{tier.pk}"] = forms.TypedChoiceField(
                label=f"{tier.programme}: {tier}", coerce=int, choices=Every.choices, initial=now[tier.pk]
            )

    @property
    def chosen(self) -> dict[int, int]:
        """Months by tier."""
        return {int(name.removeprefix("tier_")): months for name, months in self.cleaned_data.items()}


class ReadersForm(OnceForm):
    """Who there gets the address of the packet."""

    to = ManyField(Contact.objects.none(), label=_("To"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, partner: Partner, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.current().filter(partner=partner, do_not_contact=False).exclude(email="")
        offer_many(self, "to", people)


class MinutesForm(OnceForm):
    """What was said, and who was there; `action` is one more thing to be done."""

    minutes = _words(_("Minutes"), most=50_000, rows=14, required=False)
    on = DayField(label=_("Held on"))
    came = ManyField(
        Contact.objects.none(), label=_("Of theirs"), required=False, widget=forms.CheckboxSelectMultiple
    )
    came_of_us = ColleaguesField(label=_("Of us"), required=False)
    action = forms.CharField(label=_("One more action"), max_length=300, required=False)

    def __init__(self, partner: Partner, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_many(self, "came", Contact.objects.current().filter(partner=partner))
        offer_several(self, "came_of_us", User.objects.current())


Offered = tuple[Any, list[tuple[int, str]]]  # rows, and their choices: read once for all actions


class ActionForm(forms.Form):
    """Who does what by when."""

    text = forms.CharField(label=_("Action"), max_length=300)
    side = forms.ChoiceField(label=_("Whose"), choices=Commitment.Side.choices)
    owner = ColleagueField(label=_("Of us"), required=False, empty_label="–")
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Of theirs"), required=False)
    due_on = DayField(label=_("By"), required=False)

    def __init__(self, action: Action, people: Offered, colleagues: list[User], data: Any = None) -> None:
        first = {name: getattr(action, name) for name in self.base_fields}
        super().__init__(data, prefix=f"a{action.pk}", initial=first)
        self.action = action
        rows, choices = people
        offer(self, "contact", rows).choices = [("", "–"), *choices]
        owner = self.fields["owner"]
        assert isinstance(owner, ColleagueField)
        owner.some = colleagues

    @property
    def wanted(self) -> Wanted:
        return Wanted(**self.cleaned_data)


class NameForm(forms.Form):
    """A typed name under the minutes."""

    name = forms.CharField(label=_("Your full name"), max_length=120)


class TopicForm(OnceForm):
    """Something to be talked about."""

    topic = forms.CharField(label=_("Topic"), max_length=300)


def offer_many(form: forms.BaseForm, name: str, rows: Any) -> None:
    """Let a field of the form choose several among these rows."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelMultipleChoiceField)
    field.queryset = rows
