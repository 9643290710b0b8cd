"""The draft of a profile as a plain form: thresholds, and a row for each criterion."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _

from partners import profiles, rules
from partners.facts import FACTS
from partners.models import Criterion, PartnerType, Profile
from partners.profiles import Entry
from partners.scoring import Thresholds
from partners.starters import STARTERS

MOST_CRITERIA = 40
BOUNDS = ("strong_at", "possible_at", "weak_at")
HINTS = {
    Criterion.Kind.NUMBER: "Points along the number: 0=0, 50=0.5, 200=1. Straight between, level outside.",
    Criterion.Kind.CHOICE: "What each option earns: Gold=1, Silver=0.5, other=0.",
    Criterion.Kind.YES_NO: "Which answer earns the points: yes or no.",
    Criterion.Kind.OVERLAP: "What is wanted: Health, Retail. The share of it that is there is earned.",
    Criterion.Kind.RATING: "Nothing: each step from 0 to 5 earns a fifth.",
}


def _sources() -> list[tuple[str, str]]:
    kinds = dict(Criterion.Kind.choices)
    return [
        ("", "a person rates it"),
        *((key, f"{fact.label} ({str(kinds[fact.kind]).lower()})") for key, fact in FACTS.items()),
    ]


class StartForm(forms.Form):
    """Which profile a draft is started for, and from what."""

    kind = forms.ModelChoiceField(PartnerType.objects.all(), required=False)
    starter = forms.ChoiceField(
        choices=[("", "nothing"), *((key, starter.name) for key, starter in STARTERS.items())], required=False
    )


class DraftForm(forms.Form):
    """Where the verdicts begin, and why this version is made; how far each threshold `moved` from the version
    that holds, where the page tells it."""

    moved: dict[str, Any]

    strong_at = forms.IntegerField(label="Strong fit from", min_value=1, max_value=100)
    possible_at = forms.IntegerField(label="Possible fit from", min_value=1, max_value=100)
    weak_at = forms.IntegerField(label="Weak fit from", min_value=0, max_value=100)
    why = forms.CharField(
        label="Why this change", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            for wrong in profiles.wrong_bounds(self.bounds()):
                self.add_error("strong_at", wrong)
        return cleaned

    def bounds(self) -> Thresholds:
        return Thresholds(*(self.cleaned_data[name] for name in BOUNDS))

    def written(self, name: str) -> int | None:
        """A threshold as it is written; None where that cannot be read."""
        told: int | None = (self.cleaned_data if self.is_bound else self.initial).get(name)
        return told


class CriterionForm(forms.Form):
    """One criterion, its rule as a person writes it."""

    name = forms.CharField(max_length=120)
    weight = forms.IntegerField(min_value=1, max_value=10_000, initial=10)
    kind = forms.ChoiceField(choices=Criterion.Kind.choices, initial=Criterion.Kind.RATING)
    source = forms.ChoiceField(label="Answered by", choices=_sources, required=False)
    rule = forms.CharField(
        required=False, max_length=4000, strip=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    must_have = forms.BooleanField(label="Must-have", required=False)
    met_from = forms.CharField(
        label="Met from",
        required=False,
        max_length=10,
        help_text="For a must-have: the share of points that is enough, like 0.6 or 60 %. Empty: any points.",
    )
    help = forms.CharField(label="Help for whoever rates", required=False, max_length=300)
    key = forms.SlugField(
        required=False,
        max_length=60,
        help_text="Answers carry over to the next version by this key. Empty: made from the name.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["key"] = cleaned.get("key") or slugify(cleaned.get("name", ""))[:60]
        if not cleaned["key"] and "name" not in self.errors:
            self.add_error("key", "Give it a key of Latin letters, digits and hyphens.")
        fact = FACTS.get(cleaned.get("source", ""))
        if fact is not None and cleaned.get("kind") != fact.kind:
            wanted = Criterion.Kind(fact.kind).label
            self.add_error("kind", f"{fact.label} from the record needs “{wanted}”.")
        self._read(cleaned)
        return cleaned

    def _read(self, cleaned: dict[str, Any]) -> None:
        for field, read in (("rule", self._rule), ("met_from", self._met_from)):
            try:
                read(cleaned)
            except rules.RuleUnreadable as refusal:
                self.add_error(field, str(refusal))

    def _rule(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("kind"):
            cleaned["kept"] = rules.read(cleaned["kind"], cleaned.get("rule", ""))

    def _met_from(self, cleaned: dict[str, Any]) -> None:
        share = rules.passing_share(cleaned.get("met_from", ""))
        if share is not None and "kept" in cleaned:
            cleaned["kept"] |= {"passes_at": share}

    @property
    def is_open(self) -> bool:
        """Whether more than its weight is to be looked at."""
        return any(name != "weight" for name in self.errors)

    @property
    def told(self) -> str:
        """What opens with it: of which kind, answered by whom, whether a must-have."""
        kinds, sources = dict(Criterion.Kind.choices), dict(_sources())
        told = [kinds.get(self["kind"].value(), ""), sources.get(self["source"].value() or "", "")]
        told += [_("must-have")] if self["must_have"].value() else []
        return " · ".join(str(words) for words in told if words)

    def entry(self) -> Entry:
        """The criterion as the verb takes it."""
        cleaned = self.cleaned_data
        return Entry(
            cleaned["key"],
            cleaned["name"],
            cleaned["kind"],
            cleaned["weight"],
            cleaned["kept"],
            cleaned["source"],
            cleaned["must_have"],
            cleaned["help"],
        )


CriteriaForms = forms.formset_factory(
    CriterionForm,
    extra=1,
    can_order=True,
    can_delete=True,
    max_num=MOST_CRITERIA,
    validate_max=True,
)


class PublishForm(forms.Form):
    """Why this version is published; asked once more before it is."""

    why = forms.CharField(
        label="Why this change",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everybody who reads the profile sees it.",
    )

    def __init__(self, data: Any, draft: Profile, former: Profile | None) -> None:
        super().__init__(data, initial={"why": draft.why})
        if former is not None:
            why = self.fields["why"]
            why.required, why.error_messages["required"] = True, profiles.why_wanted(draft, former)


def entries_of(rows: forms.BaseFormSet) -> list[Entry]:
    """The criteria that stay, in the order of their positions."""
    return [row.entry() for row in rows.ordered_forms]


def thresholds_of(draft: Profile) -> dict[str, Any]:
    """What the form for a draft begins with."""
    return {name: getattr(draft, name) for name in (*BOUNDS, "why")}


def rows_of(draft: Profile) -> list[dict[str, Any]]:
    """What the rows for its criteria begin with."""
    return [
        {
            "name": each.name,
            "weight": each.weight,
            "kind": each.kind,
            "source": each.source,
            "rule": rules.written(each.kind, each.rule),
            "must_have": each.must_have,
            "met_from": "" if (share := each.rule.get("passes_at")) is None else f"{share:g}",
            "help": each.help,
            "key": each.key,
        }
        for each in profiles.criteria(draft)
    ]
