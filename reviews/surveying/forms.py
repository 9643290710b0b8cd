"""What is typed about surveys: a new round, an answer to one, what we say to all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.forms.fields import LinesField
from partners.models import Contact, PartnerType, Tier
from prm.forms import ManyField, OnceForm
from reviews.surveying.models import Behaviour, Survey, SurveyQuestion
from reviews.surveying.surveys import Outline
from team.models import Region

Scale = SurveyQuestion.Scale
SAYS = 5000
MANY = forms.CheckboxSelectMultiple


class TiersField(ManyField):
    """Tiers by the programmes they are of."""

    def label_from_instance(self, tier: Tier) -> str:
        return f"{tier.programme}: {tier}"


class RoundForm(OnceForm):
    """A new round: what it asks, whom, and how the answers are kept."""

    title = forms.CharField(
        max_length=120, label=gettext_lazy("Title"), help_text=gettext_lazy("Those who are asked read it.")
    )
    kind = forms.ChoiceField(choices=Survey.Kind.choices, label=gettext_lazy("What it asks about"))
    behaviours = forms.MultipleChoiceField(
        choices=Behaviour.choices,
        required=False,
        widget=MANY,
        label=gettext_lazy("How we work: which behaviours"),
        help_text=gettext_lazy("At most three; only for “How we work”."),
    )
    own = LinesField(
        each=forms.CharField(max_length=300),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        label=gettext_lazy("Own questions, one on each line"),
        help_text=gettext_lazy(
            "Up to five; only for “Own questions”. Answered from 1 to 5; a line that ends in “…” in words."
        ),
    )
    words = forms.CharField(
        max_length=SAYS,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        label=gettext_lazy("What stands above the questions"),
    )
    is_confidential = forms.ChoiceField(
        choices=[
            ("", gettext_lazy("Attributed: we read who answered what, and reply")),
            ("yes", gettext_lazy("Confidential: only figures of five or more answers")),
        ],
        required=False,
        label=gettext_lazy("How the answers are kept"),
        help_text=gettext_lazy("The invitation says it. It cannot be switched once it is sent."),
    )
    cut = forms.ChoiceField(
        choices=[("", gettext_lazy("Not at all")), *Survey.Cut.choices],
        required=False,
        label=gettext_lazy("A confidential one is broken down by"),
        help_text=gettext_lazy("One way, settled now: of two, one answer could be worked out."),
    )
    types = ManyField(
        PartnerType.objects.filter(retired_at=None),
        required=False,
        widget=MANY,
        label=gettext_lazy("Partner types"),
        help_text=gettext_lazy("None ticked: all. People of live partners are asked."),
    )
    tiers = TiersField(
        Tier.objects.filter(retired_at=None).select_related("programme"),
        required=False,
        widget=MANY,
        label=gettext_lazy("Tiers"),
    )
    regions = ManyField(
        Region.objects.filter(retired_at=None), required=False, widget=MANY, label=gettext_lazy("Regions")
    )
    roles = forms.MultipleChoiceField(
        choices=Contact.Role.choices, required=False, widget=MANY, label=gettext_lazy("Roles of people")
    )
    size = forms.IntegerField(
        min_value=1,
        max_value=100_000,
        required=False,
        label=gettext_lazy("How many to draw"),
        help_text=gettext_lazy("Empty: all who may be asked."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if kind == Survey.Kind.HOW and not 1 <= len(cleaned.get("behaviours", ())) <= 3:
            self.add_error("behaviours", _("Choose one to three."))
        if kind == Survey.Kind.OWN and "own" in cleaned and not 1 <= len(cleaned["own"]) <= 5:
            self.add_error("own", _("Write one to five questions, one on each line."))
        if cleaned.get("cut") and not cleaned.get("is_confidential"):
            self.add_error("cut", _("An attributed round can be broken down in every way later: leave this."))
        return cleaned

    @property
    def narrows(self) -> bool:
        """Whether it names some partners or people, or something is wrong with those."""
        names = ("types", "tiers", "regions", "roles")
        return any(self[name].value() or self[name].errors for name in names)

    @property
    def outline(self) -> Outline:
        typed = self.cleaned_data
        who = {name: [each.pk for each in typed[name]] for name in ("types", "tiers", "regions")}
        own = [(line, Scale.WORDS if line.endswith(("…", "...")) else Scale.FIVE) for line in typed["own"]]
        return Outline(
            title=typed["title"],
            kind=typed["kind"],
            words=typed["words"],
            is_confidential=bool(typed["is_confidential"]),
            cut=typed["cut"],
            behaviours=typed["behaviours"],
            own=own,
            who=who | {"roles": typed["roles"]},
            size=typed["size"],
        )


class AnswerForm(OnceForm):
    """The questions of a survey, and a comment. `chosen` is the mark a link in the mail stood for."""

    comment = forms.CharField(
        max_length=SAYS,
        required=False,
        label=gettext_lazy("Anything you want to add"),
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args: Any, asked: list[SurveyQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        comment = self.fields.pop("comment")
        for question in asked:
            self.fields[_name(question)] = _field(question)
        self.fields["comment"] = comment

    @property
    def answers(self) -> dict[int, int | str | None]:
        """By question what was answered; None where it was left open."""
        return {each.pk: self.cleaned_data.get(_name(each)) for each in self.asked}

    @property
    def parts(self) -> list[tuple[SurveyQuestion, forms.BoundField]]:
        return [(each, self[_name(each)]) for each in self.asked]


def _name(question: SurveyQuestion) -> str:
    return f"q{question.pk}"


def initial(asked: list[SurveyQuestion], given: dict[int, Any], comment: str = "") -> dict[str, Any]:
    """What stands in the form at first, by the question's key."""
    return {_name(each): given[each.pk] for each in asked if each.pk in given} | {"comment": comment}


def _field(question: SurveyQuestion) -> forms.Field:
    if question.scale == Scale.WORDS:
        return forms.CharField(
            max_length=SAYS, required=False, label=question.words, widget=forms.Textarea({"rows": 3})
        )
    return forms.TypedChoiceField(
        choices=[(step, str(step)) for step in question.steps],
        coerce=int,
        empty_value=None,
        required=False,
        label=question.words,
        widget=forms.RadioSelect,
    )


class PublicAnswerForm(OnceForm):
    """What we say to all who were asked."""

    words = forms.CharField(
        max_length=SAYS,
        label=gettext_lazy("What you say to all who were asked"),
        widget=forms.Textarea({"rows": 4}),
    )
